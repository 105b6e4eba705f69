import { expect, test } from "vitest";
import { LatenessHistogram } from "./lateness-histogram.ts";

test("[NOD-4] lateness is the p99 of the ticks since the last report, to half a millisecond", () => {
  const lateness = new LatenessHistogram();
  expect(lateness.take()).toBe(0);
  for (let tick = 0; tick < 99; tick++) lateness.add(0.2);
  lateness.add(40);
  expect(lateness.take()).toBe(0);
  for (let tick = 0; tick < 98; tick++) lateness.add(3.1);
  for (const late of [12.3, 300]) lateness.add(late);
  expect(lateness.take()).toBe(12.5);
  lateness.add(-3);
  expect(lateness.take()).toBe(0);
  lateness.add(9_000);
  expect([lateness.take(), lateness.take()]).toEqual([128, 0]);
});
