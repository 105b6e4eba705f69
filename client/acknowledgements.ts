/**
 * When to acknowledge by a frame of its own: at first, then once so many ticks have closed beyond what the server
 * knows. It knows what was acknowledged, and the whole tick that an input's view had come to; a view that lags
 * behind, or stands still, does not put the next acknowledgement off.
 */
export class Acknowledgements {
  readonly #everyTicks: number;
  /** The server knows that this tick was closed here. */
  #known = Number.NEGATIVE_INFINITY;

  constructor(everyTicks: number) {
    this.#everyTicks = everyTicks;
  }

  isDue(tick: number): boolean {
    return tick - this.#known >= this.#everyTicks;
  }

  said(tick: number): void {
    this.#known = Math.max(this.#known, Math.floor(tick));
  }

  /** The server starts to count anew. */
  restart(): void {
    this.#known = Number.NEGATIVE_INFINITY;
  }
}
