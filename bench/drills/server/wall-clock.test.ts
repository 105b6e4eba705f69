import { afterEach, expect, test } from "vitest";
import { makeWallClockMovable, shiftWallClock } from "./wall-clock.ts";

const RealDate = Date;
afterEach(() => {
  shiftWallClock(-(Date.now() - RealDate.now()));
  globalThis.Date = RealDate;
});

test("[DRL-8] the wall clock moves for all who read it, and what names a moment does not", () => {
  makeWallClockMovable();
  const hour = 3_600_000;
  const before = RealDate.now();
  const monotonic = performance.now();
  shiftWallClock(-hour);
  expect(Date.now() - before).toBeLessThan(-hour + 1_000);
  const made = new Date();
  expect(made.getTime() - before).toBeLessThan(-hour + 1_000);
  expect(new Date(12_345).getTime()).toBe(12_345);
  expect(performance.now()).toBeGreaterThanOrEqual(monotonic);
  expect(shiftWallClock(0).readings).toBeGreaterThanOrEqual(2);
});
