import { expect, test } from "vitest";
import { coreList } from "./placement.ts";

test("a list of cores names ranges and single ones", () => {
  expect(coreList("\t0-3,8\n")).toEqual([0, 1, 2, 3, 8]);
  expect(coreList("5")).toEqual([5]);
  expect(coreList("4-5")).toEqual([4, 5]);
  expect(coreList("")).toEqual([]);
});
