import * as v from "valibot";
import { describe, expect, test } from "vitest";
import type { ClientRoom, Lost } from "../client/client-room.ts";
import type { ServerLimits } from "../server/limits.ts";
import { defineRoom } from "../server/room/define-room.ts";
import { defineGame, fixed, table, u32 } from "../shared/game.ts";
import { type TestClient, TestServer } from "./kit/index.ts";
import { coreOf } from "./kit/inside.ts";

const post = defineGame({
  name: "post",
  tickRate: 20,
  state: { players: table({ x: fixed(0, 1000, 1) }, { owner: "player" }), stamps: table({ n: u32 }) },
  events: { news: { n: u32 }, letter: { n: u32 } },
  messages: { note: v.object({ n: v.number() }) },
  requests: { double: { input: v.object({ n: v.number() }), reply: v.object({ twice: v.number() }) } },
});
type Post = typeof post.spec;

const PERIOD_MS = 1_000 / post.spec.tickRate;

interface Diary {
  readonly lines: string[];
  /** Numbers of the notes that were processed, in order. */
  readonly notes: number[];
}

interface PostOptions {
  readonly graceMs?: number;
  readonly refuse?: boolean;
  readonly limits?: Partial<ServerLimits>;
  /** What replies to more than 90 wait for. */
  readonly gate?: Promise<void>;
}

async function open(options: PostOptions = {}) {
  const diary: Diary = { lines: [], notes: [] };
  const room = defineRoom(post, {
    graceMs: options.graceMs ?? 10_000,
    emptyForMs: 600_000,
    join: (_room, player) => void diary.lines.push(`join ${player.id}`),
    leave: (_room, player, reason) => void diary.lines.push(`leave ${player.id} ${reason}`),
    away(_room, player) {
      diary.lines.push(`away ${player.id} ${player.away}`);
      if (options.refuse) player.close();
    },
    back: (_room, player) => void diary.lines.push(`back ${player.id} ${player.away}`),
    tick(room) {
      room.broadcast("news", { n: room.tick });
      for (const player of room.players) {
        player.send("letter", { n: room.tick });
        player.row.x = room.tick % 1000;
      }
    },
    on: { note: (_room, _player, { n }) => void diary.notes.push(n) },
    requests: {
      async double(_room, _player, { n }) {
        if (n > 90) await options.gate;
        return { twice: 2 * n };
      },
    },
  });
  const server = await TestServer.start({ rooms: [room], limits: options.limits ?? {} });
  return { server, diary };
}

/** What one client heard, by the ticks in which it was told. */
function listen({ room }: TestClient<Post>) {
  const heard = { news: [] as number[], letters: [] as number[], lost: [] as Lost[], states: [] as string[] };
  room.on("news", ({ n }) => heard.news.push(n));
  room.on("letter", ({ n }) => heard.letters.push(n));
  room.onLost((lost) => heard.lost.push(lost));
  room.onConnection(({ state }) => heard.states.push(state));
  return heard;
}

const isConsecutive = (numbers: readonly number[]): boolean =>
  numbers.length > 0 && numbers.every((n, index) => index === 0 || n === (numbers[index - 1] ?? 0) + 1);

async function join(server: TestServer, room?: ClientRoom<Post>) {
  const client = await server.connect(post, room === undefined ? "/post" : `/post/${room.id}`);
  return { room: client.room, client, heard: listen(client) };
}

describe("[RET-1] a player whose connection is lost", () => {
  test("keeps the seat until the grace period is over, and leaves for that reason", async () => {
    const { server, diary } = await open({ graceMs: 1_000 });
    const { client } = await join(server);
    const room = coreOf(server, client.room);
    client.network.cut();
    void client.room.leave();
    await server.run(19 * PERIOD_MS);
    expect([room.seats.size, diary.lines]).toEqual([1, ["join 1", "away 1 true"]]);
    await server.run(3 * PERIOD_MS);
    expect([room.seats.size, diary.lines.at(-1)]).toEqual([0, "leave 1 connection-lost"]);
    await server.stop();
    expect(server.clock.pending).toBe(0);
  });

  test("[RET-9] leaves at once where the game refuses it, as a whole or to this player", async () => {
    for (const options of [{ graceMs: 0 }, { refuse: true }]) {
      const { server, diary } = await open(options);
      const { client } = await join(server);
      const room = coreOf(server, client.room);
      client.network.cut();
      await server.run(2 * PERIOD_MS);
      expect(room.seats.size).toBe(0);
      expect(diary.lines.at(-1)).toBe(options.graceMs === 0 ? "leave 1 connection-lost" : "leave 1 kicked");
      await server.stop();
    }
  });
});

