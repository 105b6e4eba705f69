import { readdirSync, readFileSync } from "node:fs";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { defineBot } from "../../bots/define-bot.ts";
import { ConnectError } from "../../client/connect-error.ts";
import { defineRoom } from "../../server/room/define-room.ts";
import { angle, defineGame, fixed, held, record, table, text, u32 } from "../../shared/game.ts";
import { expectState, type TestClient, TestServer, type TestServerOptions } from "./index.ts";
import { insideOf } from "./inside.ts";

const yard = defineGame({
  name: "yard",
  tickRate: 20,
  join: v.object({ name: v.string() }),
  state: {
    players: table({ name: text(16), x: fixed(0, 1_000, 0.1) }, { owner: "player" }),
    weather: record({ wind: u32 }),
  },
  input: { run: held(angle(), "optional") },
  messages: { fail: v.object({}) },
  requests: { draw: { input: v.object({}), reply: v.object({ number: v.number() }) } },
});

const yardRoom = defineRoom(yard, {
  maxPlayers: 3,
  graceMs: 5_000,
  join: (_room, { row }, { name }) => void Object.assign(row, { name }),
  tick(room, dt) {
    room.state.weather.wind = Math.floor(room.random() * 1_000);
    for (const { row, input } of room.players) if (input.run !== undefined) row.x += 10 * dt;
  },
  on: {
    fail() {
      throw new Error("the hook fails");
    },
  },
  requests: { draw: (room) => ({ number: room.random() }) },
});

const start = (options: Partial<TestServerOptions> = {}) =>
  TestServer.start({ rooms: [yardRoom], ...options });
const join = (server: TestServer, name = "Ada") => server.connect(yard, "/yard", { name });

