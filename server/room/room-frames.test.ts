import { describe, expect, test } from "vitest";
import { ServerFrame } from "../../shared/protocol/frames.ts";
import { host } from "../../tests/server-kit/hosted.ts";
import { ACT, GONE, probe, probeGame, quietHandlers, SAID, SAY } from "../../tests/server-kit/probe-game.ts";
import type { RawClient } from "../../tests/server-kit/raw-client.ts";
import { TickWitness } from "../../tests/server-kit/tick-witness.ts";
import { defineRoom } from "./define-room.ts";

const { welcome, keyframe, delta, tickEnd } = ServerFrame;

/** A room where `act` messages do what they say. */
function acting() {
  return defineRoom(probe, {
    ...quietHandlers,
    join(room, player, { name }) {
      player.row.name = name;
      player.row.secret = 100 + player.id;
      if (name === "greeted") {
        player.send("said", { by: player.row, text: "hello you" });
        room.broadcast("said", { by: player.row, text: "hello all" });
      }
    },
    tick(room) {
      for (const player of room.players) {
        player.row.x = Math.max(0, player.row.x + player.input.move);
        if (player.input.fire) player.row.shots += 1;
      }
    },
    on: {
      say(room, player, { text }) {
        room.broadcast("said", { by: player.row, text });
      },
      act(room, player, { does }) {
        if (does === "remove") {
          const thing = [...room.state.things].at(-1);
          if (thing === undefined) return;
          room.broadcast("gone", { what: thing });
          room.state.things.remove(thing);
        }
        if (does === "add") room.state.things.add({ n: 7 });
        if (does === "whisper") player.send("said", { by: player.row, text: "psst" });
        if (does === "blink") {
          const thing = room.state.things.add({ n: 9 });
          room.broadcast("gone", { what: thing });
          room.state.things.remove(thing);
        }
      },
    },
  });
}

const types = (client: RawClient) => client.frames.map(([type]) => type);

describe("[ROO-30] a newcomer's first frames", () => {
  test("are welcome, the room's keyframe, the private keyframe, and the tick's end, all of one tick", async () => {
    const hosted = await host([acting()]);
    const ada = await hosted.join("/probe", probeGame, { name: "ada" });
    expect(types(ada)).toEqual([welcome, keyframe, keyframe, tickEnd]);
    expect(ada.welcome).toMatchObject({ timeline: 0, tick: 1, clock: null, player: 1, row: 1, room: "r1" });
    expect(ada.of("keyframe").map(([, tick, stream]) => [tick, stream])).toEqual([
      [1, 0],
      [1, ada.welcome.stream],
    ]);
    expect(ada.of("keyframe")[1]?.[3]).toEqual([0, [1, 0b1000 * 2 + 1, 101]]);
    expect(ada.of("tickEnd").map(([, tick]) => tick)).toEqual([1]);
  });

  test("the welcome names the clock, and the epoch from which every tick's time follows", async () => {
    const hosted = await host([acting()], { clockId: "a clock" });
    const dues: number[] = [];
    hosted.server.bus.on("tickDone", () => dues.push(hosted.clock.now()));
    const ada = await hosted.join("/probe", probeGame);
    expect(ada.welcome.clock).toBe("a clock");
    expect(dues[0]).toBeCloseTo(ada.welcome.epoch + ada.welcome.tick * 50, 6);
  });

  test("what join sends them stands before their first tick's end, in that tick", async () => {
    const hosted = await host([acting()]);
    const ada = await hosted.join("/probe", probeGame, { name: "ada" });
    const bob = await hosted.join("/probe", probeGame, { name: "greeted" });
    expect(types(bob)).toEqual([welcome, keyframe, keyframe, delta, tickEnd]);
    expect(bob.privateEvents).toEqual([{ tick: 2, event: SAID, values: [2, "hello you"] }]);
    expect(bob.events).toEqual([{ tick: 2, event: SAID, values: [2, "hello all"] }]);
    expect(ada.events).toEqual(bob.events);
    expect(ada.privateEvents).toEqual([]);
  });

  test("they mirror the whole room from then on, and those who were there see them enter", async () => {
    const hosted = await host([acting()]);
    const ada = await hosted.join("/probe", probeGame, { name: "ada" });
    const first = TickWitness.watch(ada, probeGame);
    ada.message(ACT, { does: "add" });
    await hosted.ticks(1);
    const bob = await hosted.join("/probe", probeGame, { name: "bob" });
    const second = TickWitness.watch(bob, probeGame);
    ada.input(ada.tick + 2, 5, true);
    await hosted.ticks(3);
    const { state } = hosted.room();
    for (const witness of [first, second]) {
      expect(witness.faults).toEqual([]);
      expect(witness.hash).toBe(state.hash());
    }
  });

  test("what only others may see is not among it", async () => {
    const hosted = await host([acting()]);
    await hosted.join("/probe", probeGame, { name: "ada" });
    const bob = await hosted.join("/probe", probeGame, { name: "bob" });
    const sent = JSON.stringify(bob.frames);
    expect(sent).toContain("102");
    expect(sent).not.toContain("101");
  });
});

