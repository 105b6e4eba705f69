import { machineFacts } from "../report/machine.ts";
import { slowReadersReport } from "../report/slow-readers-report.ts";
import { runSlowReaders } from "../run/run-slow-readers.ts";
import { slowReaders as scenario } from "../scenarios/slow-readers.ts";
import type { Drill, DrillEnvironment, Findings } from "./drill.ts";
import { figure } from "./figures.ts";

const LOADS = {
  full: scenario.defaults,
  short: { clients: 40, slow: 8, mirrors: 2, seconds: 3, pairs: 1 },
} as const;

/** The scenario of the benchmark, held to its own bounds. */
export const slowReaders: Drill = {
  name: "slow-readers",
  says: "a fifth of the players does not read (the benchmark's scenario)",
  async run(environment: DrillEnvironment): Promise<Findings> {
    const load = LOADS[environment.extent];
    const run = await runSlowReaders(load, environment);
    const report = slowReadersReport(run, machineFacts(environment.placement, new Date()));
    const { p99Ratio, returnMs } = report;
    return {
      did: `${load.clients} players, of whom ${load.slow} do not read in every other of ${2 * load.pairs} windows of ${load.seconds} s`,
      rows: [
        ["p99 of the others, with over without", ratioText(p99Ratio)],
        ["most bytes that waited in the process for one", report.bufferedBytes.toLocaleString("en")],
        ["from reading again to the current tick, p50", figure(returnMs.p50, "ms")],
        ["                                       max", figure(returnMs.max, "ms")],
        ["states compared with the server's", report.hashesCompared.toLocaleString("en")],
      ],
      checks: [
        ...report.targets.map(({ says, measured, atMost }) => ({
          says,
          measured,
          bound: { atMost },
          holds: "timing" as const,
        })),
        {
          says: "failures of the run",
          measured: report.failures.length,
          bound: { exactly: 0 },
          holds: "timing" as const,
        },
      ],
      servers: [],
      doubts: report.reasons,
      notes: report.failures,
      figures: report,
    };
  },
};

function ratioText({ median, low, high }: { median: number; low: number; high: number }): string {
  return `${median.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
}
