import { expect, test } from "vitest";
import { plain } from "../report/paint.ts";
import { machine } from "../report/run.fixture.ts";
import { directoryText } from "./directory-report.ts";
import { measureDirectory } from "./measure-directory.ts";

test("[DIR-22] the benchmark asks every question of a directory that is filled, and claims every orphan", async () => {
  const load = { rooms: 2_000, calls: 20, atOnce: 4 };
  const measured = await measureDirectory(load, () => {}, new AbortController().signal);
  const twice = ["find", "create", "room", "list", "list joinable", "update", "renew"].flatMap((name) => [
    `${name} 1`,
    `${name} 4`,
  ]);
  expect(measured.questions.map(({ name, atOnce }) => `${name} ${atOnce}`)).toEqual([
    "make known 4",
    ...twice,
    "claim 4",
  ]);
  for (const { ms, calls, perSecond } of measured.questions) {
    expect(ms.p50).toBeGreaterThan(0);
    expect(ms.max).toBeGreaterThanOrEqual(ms.p99);
    expect(calls).toBeGreaterThanOrEqual(20);
    expect(perSecond).toBeGreaterThan(0);
  }
  expect(measured.failover.rooms).toBe(100);
  expect(measured.bytesPerRoom).toBeGreaterThan(100);
  const text = directoryText({ scenario: "directory", load, ...measured, failures: [], machine }, plain);
  expect(text).toMatch(/find +1 +\d+\.\d+ +/);
  expect(text).toContain("100 orphans found and claimed in");
});
