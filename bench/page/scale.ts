/** Where a value is on an axis. */
export interface Scale {
  readonly at: (value: number) => number;
  readonly ticks: readonly { readonly value: number; readonly label: string }[];
}

export interface ScaleOptions {
  readonly values: readonly number[];
  /** Pixels of the least value and of the greatest. */
  readonly from: number;
  readonly to: number;
  readonly label: (value: number) => string;
}

/** Where values lie so far apart, equal ratios get equal lengths. */
const LOG_FROM_RATIO = 12;

/** Linear from zero, or logarithmic where the values lie far apart. */
export function scaleOf(options: ScaleOptions): Scale & { readonly kind: "linear" | "log" } {
  const positive = options.values.filter((value) => value > 0);
  const [least, most] = [Math.min(...positive), Math.max(...positive)];
  return positive.length > 0 && most / least > LOG_FROM_RATIO
    ? { ...logScale({ ...options, values: positive }), kind: "log" }
    : { ...linearScale(options), kind: "linear" };
}

/** From zero to a round number. */
export function linearScale({ values, from, to, label }: ScaleOptions): Scale {
  const most = Math.max(...values, Number.MIN_VALUE);
  const step = roundStep(most / 4);
  const end = Math.ceil(most / step - 1e-9) * step;
  const ticks = Array.from({ length: Math.round(end / step) + 1 }, (_, i) => i * step);
  return {
    at: (value) => from + (value / end) * (to - from),
    ticks: ticks.map((value) => ({ value, label: label(Number(value.toPrecision(6))) })),
  };
}

/** Between the round numbers around the values. */
export function logScale({ values, from, to, label }: ScaleOptions): Scale {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const round = roundNumbers(least, most);
  const low = round.findLast((value) => value <= least) ?? least;
  const high = round.find((value) => value >= most) ?? most;
  const width = Math.log(high / low) || 1;
  return {
    at: (value) => from + (Math.log(Math.max(value, low) / low) / width) * (to - from),
    ticks: round
      .filter((value) => value >= low && value <= high)
      .map((value) => ({ value, label: label(value) })),
  };
}

/** 1, 2 and 5 of each power of ten around a range. */
function roundNumbers(least: number, most: number): number[] {
  const first = Math.floor(Math.log10(least));
  const last = Math.ceil(Math.log10(most));
  return Array.from({ length: last - first + 1 }, (_, i) => first + i).flatMap((power) =>
    [1, 2, 5].map((digit) => Number((digit * 10 ** power).toPrecision(6))),
  );
}

/** The least of 1, 2, 2.5 and 5 times a power of ten that is at least so much. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 2.5, 5, 10].find((digit) => digit * power >= least * (1 - 1e-9)) ?? 10) * power;
}
