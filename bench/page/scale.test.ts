import { expect, test } from "vitest";
import { wrapped } from "./card.ts";
import { spreadOut } from "./line-chart.ts";
import { scaleOf } from "./scale.ts";

const scale = (...values: readonly number[]) => scaleOf({ values, from: 100, to: 0, label: String });

test("[BEN-88] an axis holds all values between round numbers: from zero, or by ratio where they lie far apart", () => {
  const near = scale(3, 7.1);
  expect([near.kind, near.at(0), near.ticks.map(({ label }) => label)]).toEqual([
    "linear",
    100,
    ["0", "2", "4", "6", "8"],
  ]);
  const far = scale(3, 70);
  expect([far.kind, far.ticks.map(({ value }) => value)]).toEqual(["log", [2, 5, 10, 20, 50, 100]]);
  for (const one of [near, far, scale(0), scale(0.004), scale(0, 1e6), scale(123_456)])
    for (const { value } of one.ticks) expect(one.at(value)).toBeGreaterThanOrEqual(0);
  expect(far.at(100)).toBeCloseTo(0);
  expect(far.at(2)).toBeCloseTo(100);
});

test("[BEN-88] names at the ends of lines do not lie on one another, and stay in their bounds", () => {
  expect(spreadOut([10, 11, 50], 10, 0, 100)).toEqual([10, 20, 50]);
  expect(spreadOut([95, 96, 97], 10, 0, 100)).toEqual([80, 90, 100]);
  expect(spreadOut([], 10, 0, 100)).toEqual([]);
});

test("[BEN-88] a sentence is broken between its words", () => {
  const text = "one two three four five six seven";
  expect(wrapped(text, 12).join(" ")).toBe(text);
  for (const line of wrapped(text, 12)) expect(line.length).toBeLessThanOrEqual(12);
});