describe("[RET-2] one who comes back", () => {
  test("has heard everything once and in order, and sees what is", async () => {
    const { server, diary } = await open();
    const { client, room, heard } = await join(server);
    await server.run(10 * PERIOD_MS);
    client.network.cut();
    await server.run(60 * PERIOD_MS);
    expect(heard.states).toEqual(["reconnecting", "joined"]);
    expect(diary.lines).toEqual(["join 1", "away 1 true", "back 1 false"]);
    await server.run(10 * PERIOD_MS);
    const { tick } = coreOf(server, room);
    expect([isConsecutive(heard.news), heard.news.at(-1)]).toEqual([true, tick]);
    expect([isConsecutive(heard.letters), heard.letters.at(-1)]).toEqual([true, tick]);
    expect(room.me?.x).toBe(tick % 1000);
    expect([heard.lost, room.statistics.resyncs, room.statistics.ticksMissed]).toEqual([[], 1, 0]);
    await server.stop();
  });

  test("[RET-5] sends what did not arrive, and nothing that did", async () => {
    const { server, diary } = await open();
    const { client, room } = await join(server);
    let n = 0;
    const requests: Promise<unknown>[] = [];
    for (let round = 0; round < 10; round++) {
      room.send("note", { n: ++n });
      requests.push(room.request("double", { n: ++n }));
      await server.run(20);
      // Nothing of these is on its way back, and the last may be on its way there.
      room.send("note", { n: ++n });
      client.network.cut();
      room.send("note", { n: ++n });
      await server.run(30 * PERIOD_MS);
      requests.push(room.request("double", { n: ++n }));
    }
    await server.run(60 * PERIOD_MS);
    expect(diary.notes).toEqual(
      Array.from({ length: n }, (_, index) => index + 1).filter((each) => each % 5 !== 2 && each % 5 !== 0),
    );
    const twice = (await Promise.all(requests)).map(
      (result) => (result as { value: { twice: number } }).value.twice,
    );
    expect(twice).toEqual(
      Array.from({ length: 20 }, (_, i) => 2 * (Math.floor(i / 2) * 5 + (i % 2 === 0 ? 2 : 5))),
    );
    await server.stop();
  });

  test("[RET-10] learns which messages were too many to wait", async () => {
    const { server, diary } = await open();
    const { client, room, heard } = await join(server);
    client.network.cut();
    await server.clock.settle();
    for (let n = 1; n <= 1_030; n++) room.send("note", { n });
    const request = room.request("double", { n: 1 });
    expect(heard.lost).toEqual(Array.from({ length: 6 }, () => ({ what: "message", name: "note" })));
    expect(await request).toEqual({ ok: false, error: "lost" });
    await server.run(120 * PERIOD_MS);
    expect(diary.notes).toEqual(Array.from({ length: 1_024 }, (_, index) => index + 1));
    await server.stop();
  });

  test("[RET-7] after longer than anything is kept: sees what is, and learns up to which tick events are lost", async () => {
    const { server } = await open({ graceMs: 60_000, limits: { horizonMs: 1_000 } });
    const { client, room, heard } = await join(server);
    await server.run(5 * PERIOD_MS);
    const core = coreOf(server, room);
    core.runInTick(() => {
      const { stamps } = (core.facade as unknown as { state: { stamps: { add(row: object): unknown } } })
        .state;
      stamps.add({ n: 7 });
    });
    await server.run(1 * PERIOD_MS);
    const last = room.tick;
    // Nobody answers for so long.
    client.network.goOffline();
    await server.run(100 * PERIOD_MS);
    client.network.goOnline();
    await server.run(110 * PERIOD_MS);
    expect(room.connection.state).toBe("joined");
    const [lost] = heard.lost;
    if (lost?.what !== "events") throw new Error("nothing was lost");
    expect(heard.news.filter((n) => n > last && n <= lost.upToTick)).toEqual([]);
    expect(isConsecutive(heard.news.filter((n) => n > lost.upToTick))).toBe(true);
    expect(heard.news).toContain(lost.upToTick + 1);
    expect([...room.state.stamps].map(({ n }) => n)).toEqual([7]);
    expect(room.me?.x).toBe(core.tick % 1000);
    await server.stop();
  });
});

describe("[RET-3] a token that is none", () => {
  for (const token of [
    "",
    "secret1",
    "secret1.",
    "secret1.x",
    "secret9.0",
    ".0",
    "secret1.0.0",
    "secret1.99999999999",
  ])
    test(`changes nothing: ${JSON.stringify(token)}`, async () => {
      const { server, diary } = await open();
      const { room } = await join(server);
      await expect(server.connect(post, `/post/${room.id}`, undefined, { token })).rejects.toMatchObject({
        close: { name: "bad-token" },
      });
      await server.run(2 * PERIOD_MS);
      expect([room.connection.state, diary.lines]).toEqual(["joined", ["join 1"]]);
      await server.stop();
    });
});

