import { expect, test } from "vitest";
import { Consecutive, lostOf } from "./consecutive.ts";

const heard = (...numbers: readonly number[]) => {
  const consecutive = new Consecutive();
  for (const number of numbers) consecutive.take(number);
  return consecutive.heard;
};

test("[BEN-72] what is numbered is counted: what is missing, at the end too, and what came again", () => {
  expect(lostOf(3, heard(0, 1, 2))).toBe(0);
  expect(heard(0, 1, 1, 2)).toEqual({ upTo: 3, missing: 0, repeated: 1 });
  expect(heard(0, 3, 4)).toEqual({ upTo: 5, missing: 2, repeated: 0 });
  expect(lostOf(6, heard(0, 3, 4))).toBe(3);
  expect(lostOf(2, heard())).toBe(2);
});
