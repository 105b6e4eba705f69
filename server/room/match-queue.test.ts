import { describe, expect, test } from "vitest";
import { host } from "../../tests/server-kit/hosted.ts";
import { probe, probeGame, quietHandlers } from "../../tests/server-kit/probe-game.ts";
import { defineRoom } from "./define-room.ts";
import { MatchQueue } from "./match-queue.ts";

const PERIOD_MS = 50;

/** Calls it for so many ticks; the tick in which it begins, and how many are missing. */
function ticksUntil(queue: MatchQueue, most: number, present: number) {
  for (let tick = 1; tick <= most; tick++) {
    const missing = queue.missing(present);
    if (missing !== undefined) return { tick, missing };
  }
  return undefined;
}

describe("[NOD-41] a match begins without those who are missing when its time is over", () => {
  test("which counts from the first who came", () => {
    const queue = new MatchQueue({ players: 4, withinMs: 1_000 }, PERIOD_MS);
    expect(ticksUntil(queue, 100, 0)).toBeUndefined();
    expect(ticksUntil(queue, 10, 2)).toBeUndefined();
    // All have gone again: the next is the first.
    expect(ticksUntil(queue, 1, 0)).toBeUndefined();
    expect(ticksUntil(queue, 100, 1)).toEqual({ tick: 20, missing: 3 });
    expect(ticksUntil(queue, 100, 4)).toBeUndefined();
  });

  test("a room that is restored goes on with its match, or with waiting", () => {
    for (const [past, begins] of [
      [{}, undefined],
      [{ waits: true }, { tick: 1, missing: 0 }],
    ] as const) {
      const queue = new MatchQueue({ players: 2 }, PERIOD_MS);
      queue.goOn(past);
      expect(ticksUntil(queue, 1, 2)).toEqual(begins);
    }
  });

  test("without a time it waits for all", () => {
    const queue = new MatchQueue({ players: 2 }, PERIOD_MS);
    expect(ticksUntil(queue, 100_000, 1)).toBeUndefined();
    expect(ticksUntil(queue, 1, 2)).toEqual({ tick: 1, missing: 0 });
  });
});

describe("[NOD-40] a match begins when its players are there, and its room locks itself", () => {
  test("behind the join of the last one; who comes next gets the next room", async () => {
    const begun: string[] = [];
    const room = defineRoom(probe, {
      ...quietHandlers,
      queue: { players: 2, withinMs: 5_000 },
      begin(room, missing) {
        begun.push(`${room.id}: ${room.players.size} of 2, ${missing} missing, ${room.hasBegun}`);
      },
    });
    const hosted = await host([room]);
    await hosted.join("/probe", probeGame, { name: "ada" });
    expect([
      hosted.room().attendance.match?.hasBegun,
      hosted.room().locked,
      hosted.room().maxPlayers,
    ]).toEqual([false, false, 2]);
    await hosted.join("/probe", probeGame, { name: "bob" });
    expect(begun).toEqual(["r1: 2 of 2, 0 missing, true"]);
    expect(hosted.room().locked).toBe(true);
    await hosted.join("/probe", probeGame, { name: "cyd" });
    expect(hosted.roomIds).toEqual(["r1", "r2"]);
    await hosted.ticks(100);
    expect(begun[1]).toBe("r2: 1 of 2, 1 missing, true");
    expect(begun.length).toBe(2);
    await hosted.stop();
  });

  test("a queue for more than there are seats is refused by name", () => {
    expect(() => defineRoom(probe, { ...quietHandlers, maxPlayers: 2, queue: { players: 3 } })).toThrow(
      'room of game "probe": queue.players is 3; it must be a whole number from 1 to maxPlayers, which is 2',
    );
    expect(() => defineRoom(probe, { ...quietHandlers, queue: { players: 2, withinMs: 0 } })).toThrow(
      "queue.withinMs is 0",
    );
  });
});
