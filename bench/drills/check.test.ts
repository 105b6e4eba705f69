import { expect, test } from "vitest";
import { type Bound, checkText, isMet } from "./check.ts";

const met = (measured: number, bound: Bound): boolean => isMet({ says: "figure", measured, bound });

test("[DRL-2] a figure at its bound is within it, but not where it is to be below; no figure meets none", () => {
  expect([met(2, { atMost: 2 }), met(2.001, { atMost: 2 })]).toEqual([true, false]);
  expect([met(2, { atLeast: 2 }), met(1.999, { atLeast: 2 })]).toEqual([true, false]);
  expect([met(1.999, { below: 2 }), met(2, { below: 2 })]).toEqual([true, false]);
  expect([met(0, { exactly: 0 }), met(1, { exactly: 0 })]).toEqual([true, false]);
  for (const bound of [{ atMost: 0 }, { atLeast: 0 }, { below: 1 }, { exactly: 0 }] as const)
    expect(met(Number.NaN, bound)).toBe(false);
});

test("[DRL-2] a check says what was measured and what it was to be", () => {
  expect(checkText({ says: "gap in ms", measured: 101.23456, bound: { below: 100 } })).toBe(
    "gap in ms: 101.2 (to be below 100)",
  );
  expect(checkText({ says: "lost", measured: 12_345, bound: { exactly: 0 } })).toBe("lost: 12,345 (to be 0)");
});
