import { seededRandom } from "../../shared/random/seeded-random.ts";
import { spread } from "./median.ts";

/** A median, and between what the true one lies with the confidence that was asked for. */
export interface Estimate {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  /** Figures, or pairs of figures, that it is made of. */
  readonly count: number;
}

export interface BootstrapOptions {
  /** Share of intervals that hold the true value. Default 0.95. */
  readonly confidence: number;
  /** More make the interval's ends steadier, not it narrower. Default 2,000: some milliseconds. */
  readonly resamples: number;
  /** The same figures and seed give the same interval. */
  readonly seed: number;
}

const defaults: BootstrapOptions = { confidence: 0.95, resamples: 2000, seed: 20_250_615 };

/** Fewer figures than this have an interval, but none that holds what it promises. */
export const ENOUGH = 5;

/**
 * The median with a percentile-bootstrap interval (Efron 1979): of many samples drawn with replacement from the
 * figures, the middle 95 % of their medians. No distribution is assumed, so a stalled run is no catastrophe.
 *
 * @throws RangeError where there is no figure
 */
export function bootstrapMedian(
  figures: readonly number[],
  options: Partial<BootstrapOptions> = {},
): Estimate {
  const { median } = spread(figures);
  const draw = drawer(options);
  return { median, ...interval(options, () => spread(draw(figures)).median), count: figures.length };
}

/**
 * The median of `ours[i] / theirs[i]`, with its interval: runs that followed one another met the same machine,
 * so pairs are drawn as pairs, and what slowed both of them is no noise.
 *
 * @throws RangeError where the two are not of one length, or empty
 */
export function bootstrapPairedRatio(
  ours: readonly number[],
  theirs: readonly number[],
  options: Partial<BootstrapOptions> = {},
): Estimate {
  if (ours.length !== theirs.length)
    throw new RangeError(`${ours.length} figures are no pairs with ${theirs.length}`);
  return bootstrapMedian(
    ours.map((figure, i) => figure / (theirs[i] as number)),
    options,
  );
}

/**
 * How many times the median before the median after is, with its interval. The two were measured at different
 * times, so each is drawn from on its own. `count` is that of the smaller one.
 *
 * @throws RangeError where one of them is empty
 */
export function bootstrapChange(
  before: readonly number[],
  after: readonly number[],
  options: Partial<BootstrapOptions> = {},
): Estimate {
  const draw = drawer(options);
  return {
    median: spread(after).median / spread(before).median,
    ...interval(options, () => spread(draw(after)).median / spread(draw(before)).median),
    count: Math.min(before.length, after.length),
  };
}

/** Draws as many figures as there are, with replacement. */
function drawer({ seed = defaults.seed }: Partial<BootstrapOptions>) {
  const random = seededRandom(seed);
  return (figures: readonly number[]): number[] =>
    figures.map(() => figures[Math.floor(random() * figures.length)] as number);
}

/** Between which values the middle share of the resampled ones lies. */
function interval(
  { confidence = defaults.confidence, resamples = defaults.resamples }: Partial<BootstrapOptions>,
  resample: () => number,
): { low: number; high: number } {
  const values = Array.from({ length: resamples }, resample).sort((a, b) => a - b);
  const outside = Math.floor(((1 - confidence) / 2) * resamples);
  return { low: values[outside] as number, high: values[resamples - 1 - outside] as number };
}
