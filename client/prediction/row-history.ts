import type { PredictedRow } from "./predicted-field.ts";
import type { Stepper } from "./stepper.ts";

/** Own rows by tick, from the last that the server confirmed to the newest that is predicted. The oldest give way. */
export class RowHistory {
  readonly #rows: readonly PredictedRow[];
  #oldest = 0;
  #newest = -1;

  /** @param capacity in ticks */
  constructor(stepper: Stepper, id: number, capacity: number) {
    this.#rows = Array.from({ length: capacity }, () => stepper.blank(id));
  }

  get isEmpty(): boolean {
    return this.#newest < this.#oldest;
  }

  get oldest(): number {
    return this.#oldest;
  }

  get newest(): number {
    return this.#newest;
  }

  get isFull(): boolean {
    return this.#newest - this.#oldest + 1 === this.#rows.length;
  }

  at(tick: number): PredictedRow | undefined {
    return tick < this.#oldest || tick > this.#newest ? undefined : this.#slot(tick);
  }

  /** Forgets everything; the row of `tick`, to be filled, is the only one then. */
  begin(tick: number): PredictedRow {
    this.#oldest = tick;
    this.#newest = tick;
    return this.#slot(tick);
  }

  /** One tick more: its row, to be filled. There is room as long as {@link isFull} says so. */
  append(): PredictedRow {
    this.#newest += 1;
    return this.#slot(this.#newest);
  }

  /** Rows before `tick` are not needed any more. */
  forgetBefore(tick: number): void {
    this.#oldest = Math.max(this.#oldest, tick);
  }

  clear(): void {
    this.#oldest = 0;
    this.#newest = -1;
  }

  #slot(tick: number): PredictedRow {
    return this.#rows[tick % this.#rows.length] as PredictedRow;
  }
}
