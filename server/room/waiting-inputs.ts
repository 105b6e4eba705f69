import type { Wire } from "../../shared/state/field-codec.ts";

/**
 * One player's inputs for ticks to come, in no order: one or none as a rule, and as many as the queue lets in at most.
 * A map would be made anew with every other input: V8 shrinks one that becomes empty.
 */
export class WaitingInputs {
  readonly #ticks: number[] = [];
  readonly #values: (readonly Wire[])[] = [];

  get isEmpty(): boolean {
    return this.#ticks.length === 0;
  }

  has(tick: number): boolean {
    return this.#ticks.includes(tick);
  }

  /** An input for a tick that has none yet. */
  add(tick: number, values: readonly Wire[]): void {
    this.#ticks.push(tick);
    this.#values.push(values);
  }

  /** The input for `tick`, which waits no more. */
  take(tick: number): readonly Wire[] | undefined {
    const at = this.#ticks.indexOf(tick);
    if (at === -1) return undefined;
    const values = this.#values[at];
    const last = { tick: this.#ticks.pop() as number, values: this.#values.pop() as readonly Wire[] };
    if (at < this.#ticks.length) {
      this.#ticks[at] = last.tick;
      this.#values[at] = last.values;
    }
    return values;
  }
}
