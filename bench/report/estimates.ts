import type { SystemName } from "../scenarios/scenario.ts";
import { bootstrapMedian, bootstrapPairedRatio, type Estimate } from "../statistics/bootstrap.ts";
import type { Pair, SystemReport } from "./report.ts";

/** A figure of a run, the same of every system: less is better. */
export interface Figure {
  /** As its key is in reports. */
  readonly key: "serverCpuUsPerFrame" | "allP50" | "lastP99";
  readonly of: (report: SystemReport) => number;
}

export const figures: readonly Figure[] = [
  { key: "serverCpuUsPerFrame", of: (report) => report.serverCpuUsPerFrame },
  { key: "allP50", of: ({ latencyMs }) => latencyMs.all.p50 },
  { key: "lastP99", of: ({ latencyMs }) => latencyMs.last.p99 },
];

type Estimates = Readonly<Record<Figure["key"], Estimate>>;

/** One system over all pairs: medians, with intervals that hold the true ones 19 times in 20. */
export interface SystemEstimates {
  readonly name: SystemName;
  readonly medians: Estimates;
  /** Over the first system's figures of the same pair; null for the first itself. */
  readonly overFirst: Estimates | null;
}

/** In the order in which the systems ran. */
export function systemEstimates(pairs: readonly Pair[]): SystemEstimates[] {
  const names = pairs[0]?.systems.map(({ name }) => name) ?? [];
  return names.map((name, place) => {
    const of = (at: number, figure: Figure): number[] =>
      pairs.flatMap(({ systems }) => systems.slice(at, at + 1).map(figure.of));
    return {
      name,
      medians: estimates((figure) => bootstrapMedian(of(place, figure))),
      overFirst:
        place === 0 ? null : estimates((figure) => bootstrapPairedRatio(of(place, figure), of(0, figure))),
    };
  });
}

function estimates(estimate: (figure: Figure) => Estimate): Estimates {
  return Object.fromEntries(figures.map((figure) => [figure.key, estimate(figure)])) as unknown as Estimates;
}
