import type { Load } from "../scenarios/scenario.ts";
import { spread } from "../statistics/median.ts";
import type { BenchReport, Encoding, Ratio, SystemReport, TargetReport } from "./report.ts";

/** Figures that a target can bound. Of several runs the median counts. */
const figures = {
  /** Tickcast's server CPU per client and tick over the bare server's, in pairs. */
  "ratio.serverCpuUsPerFrame": ({ ratio }: Measured) => ratio?.serverCpuUsPerFrame,
  "latenessMs.p99": ({ ours }: Measured) => median(ours, ({ latenessMs }) => latenessMs.p99),
  "latencyMs.all.p99": ({ ours }: Measured) => median(ours, ({ latencyMs }) => latencyMs.all.p99),
  "encoding.shareOfPeriod": ({ encoding }: Measured) => encoding?.shareOfPeriod,
  /** Bytes per client and second over those of everything sent to everyone. */
  "ratio.bytesOfWhole": ({ ours, whole }: Measured) => {
    const bytes = median(ours, ({ bytesPerClientPerSecond }) => bytesPerClientPerSecond);
    return whole && bytes && bytes / whole.bytesPerClientPerSecond;
  },
} as const;

/** A bound on a figure, and where it is meant to hold. The report says whether it is met. */
export interface Target {
  readonly says: string;
  /** Whether the load is the one that the target is about. */
  readonly appliesTo: (load: Load, pairs: number) => boolean;
  readonly figure: keyof typeof figures;
  readonly atMost: number;
}

interface Measured {
  /** Tickcast in each pair. */
  readonly ours: readonly SystemReport[];
  readonly ratio: Ratio | null;
  readonly encoding: Encoding | null;
  /** The same game, everything sent to everyone; absent where it did not run. */
  readonly whole: SystemReport | undefined;
}

/** Judges the targets that are about this load and whose figure was measured. */
export function judgeTargets(
  targets: readonly Target[],
  load: Load,
  { pairs, beside, ratio, encoding }: Pick<BenchReport, "pairs" | "beside" | "ratio" | "encoding">,
): TargetReport[] {
  const measured: Measured = {
    ours: pairs.flatMap(({ systems }) => systems.filter(({ name }) => name === "tickcast")),
    ratio,
    encoding,
    whole: beside.find(({ name }) => name === "tickcast-whole"),
  };
  return targets
    .filter(({ appliesTo }) => appliesTo(load, pairs.length))
    .flatMap(({ says, figure, atMost }) => {
      const value = figures[figure](measured);
      return value === undefined ? [] : [{ says, atMost, measured: value, met: value <= atMost }];
    });
}

function median(
  reports: readonly SystemReport[],
  of: (report: SystemReport) => number | undefined,
): number | undefined {
  const values = reports.flatMap((report) => of(report) ?? []);
  return values.length === 0 ? undefined : spread(values).median;
}
