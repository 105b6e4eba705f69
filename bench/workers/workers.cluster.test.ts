import { expect, test } from "vitest";
import { plain } from "../report/paint.ts";
import { machine } from "../report/run.fixture.ts";
import { measureWorkers } from "./measure-workers.ts";
import { workersText } from "./workers-report.ts";

test("[BEN-119] real workers are compared with one, by the CPU of all their processes for each room", async () => {
  const load = { workers: 2, rooms: 3, repeat: 1, seconds: 1 };
  const says: string[] = [];
  const measured = await measureWorkers(load, (line) => says.push(line), new AbortController().signal);
  expect(measured.pairs.map((pair) => pair.map(({ workers }) => workers))).toEqual([[1, 2]]);
  for (const [one, many] of measured.pairs) {
    expect(one.rooms).toBeGreaterThanOrEqual(3);
    expect(many.rooms).toBeGreaterThanOrEqual(6);
    expect(Math.min(one.roomMs, many.roomMs, one.loadUse, many.loadUse)).toBeGreaterThan(0);
    expect(measured.ratio.median).toBeCloseTo(many.roomMs / one.roomMs, 9);
  }
  expect(says).toContain("pair 1 of 1, 2 workers: measuring");
  const text = workersText({ scenario: "workers", load, ...measured, failures: [], machine }, plain);
  expect(text).toMatch(/CPU per room, 2 workers to one: \d/);
});
