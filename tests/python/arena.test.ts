import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { FaultProxy } from "../../bots/network/fault-proxy.ts";
import { connect } from "../../client/node.ts";
import { arena } from "../../games/arena/arena.ts";
import { arenaRoom } from "../../games/arena/room.ts";
import { WORLD_SIZE } from "../../games/arena/world.ts";
import { GameServer } from "../../server/game-server.ts";
import { defaultLimits } from "../../server/limits.ts";
import type { RoomCore } from "../../server/room/room-core.ts";
import { UwsTransport } from "../../server/transport/uws/uws-transport.ts";
import { NodeClock } from "../../shared/platform/node-clock.ts";
import { seededRandom } from "../../shared/random/seeded-random.ts";
import { seenState } from "../vectors/seen-state.ts";
import { ended, type Line, PythonPlayer, python } from "./python.ts";

/** What the server committed in a player's sight, by player and tick. */
const truth = new Map<string, ReturnType<typeof seenState>>();
const faults: unknown[] = [];
const clock = new NodeClock();
let server: GameServer;
let proxy: FaultProxy;
let port: number;
let url: string;
const players: PythonPlayer[] = [];

const core = (): RoomCore => [...server.matchmaker.rooms.values()][0] as RoomCore;

beforeAll(async () => {
  const random = seededRandom(1);
  let secrets = 0;
  server = new GameServer({
    rooms: [arenaRoom],
    transport: new UwsTransport(defaultLimits),
    clock,
    roomId: () => "arena1",
    secret: () => `secret-${secrets++}`,
    seed: () => Math.floor(random() * 2 ** 32),
  });
  const { bus } = server;
  for (const name of ["hookFailed", "listenerFailed", "transportFailed"] as const)
    bus.on(name, (event: unknown) => void faults.push(event));
  bus.on("tickDone", ({ tick }) => {
    for (const seat of core().seats) truth.set(`${seat.id} ${tick}`, seenState(core(), seat));
  });
  ({ port } = await server.listen({ host: "127.0.0.1", port: 0 }));
  proxy = await FaultProxy.start({ to: { port }, clock, random });
  url = `ws://127.0.0.1:${proxy.port}/arena`;
});

afterAll(async () => {
  await proxy?.close();
  await server?.stop();
});

afterEach(() => {
  // Those of a test that failed.
  for (const player of players.splice(0)) player.child.kill("SIGKILL");
  expect(faults).toEqual([]);
  truth.clear();
});

async function join(name: string): Promise<{ player: PythonPlayer; id: number; row: number }> {
  const player = new PythonPlayer(url, { name });
  players.push(player);
  const { player: id = 0, row = 0 } = await player.until(({ what }) => what === "joined", 0);
  return { player, id, row };
}

/** A mirror is what the server committed, tick by tick. */
function expectTrue(id: number, ticks: readonly Line[]): void {
  expect(ticks.length).toBeGreaterThan(0);
  for (const { tick, hash, state } of ticks) expect({ hash, state }).toEqual(truth.get(`${id} ${tick}`));
}

test("[VEC-6] the Python client mirrors what the server committed in its sight, every tick, beside the SDK", async () => {
  const { player, id, row } = await join("Ada");
  const sdk = await connect(arena, url, { name: "Bob" });
  sdk.onTick((tick) => {
    sdk.input({ move: tick / 10, aim: tick / 5, fire: tick % 8 < 4, dash: tick % 30 === 0 });
  });
  player.do("input", { move: 1, aim: 2, fire: true });
  const ticks = await player.ticks(80);
  expectTrue(id, ticks);
  expect(new Set(ticks.map(({ hash }) => hash)).size).toBeGreaterThan(40);
  expect(ticks.every(({ me }) => me === row)).toBe(true);
  expect(ticks.at(-1)?.statistics).toMatchObject({ ticks_missed: 0 });
  expect(await player.leave()).toEqual({ what: "closed", close: "left" });
  await sdk.leave();
});

test("[VEC-7] its inputs move the row; chat, events and replies come through, both ways", async () => {
  const { player, id, row } = await join("Ada");
  const sdk = await connect(arena, url, { name: "Bob" });
  const ship = () => core().state.find("players", row) as unknown as { x: number; y: number };
  const from = { ...ship() };
  // Away from the nearer wall.
  player.do("input", { move: from.x < WORLD_SIZE / 2 ? 0 : Math.PI });
  await player.ticks(20);
  player.do("input", { move: null });
  const moved = Math.hypot(ship().x - from.x, ship().y - from.y);
  expect(moved).toBeGreaterThan(20);
  const heard = new Promise<{ name: string; text: string }>((resolve) => sdk.on("chat", resolve));
  player.do("send", "chat", { text: "from Python" });
  expect(await heard).toMatchObject({ name: "Ada", text: "from Python" });
  const answer = player.until(
    ({ what, name, value }) => what === "event" && name === "chat" && value?.name === "Bob",
  );
  sdk.send("chat", { text: "from TypeScript" });
  expect((await answer).value).toMatchObject({ text: "from TypeScript" });
  const reply = () => player.until(({ what }) => what === "reply");
  const renamed = reply();
  player.do("request", "rename", { name: "Grace" });
  expect(await renamed).toMatchObject({ ok: true, value: { name: "Grace" } });
  const refused = reply();
  player.do("request", "rename", { name: "Bob" });
  expect((await refused).error).toMatch(/^(taken|too-soon)$/);
  const invalid = reply();
  player.do("request", "rename", { name: 7 });
  expect(await invalid).toMatchObject({ ok: false, error: "invalid" });
  const ticks = await player.ticks(5);
  expectTrue(id, ticks);
  await player.leave();
  await sdk.leave();
});