describe("[RET-4] the newest connection wins", () => {
  test("[RET-6] a page that was loaded anew takes the seat, and the old client is told that it was replaced", async () => {
    const { server, diary } = await open();
    const { room: old } = await join(server);
    await server.run(5 * PERIOD_MS);
    old.send("note", { n: 1 });
    await server.run(2 * PERIOD_MS);
    const token = old.token ?? "";
    const fresh = await server.connect(post, `/post/${old.id}`, undefined, { token });
    const heard = listen(fresh);
    await server.run(3 * PERIOD_MS);
    expect(old.connection).toMatchObject({ state: "closed", close: { name: "replaced" } });
    expect([fresh.room.playerId, fresh.room.me?.x]).toEqual([old.playerId, coreOf(server, old).tick % 1000]);
    // It numbers its calls from the beginning again.
    fresh.room.send("note", { n: 2 });
    expect(await server.until(fresh.room.request("double", { n: 4 }))).toEqual({
      ok: true,
      value: { twice: 8 },
    });
    expect([diary.notes, isConsecutive(heard.news)]).toEqual([[1, 2], true]);
    expect(diary.lines).toEqual(["join 1"]);
    await server.stop();
  });

  test("[RET-6] a reply to the old client is nobody's, whatever number its request had", async () => {
    let letGo = (): void => {};
    const gate = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const { server } = await open({ gate });
    const { room: old } = await join(server);
    const unanswered = old.request("double", { n: 99 });
    await server.run(2 * PERIOD_MS);
    const { room } = await server.connect(post, `/post/${old.id}`, undefined, { token: old.token ?? "" });
    // Both were the first of their client.
    const asked = room.request("double", { n: 98 });
    const answered: unknown[] = [];
    void asked.then((result) => answered.push(result));
    await server.run(2 * PERIOD_MS);
    letGo();
    await server.run(3 * PERIOD_MS);
    expect(answered).toEqual([{ ok: true, value: { twice: 196 } }]);
    expect(await unanswered).toEqual({ ok: false, error: "closed" });
    await server.stop();
  });

  test("[RET-6] who held the seat before a page began it anew cannot go on where it was", async () => {
    const { server } = await open();
    const { room: old, client } = await join(server);
    client.network.goOffline();
    await server.run(2 * PERIOD_MS);
    client.network.goOnline();
    const fresh = await server.connect(post, `/post/${old.id}`, undefined, { token: old.token ?? "" });
    await server.run(40 * PERIOD_MS);
    expect(old.connection).toMatchObject({ state: "closed", close: { name: "replaced" } });
    expect(fresh.room.connection.state).toBe("joined");
    await server.stop();
  });
});

describe("[RET-8] who cannot come back", () => {
  test("is told so by the server once the seat is gone", async () => {
    const { server } = await open({ graceMs: 500 });
    const { room, client } = await join(server);
    client.network.goOffline();
    await server.run(20 * PERIOD_MS);
    client.network.goOnline();
    await server.run(100 * PERIOD_MS);
    expect(room.connection).toMatchObject({ state: "closed", close: { name: "bad-token" } });
    await server.stop();
  });

  test("gives up after a time", async () => {
    const { server } = await open();
    const { room, client, heard } = await join(server);
    client.network.goOffline();
    await server.run(20 * 54 * PERIOD_MS);
    expect(room.connection.state).toBe("reconnecting");
    await server.run(20 * 13 * PERIOD_MS);
    expect(room.connection).toMatchObject({ state: "closed", close: { name: "abnormal" } });
    expect(new Set(heard.states)).toEqual(new Set(["reconnecting", "closed"]));
    await server.stop();
    expect(server.clock.pending).toBe(0);
  });

  test("or does not try where that is not wanted", async () => {
    const { server } = await open();
    const client = await server.connect(post, "/post", undefined, { reconnectWithinMs: 0 });
    client.network.cut();
    await server.run(0);
    expect(client.room.connection.state).toBe("closed");
    await server.stop();
  });
});

test("[FLO-2] [FLO-5] a client that reads nothing for a while is paused once, and says so", async () => {
  const { server } = await open();
  const { room, client, heard } = await join(server);
  await server.run(5 * PERIOD_MS);
  expect([room.statistics.pauses, room.statistics.resyncs]).toEqual([0, 0]);
  client.network.stopReading();
  await server.run(60 * PERIOD_MS);
  client.network.readOn();
  await server.run(10 * PERIOD_MS);
  expect([room.statistics.pauses, room.statistics.resyncs]).toEqual([1, 1]);
  expect([heard.states, isConsecutive(heard.news), isConsecutive(heard.letters)]).toEqual([[], true, true]);
  await server.stop();
});

test("[FLO-8] a client that misses frames connects again, once for the same gap, and loses nothing", async () => {
  const { server } = await open({ limits: { maxBufferedBytes: 60, stallAfterMs: 4_000 } });
  const { room, client, heard } = await join(server);
  await server.run(5 * PERIOD_MS);
  client.network.stopReading();
  await server.run(10 * PERIOD_MS);
  client.network.readOn();
  await server.run(60 * PERIOD_MS);
  expect(room.connection.state).toBe("joined");
  expect(room.statistics.resyncs).toBeGreaterThan(0);
  expect([isConsecutive(heard.news), isConsecutive(heard.letters), heard.lost]).toEqual([true, true, []]);
  await server.stop();
});
