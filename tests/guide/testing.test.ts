import { expectState, TestServer } from "tickcast/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { tag, tagRoom } from "./tag.ts";
import { bot } from "./tag-bot.ts";

let server: TestServer;
beforeEach(async () => {
  server = await TestServer.start({ rooms: [tagRoom], seed: 7 });
});
afterEach(() => server.stop());

test("inputs are held until they change, or pressed for one tick", async () => {
  const ada = await server.connect(tag, "/tag", { name: "Ada" });
  ada.room.input({ run: 0, jump: true });
  await ada.ticks(5);
  expectState(ada, { players: [{ jumps: 1, x: (x) => x > 0 }] });
});

test("messages reach their handler, events those they are for", async () => {
  const ada = await server.connect(tag, "/tag", { name: "Ada" });
  const grace = await server.connect(tag, "/tag", { name: "Grace" });
  const heard: string[] = [];
  grace.room.on("shout", ({ words }) => heard.push(words));
  ada.room.send("shout", { words: "here!" });
  await ada.ticks(2);
  expect(heard).toEqual(["here!"]);
});

test("a request is answered, or refused by one of its errors", async () => {
  const ada = await server.connect(tag, "/tag", { name: "Ada" });
  expect(await ada.request("hide", {})).toMatchObject({ ok: true });
  ada.room.input({ jump: true });
  await ada.ticks(2);
  expect(await ada.request("hide", {})).toEqual({ ok: false, error: "too-tired" });
});

test("the server's side is there to look at, and to bring about what would take long to play", async () => {
  const ada = await server.connect(tag, "/tag", { name: "Ada" });
  const room = server.room(tag);
  room.player(ada).row.jumps = 200;
  await room.ticks(1);
  expectState(ada, { players: [{ jumps: 200 }] });
  expect(await room.run(({ players }) => players.size)).toBe(1);
});

test("nobody sees another's secret", async () => {
  const ada = await server.connect(tag, "/tag", { name: "Ada" });
  const grace = await server.connect(tag, "/tag", { name: "Grace" });
  await grace.ticks(1);
  expectState(grace, { players: [{ name: "Ada", secret: undefined }, { secret: "Grace's" }] });
  expectState(server.room(tag), { players: [{ secret: "Ada's" }, { secret: "Grace's" }] });
  expect(ada.room.me?.secret).toBe("Ada's");
});

test("on a bad network the game goes on, late but whole", async () => {
  const network = { latencyMs: 80, jitterMs: 40, stallEveryMs: 2_000, stallForMs: 300 };
  const ada = await server.connect(tag, "/tag", { name: "Ada" }, { network });
  await ada.ticks(200);
  expect(ada.room.statistics.ticksMissed).toBe(0);
  ada.network.change({ latencyMs: 0, jitterMs: 0, stallForMs: 0 });
});

test("who is cut returns to their seat, and hears what was said meanwhile", async () => {
  const ada = await server.connect(tag, "/tag", { name: "Ada" });
  const grace = await server.connect(tag, "/tag", { name: "Grace" });
  const heard: string[] = [];
  ada.room.on("shout", ({ words }) => heard.push(words));
  ada.network.goOffline();
  grace.room.send("shout", { words: "where are you?" });
  await grace.ticks(40);
  expect(server.room(tag).player(ada).away).toBe(true);
  ada.network.goOnline();
  await ada.returned();
  await ada.ticks(2);
  expect(heard).toEqual(["where are you?"]);
});

test("a page that is loaded anew takes its seat again", async () => {
  const before = await server.connect(tag, "/tag", { name: "Ada" });
  const { id, token = "", playerId } = before.room;
  before.network.goOffline();
  const after = await server.connect(tag, `/tag/${id}`, { name: "Ada" }, { token });
  expect(after.room.playerId).toBe(playerId);
});

test("who is kicked, or leaves, is gone, and the empty room with the last", async () => {
  const ada = await server.connect(tag, "/tag", { name: "Ada" });
  const grace = await server.connect(tag, "/tag", { name: "Grace" });
  await server.room(tag).kick(ada);
  expectState(grace, { players: [{ name: "Grace" }] });
  await grace.leave();
  expect(server.events.of("playerLeft").map(({ reason }) => reason)).toEqual(["kicked", "left"]);
  expect(server.rooms).toEqual([]);
});

test("bots play as they do in a swarm", async () => {
  const bots = await server.bots(bot, { count: 20 });
  await server.run(10_000);
  expectState(server.room(tag), { players: (rows) => rows.length === bots.length });
  expect([...server.room(tag).state.players].every(({ x }) => x > 50)).toBe(true);
});