test("[VEC-8] a connection that is cut comes back to the same row, and what was said meanwhile arrives once", async () => {
  const { player, id, row } = await join("Ada");
  const sdk = await connect(arena, url.replace(`${proxy.port}`, `${port}`), { name: "Bob" });
  const chats: string[] = [];
  sdk.on("chat", ({ text }) => chats.push(text));
  for (let cut = 1; cut <= 3; cut++) {
    // The arena hears one remark in 0.7 s of each player.
    await player.ticks(20);
    const from = player.lines.length;
    proxy.reset();
    await player.until(({ what }) => what === "connection", from);
    player.do("send", "chat", { text: `said while cut ${cut}` });
    sdk.send("chat", { text: `heard after cut ${cut}` });
    await player.until(({ what }) => what === "tick", player.lines.length);
  }
  const ticks = await player.ticks(20);
  expectTrue(id, ticks);
  expect(ticks.every(({ me }) => me === row)).toBe(true);
  expect(ticks.at(-1)?.statistics?.resyncs).toBeGreaterThanOrEqual(3);
  const states = player.lines.filter(({ what }) => what === "connection").map((line) => line);
  expect(states).toMatchObject(
    [1, 2, 3].flatMap(() => [{ state: "reconnecting", close: "abnormal" }, { state: "joined" }]),
  );
  const own = chats.filter((text) => text.startsWith("said"));
  expect(own).toEqual(["said while cut 1", "said while cut 2", "said while cut 3"]);
  const theirs = player.lines.filter(
    ({ name, value }) => name === "chat" && String(value?.text).startsWith("heard"),
  );
  expect(theirs.map(({ value }) => value?.text)).toEqual([
    "heard after cut 1",
    "heard after cut 2",
    "heard after cut 3",
  ]);
  expect(player.lines.filter(({ what }) => what === "lost")).toEqual([]);
  await player.leave();
  await sdk.leave();
});

test("[VEC-9] a process that stands still is paused, and gets all that it missed in one tick", async () => {
  const { player, id, row } = await join("Ada");
  await player.ticks(10);
  player.child.kill("SIGSTOP");
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  player.child.kill("SIGCONT");
  await player.until(({ statistics }) => (statistics?.pauses ?? 0) > 0, player.lines.length);
  const ticks = await player.ticks(20);
  expectTrue(id, ticks);
  expect(ticks.at(-1)).toMatchObject({ me: row, statistics: { ticks_missed: 0 } });
  expect(ticks.at(-1)?.statistics?.resyncs).toBeGreaterThanOrEqual(1);
  await player.leave();
});

describe("[VEC-10] python3 -m tickcast", () => {
  test("plays as a bot, shows a line a second, leaves in time and says so", async () => {
    const { code, stdout, stderr } = await ended(
      python("-m", "tickcast", url, "--name", "Ada", "--bot", "--seconds", "3"),
    );
    expect([code, stderr]).toEqual([0, ""]);
    const lines = stdout.trimEnd().split("\n");
    expect(lines[0]).toMatch(/^joined "arena", room arena1, as player \d+$/);
    expect(lines[1]).toMatch(/^tick \d+ \| rtt [\d.]+ ms \| players \d+ \| .*me name=Ada/);
    expect(lines.at(-1)).toMatch(/^left: \d\d ticks closed, 0 missed$/);
  });

  test("a signal makes it leave", async () => {
    const child = python("-m", "tickcast", url, "--name", "Ada");
    const end = ended(child);
    await new Promise<void>((resolve) => child.stdout?.once("data", () => resolve()));
    child.kill("SIGTERM");
    const { code, stdout } = await end;
    expect([code, stdout.trimEnd().split("\n").at(-1)]).toEqual([0, expect.stringMatching(/^left: /)]);
  });

  test.each([
    [
      ["ws://127.0.0.1:9/arena"],
      /could not join ws:\/\/127\.0\.0\.1:9\/arena: The connection broke or could not be opened/,
    ],
    [["URL", "--join", "{}"], /The join options are not what the game asks for/],
    [["URL/nowhere", "--name", "Ada"], /There is no room with that id/],
    [["arena"], /"arena" is no address of a room: write it like ws:/],
    [["URL", "--seconds", "0"], /--seconds is a number above 0/],
  ])("%j is answered by one sentence", async (args, sentence) => {
    const given = args.map((argument) => argument.replace("URL", url));
    const { code, stdout, stderr } = await ended(python("-m", "tickcast", ...given));
    expect(code).not.toBe(0);
    expect(stdout).toBe("");
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toContain("Traceback");
  });
});
