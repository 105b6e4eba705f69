/** An input that acts, or is to. */
interface SeenInput {
  readonly tick: number;
  /** The tick that it takes effect in: later than its own where it came late. */
  readonly actsIn: number;
  readonly viewTick: number;
}

/**
 * Which tick a player saw when they gave the input that acts. Held inputs go on acting and their player goes on
 * looking, so what they see moves with the ticks. It computes when it is asked, and costs nothing in other ticks.
 */
export class ViewTicks {
  readonly #maxTicks: number;
  /** In the order of their ticks. All but the first are to come, as of when it was last asked or told. */
  readonly #inputs: SeenInput[] = [];

  /** @param maxTicks how far back a view may be; beyond it a player is taken to see that */
  constructor(maxTicks: number) {
    this.#maxTicks = maxTicks;
  }

  /**
   * An input was taken.
   *
   * @param next the tick that runs next
   */
  received(tick: number, viewTick: number, next: number): void {
    this.#moveTo(next - 1);
    let place = this.#inputs.length;
    while (place > 0 && (this.#inputs[place - 1] as SeenInput).tick > tick) place -= 1;
    this.#inputs.splice(place, 0, { tick, actsIn: Math.max(tick, next), viewTick });
  }

  /** What the player saw when they gave the input of that tick. Ticks come in order. */
  at(tick: number): number {
    this.#moveTo(tick);
    const acting = this.#inputs[0];
    if (acting === undefined || acting.actsIn > tick) return tick;
    // In the tick in which a late input acts, what counts is what its player saw when they gave it.
    const since = tick === acting.actsIn ? 0 : tick - acting.tick;
    return Math.min(Math.max(acting.viewTick + since, tick - this.#maxTicks), tick);
  }

  #moveTo(tick: number): void {
    while ((this.#inputs[1]?.actsIn ?? Number.POSITIVE_INFINITY) <= tick) this.#inputs.shift();
  }
}
