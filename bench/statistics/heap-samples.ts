import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** How memory goes with what was done, by least squares, with the half width of its 95 % interval. */
export interface Slope {
  readonly bytesEach: number;
  readonly margin: number;
}

/** Of the first samples code is compiled and tables grow to their size. */
const WARM_UP = 3;

/** Student's t for 95 %, by degrees of freedom from 1 on; beyond, the normal distribution's. */
const T95 = [12.71, 4.3, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23, 2.2, 2.18, 2.16, 2.14, 2.13];

/** Memory at equal points of a long run: after each round, with nobody there. */
export class HeapSamples {
  readonly #samples: (readonly [done: number, bytes: number])[] = [];

  /** Collects all garbage and remembers what is left. @param done how much was done so far */
  take(done: number): void {
    this.add(done, bytesInUse());
  }

  add(done: number, bytes: number): void {
    this.#samples.push([done, bytes]);
  }

  get last(): number {
    return this.#samples.at(-1)?.[1] ?? 0;
  }

  /** `undefined` where there are too few to say anything. */
  slope(): Slope | undefined {
    const points = this.#samples.slice(WARM_UP);
    const freedom = points.length - 2;
    if (freedom < 1) return undefined;
    const meanX = mean(points.map(([x]) => x));
    const meanY = mean(points.map(([, y]) => y));
    const spread = sum(points.map(([x]) => (x - meanX) ** 2));
    const bytesEach = sum(points.map(([x, y]) => (x - meanX) * (y - meanY))) / spread;
    const residue = sum(points.map(([x, y]) => (y - meanY - bytesEach * (x - meanX)) ** 2));
    return { bytesEach, margin: (T95[freedom - 1] ?? 1.96) * Math.sqrt(residue / freedom / spread) };
  }
}

/** Of heap and buffers, after all garbage is collected. */
export function bytesInUse(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  // What the first frees may hold what the second frees.
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;