describe("[ROO-31] a tick", () => {
  test("in which nothing happens is one frame of a few bytes to everyone", async () => {
    const hosted = await host([acting()]);
    const ada = await hosted.join("/probe", probeGame);
    await hosted.join("/probe", probeGame);
    const before = ada.frames.length;
    await hosted.ticks(10);
    expect(ada.frames.slice(before).map(([type]) => type)).toEqual(Array(10).fill(tickEnd));
    expect(ada.sizes.at(-1)).toBeLessThanOrEqual(5);
    expect(ada.frames.at(-1)).toHaveLength(3);
  });

  test("sends a player's private values to that player alone, before the end", async () => {
    const hosted = await host([
      defineRoom(probe, {
        ...quietHandlers,
        tick: (room) => {
          for (const player of room.players) player.row.secret = room.tick;
        },
      }),
    ]);
    const ada = await hosted.join("/probe", probeGame);
    const bob = await hosted.join("/probe", probeGame);
    const before = bob.frames.length;
    await hosted.ticks(1);
    expect(bob.frames.slice(before)).toEqual([
      [delta, 3, 2, bob.welcome.stream, [0, [2, 0b1000 * 2, 3]]],
      [tickEnd, 3, 2],
    ]);
    expect(ada.welcome.stream).not.toBe(bob.welcome.stream);
  });
});

describe("[ROO-32] events", () => {
  test("come in the tick that they happened in, in order, to everyone", async () => {
    const hosted = await host([acting()]);
    const ada = await hosted.join("/probe", probeGame);
    const bob = await hosted.join("/probe", probeGame);
    ada.message(SAY, { text: "1" });
    bob.message(SAY, { text: "2" });
    ada.message(SAY, { text: "3" });
    await hosted.ticks(1);
    const said = ["1", "2", "3"].map((text, i) => ({
      tick: 3,
      event: SAID,
      values: [i === 1 ? 2 : 1, text],
    }));
    // Each peer's messages come in order; which peer's is first is the network's affair.
    expect(ada.events).toHaveLength(3);
    expect(ada.events).toEqual(expect.arrayContaining(said));
    expect(bob.events).toEqual(ada.events);
    const order = ada.of("tickEnd").flatMap(([, , , , , events]) => events ?? []);
    expect(order.map(([sequence]) => sequence)).toEqual([0, 1, 2]);
  });

  test("for one player come to that player alone", async () => {
    const hosted = await host([acting()]);
    const ada = await hosted.join("/probe", probeGame);
    const bob = await hosted.join("/probe", probeGame);
    ada.message(ACT, { does: "whisper" });
    await hosted.ticks(1);
    expect(ada.privateEvents).toEqual([{ tick: 3, event: SAID, values: [1, "psst"] }]);
    expect([...ada.events, ...bob.events, ...bob.privateEvents]).toEqual([]);
  });

  test("may name a row that the same tick removes, also one that it added", async () => {
    const hosted = await host([acting()]);
    const ada = await hosted.join("/probe", probeGame);
    ada.message(ACT, { does: "add" });
    await hosted.ticks(1);
    ada.message(ACT, { does: "remove" });
    ada.message(ACT, { does: "blink" });
    await hosted.ticks(1);
    expect(ada.events).toEqual([
      { tick: 3, event: GONE, values: [1] },
      { tick: 3, event: GONE, values: [2] },
    ]);
    expect(ada.of("tickEnd").at(-1)?.[4]).toEqual([1, 1, 0]);
    expect(hosted.failedHooks).toEqual([]);
  });

  test("out of range are cut to what the field holds, and told", async () => {
    const hosted = await host([
      defineRoom(probe, {
        ...quietHandlers,
        on: {
          ...quietHandlers.on,
          act: (room) => void room.broadcast("said", { by: undefined, text: "x".repeat(100) }),
        },
      }),
    ]);
    const warnings: unknown[] = [];
    hosted.server.bus.on("outOfRange", (warning) => warnings.push(warning));
    const ada = await hosted.join("/probe", probeGame);
    ada.message(ACT, { does: "" });
    await hosted.ticks(1);
    expect(ada.events[0]?.values).toEqual([0, "x".repeat(64)]);
    expect(warnings).toMatchObject([
      { room: { id: "r1", game: "probe" }, table: "event said", field: "text" },
    ]);
  });
});

test("[ROO-35] the bus is told what each tick cost and sent", async () => {
  const hosted = await host([acting()]);
  const ticks: unknown[] = [];
  const flushed: number[] = [];
  hosted.server.bus.on("tickDone", (report) => ticks.push(report));
  hosted.server.bus.on("tickFlushed", ({ tick }) => flushed.push(tick));
  const ada = await hosted.join("/probe", probeGame);
  await hosted.ticks(1);
  expect(ticks).toEqual([
    {
      room: { id: "r1", game: "probe" },
      tick: 1,
      players: 1,
      latenessMs: expect.closeTo(0, 6) as number,
      stepMs: 0,
      commitMs: 0,
      publishMs: 0,
      frames: 4,
      bytes: ada.sizes.slice(0, 4).reduce((sum, size) => sum + size),
      keyframes: 2,
    },
    expect.objectContaining({ tick: 2, frames: 1, bytes: ada.sizes[4], keyframes: 0 }),
  ]);
  expect(flushed).toEqual([1, 2]);
});
