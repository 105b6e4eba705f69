import type { SeriesAnswer } from "../../answers.ts";

type Column = Exclude<keyof SeriesAnswer, "at">;

/** Seconds that are kept. */
const MOST = 600;

/** The server's seconds, as they came. */
export class SeriesHistory {
  #series: Partial<Record<keyof SeriesAnswer, readonly number[]>> = {};

  get isEmpty(): boolean {
    return this.newest === 0;
  }

  /** The time of the last second. */
  get newest(): number {
    return this.#series.at?.at(-1) ?? 0;
  }

  add(more: SeriesAnswer): void {
    for (const name of Object.keys(more) as (keyof SeriesAnswer)[])
      this.#series[name] = [...(this.#series[name] ?? []), ...more[name]].slice(-MOST);
  }

  /** Unix seconds. */
  get times(): readonly number[] {
    return (this.#series.at ?? []).map((at) => at / 1_000);
  }

  /** What is below 0 was not measured. */
  column(name: Column): readonly (number | null)[] {
    return (this.#series[name] ?? []).map((value) => (value < 0 ? null : value));
  }

  last(name: Column): number {
    return this.#series[name]?.at(-1) ?? 0;
  }
}
