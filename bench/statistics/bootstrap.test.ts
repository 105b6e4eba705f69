import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../../shared/random/seeded-random.ts";
import { bootstrapChange, bootstrapMedian, bootstrapPairedRatio, ENOUGH } from "./bootstrap.ts";

const figures = fc.array(fc.double({ min: 0.01, max: 1000, noNaN: true }), { minLength: 1, maxLength: 12 });
const few = { resamples: 200 };

/** As timings are: never negative, with a tail. `at` is the true median. */
function timings(count: number, at: number, random: () => number): number[] {
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Array.from({ length: count }, () => at * Math.exp(0.1 * normal()));
}

describe("bootstrap intervals", () => {
  test("[BEN-50] the same figures have the same interval, with the median in it and within the figures", () => {
    fc.assert(
      fc.property(figures, (given) => {
        const estimate = bootstrapMedian(given, few);
        expect(bootstrapMedian(given, few)).toEqual(estimate);
        expect(estimate.low).toBeLessThanOrEqual(estimate.median);
        expect(estimate.high).toBeGreaterThanOrEqual(estimate.median);
        expect(estimate.low).toBeGreaterThanOrEqual(Math.min(...given));
        expect(estimate.high).toBeLessThanOrEqual(Math.max(...given));
        expect(estimate.count).toBe(given.length);
      }),
    );
  });

  test("[BEN-51] about as many intervals as promised hold the true median", () => {
    const random = seededRandom(7);
    const hold = (count: number): number => {
      let held = 0;
      for (let trial = 0; trial < 400; trial++) {
        const { low, high } = bootstrapMedian(timings(count, 20, random), { ...few, seed: trial });
        if (low <= 20 && high >= 20) held += 1;
      }
      return held / 400;
    };
    expect(hold(ENOUGH)).toBeGreaterThan(0.88);
    expect(hold(15)).toBeGreaterThan(0.92);
  });

  test("[BEN-52] pairs are drawn as pairs: what slows both of a pair does not widen the ratio's interval", () => {
    const random = seededRandom(9);
    const slowed = Array.from({ length: 9 }, () => 1 + 10 * random());
    const ratio = bootstrapPairedRatio(
      slowed.map((by) => 12 * by),
      slowed.map((by) => 10 * by),
    );
    expect(ratio.low).toBeCloseTo(1.2);
    expect(ratio.high).toBeCloseTo(1.2);
    expect(() => bootstrapPairedRatio([1, 2], [1])).toThrow(RangeError);
  });

  test("[BEN-53] a change of nothing is seldom told as one, a change of 20 % nearly always", () => {
    const random = seededRandom(11);
    const told = (by: number, count: number): number => {
      let found = 0;
      for (let trial = 0; trial < 300; trial++) {
        const [before, after] = [timings(count, 20, random), timings(count, 20 * by, random)];
        const { low, high } = bootstrapChange(before, after, { ...few, seed: trial });
        if (low > 1 || high < 1) found += 1;
      }
      return found / 300;
    };
    expect(told(1, ENOUGH)).toBeLessThan(0.12);
    expect(told(1, 15)).toBeLessThan(0.08);
    expect(told(1.2, 15)).toBeGreaterThan(0.95);
  });

  test("nothing has no interval", () => {
    expect(() => bootstrapMedian([])).toThrow(RangeError);
    expect(() => bootstrapChange([1], [])).toThrow(RangeError);
  });
});
