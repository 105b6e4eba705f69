import { HeapSamples, type Slope } from "../statistics/heap-samples.ts";
import type { Check } from "./check.ts";
import type { Row } from "./drill.ts";

/** Memory at equal points of a drill: what there was to do so far, and what was in use after it. */
export interface MemoryPoint {
  readonly done: number;
  /** `heapUsed + external`. */
  readonly inUse: number;
  /** Of that machine code. */
  readonly code: number;
}

/** How memory went with what was done. */
export interface Growth {
  /** Without machine code, which is judged. */
  readonly data: Slope | undefined;
  /** With it. */
  readonly all: Slope | undefined;
}

/** Of a drill so much at its beginning is left out: code is compiled, tables grow to their size. */
const WARM_UP_SHARE = 1 / 3;

/** Its slopes are `undefined` where there are too few points to say anything. */
export function growth(points: readonly MemoryPoint[]): Growth {
  const counted = points.slice(Math.floor(points.length * WARM_UP_SHARE));
  const slope = (bytes: (point: MemoryPoint) => number): Slope | undefined => {
    const samples = new HeapSamples();
    for (const point of counted) samples.add(point.done, bytes(point));
    return samples.slope();
  };
  return { data: slope(({ inUse, code }) => inUse - code), all: slope(({ inUse }) => inUse) };
}

/** `unit` is what a point's `done` counts. */
export function growthRows(unit: string, { data, all }: Growth, points: readonly MemoryPoint[]): Row[] {
  const figure = (slope: Slope | undefined): string =>
    slope === undefined
      ? "too few points"
      : `${slope.bytesEach.toFixed(1)} ± ${slope.margin.toFixed(1)} bytes (95 %)`;
  const end = points.at(-1);
  const from = points[Math.floor(points.length * WARM_UP_SHARE)];
  return [
    [`bytes that stay by ${unit}, without machine code`, figure(data)],
    [`                  ${" ".repeat(unit.length)}, with it`, figure(all)],
    [
      "memory in use at rest, after the warm-up and in the end",
      `${mebibytes(from?.inUse)}, ${mebibytes(end?.inUse)} (machine code ${mebibytes(from?.code)}, ${mebibytes(end?.code)})`,
    ],
    ["points that count", `${points.length - Math.floor(points.length * WARM_UP_SHARE)} of ${points.length}`],
  ];
}

/** Judged by the low end of its interval: growth that cannot be told from none is none. Too few points fail. */
export function growthCheck(unit: string, { data }: Growth): Check {
  return {
    says: `bytes that stay by ${unit} beside machine code, the low end of the interval`,
    measured: data === undefined ? Number.NaN : data.bytesEach - data.margin,
    bound: { atMost: 0 },
  };
}

function mebibytes(bytes = 0): string {
  return `${(bytes / 2 ** 20).toFixed(2)} MiB`;
}
