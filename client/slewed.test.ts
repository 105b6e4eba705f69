import { expect, test } from "vitest";
import { Slewed } from "./slewed.ts";

test("[CLK-1] the first target is taken as it is, later ones are approached by 5 % of the time that passes", () => {
  const slewed = new Slewed(500);
  expect(slewed.towards(1_000, 0)).toBe(1_000);
  expect(slewed.towards(1_100, 0)).toBe(1_000);
  expect(slewed.towards(1_100, 1_000)).toBe(1_050);
  expect(slewed.towards(900, 1_400)).toBe(1_030);
  expect(slewed.towards(1_031, 60_000)).toBe(1_031);
});

test("[CLK-1] what is further away than the bound is taken over at once", () => {
  const slewed = new Slewed(500);
  slewed.towards(0, 0);
  expect(slewed.towards(500, 1)).toBeCloseTo(0.05);
  expect(slewed.towards(501, 1)).toBe(501);
});

test("[CLK-1] time that goes backwards moves nothing", () => {
  const slewed = new Slewed(500);
  slewed.towards(0, 1_000);
  expect(slewed.towards(100, 0)).toBe(0);
  expect(slewed.towards(100, 100)).toBe(5);
});
