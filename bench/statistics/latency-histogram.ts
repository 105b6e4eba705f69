import { createHistogram } from "node:perf_hooks";

/** A distribution of milliseconds. */
export interface Percentiles {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/**
 * Where a distribution's curve is read, in percent: close together where tails are told apart. Reports hold such a
 * curve as milliseconds in this order.
 */
export const CURVE_PERCENTS: readonly number[] = [
  1, 2.5, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 92.5, 95, 96, 97, 98, 99,
  99.5, 99.75, 99.9, 99.95, 99.99, 100,
];

/** Beyond a minute a value counts as a minute: nothing that is measured here lasts so long. */
const HIGHEST_US = 60_000_000;

/**
 * Counts durations in an HDR histogram of whole microseconds, to three significant figures. Recording costs
 * about 0.1 µs and allocates nothing; what is below 1 µs, also a negative value, counts as 1 µs.
 */
export class LatencyHistogram {
  readonly #histogram = createHistogram({ lowest: 1, highest: HIGHEST_US, figures: 3 });

  record(ms: number): void {
    this.#histogram.record(Math.min(HIGHEST_US, Math.max(1, Math.round(ms * 1000))));
  }

  get count(): number {
    return this.#histogram.count;
  }

  /** All zero where nothing was recorded. */
  percentiles(): Percentiles {
    const at = (percent: number): number =>
      this.count === 0 ? 0 : this.#histogram.percentile(percent) / 1000;
    return { p50: at(50), p90: at(90), p99: at(99), p999: at(99.9), max: at(100) };
  }

  /** Milliseconds at {@link CURVE_PERCENTS}; empty where nothing was recorded. */
  curve(): number[] {
    if (this.count === 0) return [];
    return CURVE_PERCENTS.map((percent) => this.#histogram.percentile(percent) / 1000);
  }
}
