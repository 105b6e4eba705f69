import { expect, test } from "vitest";
import { shortWay, TURN } from "./turn.ts";

test.each([
  [0, 1, 1],
  [1, 0, -1],
  [0.1, TURN - 0.1, -0.2],
  [TURN - 0.1, 0.1, 0.2],
  [0, 3 * TURN + 0.5, 0.5],
  [0.5, -2 * TURN, -0.5],
])("[VIE-10] from %d to %d is %d, the short way round", (from, to, way) => {
  expect(shortWay(from, to)).toBeCloseTo(way, 10);
});
