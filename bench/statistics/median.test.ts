import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { spread } from "./median.ts";

describe("spread", () => {
  test("an odd count has a middle, an even one the mean of the middle two", () => {
    expect(spread([5, 1, 3])).toEqual({ min: 1, median: 3, max: 5 });
    expect(spread([4, 1, 3, 2])).toEqual({ min: 1, median: 2.5, max: 4 });
    expect(spread([7])).toEqual({ min: 7, median: 7, max: 7 });
  });

  test("half of the figures are at or below the median, and half at or above, in any order", () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1, maxLength: 50 }), (figures) => {
        const { min, median, max } = spread(figures);
        expect(figures.filter((figure) => figure <= median).length * 2).toBeGreaterThanOrEqual(
          figures.length,
        );
        expect(figures.filter((figure) => figure >= median).length * 2).toBeGreaterThanOrEqual(
          figures.length,
        );
        expect(figures).toContain(min);
        expect(figures).toContain(max);
        expect(figures.every((figure) => figure >= min && figure <= max)).toBe(true);
      }),
    );
  });

  test("nothing has no spread", () => {
    expect(() => spread([])).toThrow(RangeError);
  });
});
