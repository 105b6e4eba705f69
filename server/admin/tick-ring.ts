import type { TicksAnswer } from "./answers.ts";

/** What is kept of a tick. Durations are microseconds, `flushed` since the step began; everything else is counted. */
export const tickColumns = [
  "lateness",
  "step",
  "commit",
  "publish",
  "flushed",
  "players",
  "frames",
  "bytes",
  "keyframes",
  "joins",
  "leaves",
  "stalls",
  "resyncs",
  "lateInputs",
  "slipped",
  "faults",
] as const;

export type TickColumn = (typeof tickColumns)[number];

export type TickValues = Readonly<Record<TickColumn, number>>;

const WIDTH = tickColumns.length;
const FLUSHED = tickColumns.indexOf("flushed");

/** The last ticks of a room, in two arrays: adding one allocates nothing. */
export class TickRing {
  readonly capacity: number;
  readonly #ticks: Float64Array;
  /** 32 bits are exact for whole numbers up to 16 million: 16 s, 16 MB. */
  readonly #values: Float32Array;
  #added = 0;
  /** Later ticks are not told yet: their flush is still to come. */
  #flushedUpTo = Number.NEGATIVE_INFINITY;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.#ticks = new Float64Array(capacity);
    this.#values = new Float32Array(capacity * WIDTH);
  }

  add(tick: number, values: TickValues): void {
    const place = this.#added % this.capacity;
    this.#ticks[place] = tick;
    for (let column = 0; column < WIDTH; column++)
      this.#values[place * WIDTH + column] = values[tickColumns[column] as TickColumn];
    this.#added += 1;
  }

  /** The tick's frames were handed to the kernel, so many microseconds after its step began. */
  flushed(tick: number, microseconds: number): void {
    for (let index = this.#added - 1; index >= this.#first; index--) {
      const place = index % this.capacity;
      const at = this.#ticks[place] as number;
      if (at > tick) continue;
      if (at < tick) return;
      this.#values[place * WIDTH + FLUSHED] = microseconds;
      this.#flushedUpTo = tick;
      return;
    }
  }

  /** The oldest tick that is kept. */
  get oldest(): number {
    return this.#added === 0 ? 0 : (this.#ticks[this.#first % this.capacity] as number);
  }

  /** What is known of the ticks after `tick`, oldest first. */
  since(tick: number): TicksAnswer {
    const answer = { tick: [] as number[] } as { tick: number[] } & Record<TickColumn, number[]>;
    for (const column of tickColumns) answer[column] = [];
    for (let index = this.#first; index < this.#added; index++) {
      const place = index % this.capacity;
      const at = this.#ticks[place] as number;
      if (at <= tick || at > this.#flushedUpTo) continue;
      answer.tick.push(at);
      for (let column = 0; column < WIDTH; column++)
        answer[tickColumns[column] as TickColumn].push(this.#values[place * WIDTH + column] as number);
    }
    return answer;
  }

  get #first(): number {
    return Math.max(0, this.#added - this.capacity);
  }
}
