import { InvalidArgumentError } from "commander";
import { expect, test } from "vitest";
import { perSecond, seconds, wholeNumber } from "./option-values.ts";

test("a ramp is a rate by the second, with or without its unit", () => {
  expect([perSecond("50/s"), perSecond("50"), perSecond("0.5/s")]).toEqual([50, 50, 0.5]);
});

test.each(["0", "0/s", "-1", "50/min", "fast", "", "1e3"])("%j is no ramp", (written) => {
  expect(() => perSecond(written)).toThrow(InvalidArgumentError);
});

test.each(["0", "-1", "ten", "", "86401"])("%j is no number of seconds", (written) => {
  expect(() => seconds(written)).toThrow(InvalidArgumentError);
});

test.each(["0", "101", "1.5", "5x", "0x10", ""])("%j is no whole number from 1 to 100", (written) => {
  expect(() => wholeNumber(1, 100)(written)).toThrow(InvalidArgumentError);
});

test("the ends of a range belong to it", () => {
  expect([wholeNumber(1, 100)("1"), wholeNumber(1, 100)("100"), seconds("86400")]).toEqual([1, 100, 86_400]);
});
