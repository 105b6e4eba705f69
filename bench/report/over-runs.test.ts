import { describe, expect, test } from "vitest";
import { tableCells } from "../page/groups.ts";
import { fanout } from "../scenarios/fanout.ts";
import { systemReport } from "./judge.ts";
import { overRuns } from "./over-runs.ts";
import { plain } from "./paint.ts";
import type { SystemReport } from "./report.ts";
import { machine, rawRun } from "./run.fixture.ts";
import { summarise } from "./summarise.ts";
import { terminalReport } from "./terminal.ts";

const { load } = rawRun("tickcast");

/** A run whose every latency is so many milliseconds. */
function run(system: "tickcast" | "uws", ms: number, cpuUs: number, delivered = 200) {
  const raw = rawRun(system, { cpuUs, delivered });
  const same = { p50: ms, p90: ms, p99: ms, p999: ms, max: ms };
  return {
    ...raw,
    server: { ...raw.server, latenessMs: same },
    clients: { ...raw.clients, latencyMs: { first: same, last: same, all: same } },
  };
}

/** The pair in the middle by CPU is by far the slowest one. */
const pairs = [
  [run("tickcast", 2, 1000), run("uws", 1, 1000)],
  [run("tickcast", 90, 2000), run("uws", 90, 1000)],
  [run("tickcast", 4, 3000), run("uws", 1, 1000)],
];
const report = summarise(fanout, load, pairs, [], machine);

describe("a system over several runs", () => {
  test("[BEN-125] has the median of every figure, and no figure of one run beside it", () => {
    const [ours] = report.systems as [SystemReport];
    const each = [ours.latencyMs.first, ours.latencyMs.last, ours.latencyMs.all, ours.latenessMs];
    for (const { p50, p90, p99, p999, max } of each)
      expect([p50, p90, p99, p999, max]).toEqual([4, 4, 4, 4, 4]);
    expect(ours.serverCpuUsPerFrame).toBe(10);
    const estimates = report.estimates[0]?.medians;
    expect(estimates?.lastP99.median).toBe(ours.latencyMs.last.p99);
    expect(estimates?.allP50.median).toBe(ours.latencyMs.all.p50);
    expect(estimates?.serverCpuUsPerFrame.median).toBe(ours.serverCpuUsPerFrame);
    expect(tableCells(ours, report).slice(1, 3)).toEqual(["4.000", "4.000"]);
    expect(tableCells(ours, report).slice(4, 7)).toEqual(["4.000", "4.000", "4.000"]);
  });

  test("[BEN-125] has the sum of what is counted, and every failure of any run", () => {
    const runs = [run("tickcast", 2, 1000), run("tickcast", 3, 1000, 199)].map(systemReport);
    const both = overRuns(runs, runs[0] as SystemReport);
    expect([both.delivered, both.expected]).toEqual([399, 400]);
    expect(both.failures).toEqual([expect.stringContaining("199 of 200")]);
  });

  test("[BEN-125] remarks of one run alone say so", () => {
    const [one] = [systemReport(run("tickcast", 2, 1000))];
    const runs = [
      { ...one, remarks: ["it has loops of its own"] },
      { ...one, remarks: ["it has loops of its own", "a tick came late"] },
    ];
    expect(overRuns(runs, runs[0] as SystemReport).remarks).toEqual([
      "it has loops of its own",
      "in one of 2 runs a tick came late",
    ]);
  });

  test("[BEN-125] on a terminal the quotient is the median of the pairs' quotients, and what ran once says so", () => {
    const text = terminalReport(
      fanout,
      summarise(fanout, load, pairs, [rawRun("tickcast-whole")], machine),
      plain,
    );
    expect(text).toContain("the median of 3 pairs");
    // Quotients of the pairs are 2, 1 and 4; that of the medians would be 4.
    expect(text).toMatch(/to the last client, {2}p50 +4\.000 +1\.000 +2\.00 ×/);
    expect(text).toContain("all to all, one run");
  });
});
