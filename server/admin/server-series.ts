import type { SeriesAnswer } from "./answers.ts";

/** What is kept of a second. */
export const sampleColumns = [
  "rooms",
  "players",
  "stalled",
  "away",
  "ticks",
  "frames",
  "bytes",
  "worstLatenessMs",
  "worstTickMs",
  "joins",
  "leaves",
  "stalls",
  "resyncs",
  "slips",
  "faults",
  /** Percent of a core. */
  "cpu",
  /** Percent of the time in which the event loop did something. */
  "busy",
  /** The longest that a timer of the process had to wait; −1 while nobody looks. */
  "loopDelayMs",
  "heapBytes",
  "residentBytes",
] as const;

export type SampleColumn = (typeof sampleColumns)[number];
export type Sample = Readonly<Record<SampleColumn, number>>;

/** Seconds that are kept: 96 kB. */
const CAPACITY = 600;

/** The server's last ten minutes, a sample a second. */
export class ServerSeries {
  readonly #at = new Float64Array(CAPACITY);
  readonly #values = sampleColumns.map(() => new Float64Array(CAPACITY));
  #added = 0;

  add(at: number, sample: Sample): void {
    const place = this.#added % CAPACITY;
    this.#at[place] = at;
    sampleColumns.forEach((column, index) => {
      (this.#values[index] as Float64Array)[place] = sample[column];
    });
    this.#added += 1;
  }

  /** The samples after a time, oldest first. */
  since(time: number): SeriesAnswer {
    const answer = { at: [] as number[] } as { at: number[] } & Record<SampleColumn, number[]>;
    for (const column of sampleColumns) answer[column] = [];
    for (let index = Math.max(0, this.#added - CAPACITY); index < this.#added; index++) {
      const place = index % CAPACITY;
      const at = this.#at[place] as number;
      if (at <= time) continue;
      answer.at.push(at);
      sampleColumns.forEach((column, c) => {
        answer[column].push(Math.round((this.#values[c]?.[place] as number) * 1000) / 1000);
      });
    }
    return answer;
  }
}
