import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dueAt, periodMs, tick, tickAt, ticksIn } from "./tick.ts";

const rate = fc.integer({ min: 1, max: 240 });
const epoch = fc.double({ min: -1e10, max: 1e10, noNaN: true });
const number = fc.integer({ min: -1e9, max: 1e9 });

describe("tick arithmetic", () => {
  test("[TIC-1] tick n is due at epoch + n × period", () => {
    expect(dueAt(1000, tick(3), periodMs(20))).toBe(1150);
  });

  test("[TIC-2] the tick at its own due time is that tick, for every epoch and every rate from 1 to 240", () => {
    fc.assert(
      fc.property(epoch, number, rate, (start, n, hz) => {
        const period = periodMs(hz);
        expect(tickAt(dueAt(start, n, period), start, period) === n).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });

  test("[TIC-2] the first 10,000 ticks of every rate are found at their due times", () => {
    for (let hz = 1; hz <= 240; hz++) {
      const period = periodMs(hz);
      for (let n = 0; n < 10_000; n++)
        if (tickAt(dueAt(0.1, n, period), 0.1, period) !== n) expect.fail(`tick ${n} at ${hz} Hz`);
    }
  });

  test("[TIC-3] the tick at any time is the last that is due by then", () => {
    fc.assert(
      fc.property(epoch, fc.double({ min: -1e10, max: 1e10, noNaN: true }), rate, (start, now, hz) => {
        const period = periodMs(hz);
        const n = tickAt(now, start, period);
        expect(dueAt(start, n, period)).toBeLessThanOrEqual(now);
        expect(dueAt(start, n + 1, period)).toBeGreaterThan(now);
      }),
      { numRuns: 5_000 },
    );
  });

  test("a duration of whole ticks is that many ticks, and any longer one is a tick more", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), rate, (n, hz) => {
        expect(ticksIn(n * periodMs(hz), hz)).toBe(n);
        expect(ticksIn((n * 1000) / hz, hz)).toBe(n);
        expect(ticksIn((n + 0.01) * periodMs(hz), hz)).toBe(n + 1);
      }),
    );
  });

  test.each([
    [1000, 60, 60],
    [100, 60, 6],
    [250, 20, 5],
    [251, 20, 6],
    [1, 20, 1],
    [0, 20, 0],
  ])("%d ms at %d Hz are %d ticks", (ms, hz, ticks) => {
    expect(ticksIn(ms, hz)).toBe(ticks);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, 0.5, 2 ** 53])("%d is no tick", (n) => {
    expect(() => tick(n)).toThrow(RangeError);
  });

  test.each([0, -20, Number.NaN, Number.POSITIVE_INFINITY])("%d is no tick rate", (hz) => {
    expect(() => periodMs(hz)).toThrow(RangeError);
  });

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])("%d ms is no duration", (ms) => {
    expect(() => ticksIn(ms, 20)).toThrow(RangeError);
  });
});
