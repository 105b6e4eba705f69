import { ENOUGH, type Estimate } from "../statistics/bootstrap.ts";
import { systems } from "../systems/systems.ts";
import type { Paint } from "./paint.ts";
import type { BenchReport } from "./report.ts";
import { alignedRows } from "./table.ts";
import { microseconds, milliseconds } from "./units.ts";

/**
 * Each system over all pairs: the median, between what it lies, and how many times Tickcast's figure that is.
 * Nothing for a single pair, of which the table says all there is.
 */
export function estimateLines({ estimates, pairs }: BenchReport, paint: Paint): string[] {
  if (pairs.length < 2 || estimates.length < 2) return [];
  const head = [
    `median of the runs (${pairs.length < ENOUGH ? "min to max" : "95 % interval"})`,
    "CPU per frame",
    "",
    "to each, p50",
    "",
    "to the last, p99",
    "",
  ];
  const body = estimates.map(({ name, medians, overFirst }) => [
    systems[name].title,
    within(medians.serverCpuUsPerFrame, microseconds),
    times(overFirst?.serverCpuUsPerFrame),
    within(medians.allP50, milliseconds),
    times(overFirst?.allP50),
    within(medians.lastP99, milliseconds),
    times(overFirst?.lastP99),
  ]);
  const [first = "", ...rest] = alignedRows([head, ...body]);
  return ["", paint("dim", first), ...rest, ""];
}

const within = ({ median, low, high }: Estimate, as: (value: number) => string): string =>
  `${as(median)} (${as(low)}–${as(high)})`;

const times = (ratio: Estimate | undefined): string =>
  ratio === undefined
    ? ""
    : `${ratio.median.toFixed(2)} × (${ratio.low.toFixed(2)}–${ratio.high.toFixed(2)})`;
