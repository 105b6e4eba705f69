import fc from "fast-check";
import { expect, test } from "vitest";
import { ClientFrame } from "../../../shared/protocol/frames.ts";
import { host } from "../../../tests/server-kit/hosted.ts";
import { probe, probeGame, quietHandlers } from "../../../tests/server-kit/probe-game.ts";
import { defineRoom } from "../define-room.ts";
import { ViewTicks } from "./view-ticks.ts";

test("[LAG-8] a view is that of the input which acts, and moves on with the ticks while it is held", () => {
  const views = new ViewTicks(10);
  views.received(5, 2.5, 3);
  views.received(8, 6.25, 4);
  expect([3, 4, 5, 6, 7, 8, 9, 10].map((tick) => views.at(tick))).toEqual([
    3, 4, 2.5, 3.5, 4.5, 6.25, 7.25, 8.25,
  ]);
});

test("[LAG-8] an input that came late is judged by what its player saw when they gave it", () => {
  const views = new ViewTicks(10);
  views.received(4, 2, 4);
  expect(views.at(4)).toBe(2);
  views.received(5, 3, 8);
  expect([7, 8, 9].map((tick) => views.at(tick))).toEqual([5, 3, 7]);
});

test("[LAG-8] one that is for the same tick as a late one is the newer view", () => {
  const views = new ViewTicks(10);
  views.received(8, 6.5, 6);
  views.received(5, 1, 8);
  expect([8, 9].map((tick) => views.at(tick))).toEqual([6.5, 7.5]);
});

test("[LAG-9] whatever a client claims, a view is between the running tick and the farthest that is kept", () => {
  const claims = fc.record({
    lead: fc.integer({ min: -5, max: 40 }),
    viewTick: fc.oneof(fc.double({ noNaN: true }), fc.integer({ min: -50, max: 200 })),
    wait: fc.integer({ min: 0, max: 3 }),
  });
  fc.assert(
    fc.property(fc.array(claims, { maxLength: 60 }), (inputs) => {
      const views = new ViewTicks(5);
      let running = 10;
      for (const { lead, viewTick, wait } of inputs) {
        views.received(running + 1 + lead, viewTick, running + 1);
        running += wait;
        expect(views.at(running)).toBeLessThanOrEqual(running);
        expect(views.at(running)).toBeGreaterThanOrEqual(running - 5);
      }
    }),
    { seed: 1 },
  );
});

test("[LAG-9] `player.viewTick` is what the input says, the running tick before any and in rooms that keep no past", async () => {
  for (const rewind of [{ tables: ["players"] as const, maxMs: 500 }, undefined]) {
    const seen: [tick: number, viewTick: number][] = [];
    const hosted = await host([
      defineRoom(probe, {
        ...quietHandlers,
        ...(rewind && { rewind }),
        tick(room) {
          for (const { viewTick } of room.players) seen.push([room.tick, viewTick]);
        },
      }),
    ]);
    const ada = await hosted.join("/probe", probeGame);
    await hosted.ticks(2);
    ada.send([ClientFrame.input, 5, 1.5, 1, false]);
    await hosted.ticks(4);
    expect(seen.filter(([tick]) => tick >= 3 && tick <= 6)).toEqual(
      rewind
        ? [
            [3, 3],
            [4, 4],
            [5, 1.5],
            [6, 2.5],
          ]
        : [
            [3, 3],
            [4, 4],
            [5, 5],
            [6, 6],
          ],
    );
    await hosted.stop();
  }
});
