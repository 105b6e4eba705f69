import fc from "fast-check";
import { expect, test } from "vitest";
import { TickTimes } from "./tick-times.ts";

test("[CLI-22] a few epochs are remembered, and nothing is said of ticks before those", () => {
  const times = new TickTimes(0, 50);
  for (let slip = 1; slip <= 8; slip++) times.slipped([slip * 100, slip]);
  expect(times.dueAt(99)).toBeUndefined();
  expect(times.dueAt(100)).toBe(5_001);
  expect(times.dueAt(850)).toBe(42_508);
  times.slipped([800, 9]);
  expect(times.dueAt(850)).toBe(42_509);
  expect(times.dueAt(100)).toBe(5_001);
});

test("[CLK-4] a fraction of a tick is even, and the tick before a slip lasts as long as the slip", () => {
  const times = new TickTimes(1_000, 50);
  times.slipped([10, 1_400]);
  expect([8, 8.5, 9, 9.5, 10, 10.5].map((tick) => times.dueAt(tick))).toEqual([
    1_400, 1_425, 1_450, 1_675, 1_900, 1_925,
  ]);
  expect([1_400, 1_425, 1_450, 1_675, 1_900, 1_925].map((ms) => times.tickAt(ms))).toEqual([
    8, 8.5, 9, 9.5, 10, 10.5,
  ]);
});

test("[CLK-4] ticks rise with time and back leads to where one came from, whatever slipped", () => {
  const slips = fc.array(
    fc.record({ after: fc.integer({ min: 1, max: 9 }), by: fc.integer({ min: 1, max: 30 }) }),
    {
      maxLength: 6,
    },
  );
  fc.assert(
    fc.property(slips, fc.array(fc.double({ min: -100, max: 4_000, noNaN: true })), (all, moments) => {
      const times = new TickTimes(0, 50);
      let [fromTick, epoch] = [0, 0];
      for (const { after, by } of all) {
        fromTick += after;
        epoch += by * 50;
        times.slipped([fromTick, epoch]);
      }
      let last = Number.NEGATIVE_INFINITY;
      for (const moment of moments.toSorted((a, b) => a - b)) {
        const tick = times.tickAt(moment);
        expect(tick).toBeGreaterThanOrEqual(last);
        expect(times.dueAt(tick)).toBeCloseTo(moment, 6);
        last = tick;
      }
    }),
    { seed: 4, numRuns: 300 },
  );
});
