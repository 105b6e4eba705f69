import { HeapSamples, type Slope } from "../statistics/heap-samples.ts";
import type { Check } from "./check.ts";
import type { Row } from "./drill.ts";

/** Memory at equal points of a drill: what there was to do so far, and what was in use after it. */
export interface MemoryPoint {
  readonly done: number;
  /** `heapUsed + external`. */
  readonly inUse: number;
}

/** Of a drill so much at its beginning is left out: tables and bounded caches grow to their size. */
const WARM_UP_SHARE = 1 / 3;

/** How memory went with what was done; `undefined` where there are too few points to say anything. */
export function growth(points: readonly MemoryPoint[]): Slope | undefined {
  const samples = new HeapSamples();
  for (const { done, inUse } of points.slice(Math.floor(points.length * WARM_UP_SHARE)))
    samples.add(done, inUse);
  return samples.slope();
}

/** `unit` is what a point's `done` counts. */
export function growthRows(unit: string, slope: Slope | undefined, points: readonly MemoryPoint[]): Row[] {
  const figure =
    slope === undefined
      ? "too few points"
      : `${slope.bytesEach.toFixed(1)} ± ${slope.margin.toFixed(1)} bytes (95 %), ${points.length} points`;
  return [
    [`memory in use at rest, slope by ${unit}`, figure],
    [
      "                      first and last",
      `${mebibytes(points[0]?.inUse)}, ${mebibytes(points.at(-1)?.inUse)}`,
    ],
  ];
}

/** Judged by the low end of its interval: growth that cannot be told from none is none. Too few points fail. */
export function growthCheck(unit: string, slope: Slope | undefined): Check {
  return {
    says: `bytes that stay by ${unit}, the low end of the interval`,
    measured: slope === undefined ? Number.NaN : slope.bytesEach - slope.margin,
    bound: { atMost: 0 },
  };
}

function mebibytes(bytes = 0): string {
  return `${(bytes / 2 ** 20).toFixed(2)} MiB`;
}
