import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seededRandom } from "../../shared/random/seeded-random.ts";
import { plain } from "../report/paint.ts";
import { machine, rawRun } from "../report/run.fixture.ts";
import { summarise } from "../report/summarise.ts";
import { fanout } from "../scenarios/fanout.ts";
import { compareReports } from "./compare.ts";
import { comparisonText } from "./comparison-lines.ts";
import { readReport, type SavedReport } from "./read-report.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tickcast-compare-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let files = 0;
async function saved(report: unknown): Promise<SavedReport> {
  const file = join(folder, `${files++}.json`);
  await writeFile(file, JSON.stringify(report));
  return readReport(file);
}

const load = rawRun("tickcast").load;

/** A report of so many pairs; the machine is as fast as `machineSpeed` says, our server costs `ours` times the bare. */
function report(seed: number, pairs: number, { ours = 1.1, slowness = 1 } = {}) {
  const random = seededRandom(seed);
  const raw = Array.from({ length: pairs }, () => {
    const cpuUs = 2000 * slowness * (1 + random());
    const noise = 1 + 0.04 * (random() - 0.5);
    return [rawRun("tickcast", { cpuUs: cpuUs * ours * noise }), rawRun("uws", { cpuUs })];
  });
  return summarise(fanout, load, raw, [], machine);
}

const verdictOf = ({ changes }: ReturnType<typeof compareReports>, system: string, figure: RegExp) =>
  changes.find((change) => change.system === system && figure.test(change.figure))?.verdict;

describe("comparing two reports", () => {
  test("[BEN-58] says what changed by more than chance, by the ratio also where the machine did", async () => {
    const before = await saved(report(1, 9));
    const same = compareReports(before, await saved(report(2, 9)));
    expect(verdictOf(same, "tickcast / uws", /CPU/)).toBe("unclear");
    const slower = compareReports(before, await saved(report(3, 9, { ours: 1.32 })));
    expect(verdictOf(slower, "tickcast / uws", /CPU/)).toBe("worse");
    expect(verdictOf(slower, "uws", /CPU/)).toBe("unclear");
    const faster = compareReports(before, await saved(report(4, 9, { ours: 0.9 })));
    expect(verdictOf(faster, "tickcast / uws", /CPU/)).toBe("better");
    // The machine has half the speed: both servers are worse, their ratio is what it was.
    const elsewhere = compareReports(before, await saved(report(5, 9, { slowness: 2.5 })));
    expect(verdictOf(elsewhere, "tickcast", /CPU/)).toBe("worse");
    expect(verdictOf(elsewhere, "tickcast / uws", /CPU/)).toBe("unclear");
  });

  test("[BEN-59] judges nothing by fewer than five runs", async () => {
    const comparison = compareReports(await saved(report(1, 4)), await saved(report(2, 9, { ours: 5 })));
    expect(new Set(comparison.changes.map(({ verdict }) => verdict))).toEqual(new Set(["too few runs"]));
    expect(comparisonText(comparison, plain)).not.toMatch(/[−+][\d.]+ % to /);
  });

  test("[BEN-60] says where the two are not comparable, and compares systems that both have", async () => {
    const one = await saved(report(1, 5));
    const other: SavedReport = {
      ...(await saved(summarise(fanout, load, [[rawRun("tickcast", { delivered: 1 })]], [], machine))),
      scenario: "crowd",
      machine: { ...one.machine, cpu: "another processor", node: "v22.0.0" },
    };
    const { doubts, changes } = compareReports(one, other);
    expect(doubts).toEqual([
      expect.stringContaining("fanout and crowd"),
      expect.stringContaining("different machines"),
      expect.stringContaining("v20.0.0 and v22.0.0"),
      expect.stringContaining("the second has failed"),
    ]);
    expect(new Set(changes.map(({ system }) => system))).toEqual(new Set(["tickcast"]));
  });

  test("what is no report ends in a sentence", async () => {
    await expect(saved({ scenario: "http" })).rejects.toThrow(/no report to compare.*pairs/);
    await expect(readReport(join(folder, "none.json"))).rejects.toThrow("cannot be read as JSON");
  });

  test("the text names each change, aligned", async () => {
    const comparison = compareReports(await saved(report(1, 9)), await saved(report(3, 9, { ours: 1.32 })));
    const text = comparisonText(comparison, plain);
    expect(text).toMatch(/tickcast \/ uws +server CPU per frame +1\.\d+ +1\.\d+ +\+\d+\.\d % +.* worse\n/);
    expect(text).toContain("changed by more than chance");
  });
});
