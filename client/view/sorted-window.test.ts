import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SortedWindow } from "./sorted-window.ts";

const ascending = (values: readonly number[]) => Float64Array.from(values).sort();

describe("a window of sorted values", () => {
  test("has the last values both as they came and in ascending order, equal ones included", () => {
    const change = fc.oneof(
      fc.record({ push: fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true })) }),
      fc.record({ forget: fc.integer({ min: 0, max: 4 }) }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.array(change, { maxLength: 40 }), (most, changes) => {
        const window = new SortedWindow(most);
        let expected: number[] = [];
        for (const each of changes) {
          if ("push" in each) {
            window.push(each.push);
            expected = [...expected, each.push].slice(-most);
          } else {
            window.forget(each.forget);
            expected = expected.slice(each.forget);
          }
          expect(window.values).toEqual(expected);
          expect([...window.ascending].map((value) => value + 0)).toEqual(
            [...ascending(expected)].map((value) => value + 0),
          );
        }
      }),
    );
  });
});
