import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import type { WorkersReport } from "./workers-report.ts";

const LAUNCHER = fileURLToPath(new URL("../../bin/launcher.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "tickcast-workers-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("[BEN-119] real workers are compared with one, by the CPU of all their processes for each room", async () => {
  const json = join(folder, "report.json");
  const options = ["--rooms", "3", "--repeat", "1", "--seconds", "1", "--json", json];
  const { stdout } = await promisify(execFile)(process.execPath, [LAUNCHER, "bench", "workers", ...options]);
  const { pairs, ratio } = JSON.parse(readFileSync(json, "utf8")) as WorkersReport;
  expect(pairs.map((pair) => pair.map(({ workers }) => workers))).toEqual([[1, 2]]);
  for (const [one, many] of pairs) {
    expect(one.rooms).toBeGreaterThanOrEqual(3);
    expect(many.rooms).toBeGreaterThanOrEqual(6);
    expect(Math.min(one.roomMs, many.roomMs, one.loadUse, many.loadUse)).toBeGreaterThan(0);
    expect(ratio.median).toBeCloseTo(many.roomMs / one.roomMs, 9);
  }
  expect(stdout).toContain("CPU per room, 2 workers to one: ");
});
