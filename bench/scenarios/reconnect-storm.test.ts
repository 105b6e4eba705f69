import { expect, test } from "vitest";
import { cutsOf, settlesAt } from "./reconnect-storm.ts";

test("[BEN-71] cuts are spread evenly, by clients and server in turn, at every stage of a period, before all settles", () => {
  const window = { epoch: 1000, periodMs: 50, fromTick: 40, toTick: 40 + 63 * 20 };
  const cuts = cutsOf(window, 10);
  expect(settlesAt(window)).toBe(40 + 60 * 20);
  expect(cuts.map(({ by }) => by)).toEqual(Array.from({ length: 5 }, () => ["clients", "server"]).flat());
  const first = 1000 + 40 * 50 + 3000;
  cuts.forEach(({ at }, i) => {
    expect(at).toBeCloseTo(first + i * 6000 + i * 5);
  });
});
