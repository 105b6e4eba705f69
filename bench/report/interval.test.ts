import { describe, expect, test } from "vitest";
import { fanoutStep } from "../page/collection.fixture.ts";
import { lastP99, seriesOf } from "../page/groups.ts";
import { stepView } from "../page/steps.ts";
import { fanout } from "../scenarios/fanout.ts";
import { bootstrapMedian, ENOUGH } from "../statistics/bootstrap.ts";
import { workersText } from "../workers/workers-report.ts";
import { intervalText } from "./interval.ts";
import { plain } from "./paint.ts";
import type { BenchReport } from "./report.ts";
import { machine, rawRun } from "./run.fixture.ts";
import { summarise } from "./summarise.ts";
import { terminalReport } from "./terminal.ts";

const { load } = rawRun("tickcast");

/** Of so many pairs, in which our CPU and our latency go up. */
function reportOf(pairs: number): BenchReport {
  const raw = Array.from({ length: pairs }, (_, i) => [
    rawRun("tickcast", { cpuUs: 2000 + 100 * i, lastP99: 3 + i }),
    rawRun("uws"),
  ]);
  return summarise(fanout, load, raw, [], machine);
}

/** All that is said of a report in words: on a terminal and on the page. */
function wordsOf(report: BenchReport): string {
  const step = { ...fanoutStep({ clients: 10 }), outcome: { kind: "report" as const, report } };
  const marks = stepView(step).marks.map(({ text }) => text);
  return [terminalReport(fanout, report, plain), ...marks].join("\n");
}

/** Whether a chart draws between what its points lie. */
function hasWhiskers(report: BenchReport): boolean {
  const result = { ...fanoutStep({ clients: 10 }), outcome: { kind: "report" as const, report } };
  return seriesOf({ members: [{ result, report }] }, lastP99).every(({ points }) =>
    points.every(({ low }) => low !== undefined),
  );
}

describe("the interval of a median", () => {
  test("[BEN-126] of fewer than five figures is from the least to the greatest, and is called so", () => {
    for (let count = 1; count < ENOUGH; count++) {
      const figures = Array.from({ length: count }, (_, i) => 1 + i);
      const said = intervalText(bootstrapMedian(figures), (value) => value.toFixed(0));
      expect(said).toBe(`min to max: 1 to ${count}`);
    }
    expect(intervalText(bootstrapMedian([1, 1, 1, 1, 1]), String)).toBe("95 %: 1 to 1");
  });

  test("[BEN-126] is called one of 95 % on terminal and page, and drawn, from five pairs on", () => {
    for (const pairs of [2, 4]) {
      expect(wordsOf(reportOf(pairs))).not.toContain("95 %");
      expect(wordsOf(reportOf(pairs))).toContain("min to max");
      expect(hasWhiskers(reportOf(pairs))).toBe(false);
    }
    expect(wordsOf(reportOf(ENOUGH))).toContain("95 %: ");
    expect(wordsOf(reportOf(ENOUGH))).toContain("95 % interval");
    expect(wordsOf(reportOf(ENOUGH))).not.toContain("min to max");
    expect(hasWhiskers(reportOf(ENOUGH))).toBe(true);
  });

  test("[BEN-126] of several workers is called so, too", () => {
    const of = (ratios: readonly number[]): string =>
      workersText(
        {
          scenario: "workers",
          load: { workers: 2, rooms: 50, repeat: ratios.length, seconds: 8 },
          pairs: [],
          ratio: bootstrapMedian(ratios),
          failures: [],
          machine,
        },
        plain,
      );
    expect(of([0.9])).toContain("0.900 (min to max: 0.900 to 0.900)");
    expect(of([0.9, 0.9, 0.9, 0.9, 0.9])).toContain("0.900 (95 %: 0.900 to 0.900)");
  });
});