describe("a test's server", () => {
  test("[KIT-1] plays the same game from the same seed, to the byte, bad networks included", async () => {
    const play = async (seed: number): Promise<string[]> => {
      const server = await start({
        seed,
        network: { latencyMs: 50, jitterMs: 40, stallEveryMs: 700, stallForMs: 200 },
      });
      const frames: string[] = [];
      const received = (bytes: Uint8Array) =>
        void frames.push(`${server.clock.now()} ${Buffer.from(bytes).toString("hex")}`);
      const ada = await server.connect(yard, "/yard", { name: "Ada" }, { received });
      ada.room.input({ run: 0 });
      await ada.ticks(60);
      await server.stop();
      return frames;
    };
    const [first, again, other] = [await play(3), await play(3), await play(4)];
    expect(again).toEqual(first);
    expect(first.length).toBeGreaterThan(60);
    expect(other).not.toEqual(first);
  });

  test.each([3, 7, 20, 30, 60, 90])("[KIT-2] lets exactly so many ticks pass, at %i Hz", async (tickRate) => {
    const game = defineGame({ name: "odd", tickRate, state: { match: record({ n: u32 }) } });
    const server = await TestServer.start({ rooms: [defineRoom(game, {})] });
    const client = await server.connect(game, "/odd");
    const room = server.room(game);
    for (let round = 0; round < 50; round++) {
      const before = [room.tick, client.room.tick];
      await [room, client][round % 2]?.ticks(1 + (round % 5));
      expect([room.tick, client.room.tick]).toEqual(before.map((tick) => tick + 1 + (round % 5)));
    }
    await server.stop();
  });

  test("[KIT-4] what nobody dealt with fails the test that stops it: hooks, listeners, bots", async () => {
    const server = await start();
    const ada = await join(server);
    ada.room.send("fail", {});
    ada.room.state.players.onChange(() => {
      throw new Error("the listener fails");
    });
    ada.room.input({ run: 0 });
    await ada.ticks(2);
    const clumsy = defineBot(yard, {
      join: () => ({ name: "bot" }),
      tick() {
        throw new Error("the bot fails");
      },
    });
    await server.bots(clumsy);
    await server.run(100);
    const sentences = ["the hook fails", "the listener fails", "the bot fails"];
    for (const sentence of sentences) expect(server.errors.map(String).join()).toContain(sentence);
    const stopped = await server.stop().then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(stopped).toBeInstanceOf(AggregateError);
    for (const sentence of sentences) expect(String(stopped)).toContain(sentence);
  });

  test("[KIT-4] what a test takes is dealt with", async () => {
    const server = await start();
    const ada = await join(server);
    ada.room.send("fail", {});
    await ada.ticks(2);
    expect(server.takeErrors().map(String)).toEqual(["Error: the hook fails"]);
    expect(server.errors).toEqual([]);
    await server.stop();
  });

  test("[KIT-5] what is left behind is said; of its own it leaves nothing, whatever the network", async () => {
    const server = await start({ network: { latencyMs: 300, jitterMs: 200 } });
    for (const name of ["Ada", "Grace"]) (await join(server, name)).room.input({ run: 1 });
    const offline = await join(server, "Linus");
    offline.network.goOffline();
    await server.run(1_000);
    await server.stop();
    expect(insideOf(server).transport.topicCount).toBe(0);

    const other = await start();
    await join(other);
    other.clock.after(1e9, () => {});
    await expect(other.stop()).rejects.toThrow("the stopped server left behind 1 timers");
  });

  test("[KIT-6] waiting ends: with what the promise comes to, when the condition holds, or in an error", async () => {
    const server = await start();
    const ada = await join(server);
    expect(await ada.request("draw", {})).toMatchObject({ ok: true });
    await expect(server.until(Promise.reject(new Error("no")))).rejects.toThrow("no");
    const { tick } = ada.room;
    await server.until(() => ada.room.tick >= tick + 7);
    expect(ada.room.tick).toBe(tick + 7);
    const never = () => ada.room.tick < 0;
    await expect(server.until(never, 2_000)).rejects.toThrow(
      "waited 2 s of the test's time, in vain, for () =>",
    );
    await expect(server.until(new Promise(() => {}), 500)).rejects.toThrow("a promise to settle");
    await server.stop();
  });

  test("[KIT-8] a room is found by its game, or by its id where there are several", async () => {
    const server = await start();
    expect(() => server.room(yard)).toThrow('there is no room of game "yard"');
    const clients: TestClient<typeof yard.spec>[] = [];
    for (const name of ["Ada", "Grace", "Linus"]) clients.push(await join(server, name));
    const [ada] = clients;
    expectState(server.room(yard), { players: [{ name: "Ada" }, { name: "Grace" }, { name: "Linus" }] });
    const fourth = await join(server, "Margaret");
    expect(server.rooms).toEqual([ada?.room.id, fourth.room.id]);
    expect(() => server.room(yard)).toThrow(
      'there are several rooms of game "yard": say which one of room1, room2',
    );
    expectState(server.room(yard, fourth.room.id), { players: [{ name: "Margaret" }] });
    expect(() => server.room(yard, "x")).toThrow('there is no room "x" of game "yard"');
    expect(() => server.room(yard, "room2").player(ada ?? fourth)).not.toThrow();
    await fourth.leave();
    expect(server.rooms).toEqual([ada?.room.id]);
    await server.stop();
  });

  test("[KIT-9] a bot that cannot join says why", async () => {
    const server = await start();
    const shy = defineBot(yard, { join: () => ({ name: 5 }) as never });
    await expect(server.bots(shy)).rejects.toThrow(`a bot of "yard" could not join: bad-join`);
    await server.stop();
  });

  test("[KIT-10] it keeps what was said on the bus, but for single ticks", async () => {
    const server = await start();
    const ada = await join(server);
    await server.room(yard).kick(ada);
    expect(server.events.of("playerJoined")).toMatchObject([{ player: 1, room: { game: "yard" } }]);
    expect(server.events.of("playerLeft")).toMatchObject([{ player: 1, reason: "kicked" }]);
    expect(server.events.names).not.toContain("tickDone");
    const joined = server.events.names.indexOf("playerJoined");
    expect(server.events.names.indexOf("roomCreated")).toBeLessThan(joined);
    expect(server.events.names.indexOf("playerLeft")).toBeGreaterThan(joined);
    server.events.clear();
    expect(server.events.names).toEqual([]);
    await server.stop();
  });

  test("[KIT-11] it belongs to no test runner: it imports Node and Tickcast alone", () => {
    const folder = new URL(".", import.meta.url);
    const sources = readdirSync(folder).filter((name) => /^(?!.*\.test).*\.ts$/.test(name));
    const imported = sources
      .flatMap((name) => [...readFileSync(new URL(name, folder), "utf8").matchAll(/from "([^"]+)"/g)])
      .map(([, specifier]) => specifier ?? "")
      .filter((specifier) => !/^(\.|node:)/.test(specifier));
    expect(sources).toContain("test-server.ts");
    expect(new Set(imported)).toEqual(new Set(["@standard-schema/spec"]));
  });

  test("[KIT-13] says in which line of a test a join failed", async () => {
    const server = await start();
    const refused = await server.connect(yard, "/garden", { name: "Ada" }).catch((error: unknown) => error);
    if (!(refused instanceof ConnectError)) throw new Error("it was not refused");
    expect(refused.message).toContain("does not host that game. It hosts yard");
    expect(refused.stack).toContain(refused.message);
    expect(refused.stack).toContain("test-server.test.ts");
    await server.stop();
  });
});

describe("[KIT-7] a client's network", () => {
  test("breaks, and the client returns by itself", async () => {
    const server = await start();
    const ada = await join(server);
    ada.network.cut();
    await ada.returned();
    expect(ada.room.connection.state).toBe("joined");
    expect(server.events.of("presenceChanged").map(({ to }) => to)).toContain("away");
    await server.stop();
  });

  test("is gone until it is back, for this client alone; beyond the grace period that is too late", async () => {
    const server = await start();
    const [ada, grace] = [await join(server), await join(server, "Grace")];
    ada.network.goOffline();
    await server.run(3_000);
    expect(ada.room.connection.state).toBe("reconnecting");
    expect(grace.room.connection.state).toBe("joined");
    ada.network.goOnline();
    await ada.returned();
    expect(ada.room.connection.state).toBe("joined");
    ada.network.goOffline();
    await server.run(6_000);
    ada.network.goOnline();
    await ada.returned();
    expect(ada.room.connection).toMatchObject({ state: "closed", close: { name: "bad-token" } });
    expect(() => server.room(yard).player(ada)).toThrow("has no seat");
    await server.stop();
  });

  test("stalls, and everything comes late; who does not read is paused, and catches up", async () => {
    const server = await start();
    const ada = await join(server);
    const { tick } = ada.room;
    ada.network.stall(1_000);
    await server.run(900);
    expect(ada.room.tick).toBe(tick);
    await server.run(600);
    expect(ada.room.tick).toBe(server.room(yard).tick);
    ada.network.stopReading();
    await server.run(5_000);
    expect(ada.room.tick).toBeLessThan(server.room(yard).tick - 50);
    ada.network.readOn();
    await server.run(500);
    expect(ada.room.tick).toBe(server.room(yard).tick);
    expect(ada.room.statistics.pauses).toBe(1);
    await server.stop();
  });
});
