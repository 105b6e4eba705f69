import type { Clock, MonotonicMs, Release } from "../../shared/tick/clock.ts";

/** Another machine's clock: it has its own zero, runs a little fast, may jump, and its timers may be late. */
export class DriftingClock implements Clock {
  readonly #base: Clock;
  readonly #rate: number;
  #offsetMs: number;
  /** Timers fire so much late, as those of pages in the background do. */
  lateMs = 0;

  constructor(base: Clock, options: { readonly ppm?: number; readonly offsetMs?: number } = {}) {
    this.#base = base;
    this.#rate = 1 + (options.ppm ?? 0) / 1e6;
    this.#offsetMs = options.offsetMs ?? 0;
  }

  now(): MonotonicMs {
    return this.#base.now() * this.#rate + this.#offsetMs;
  }

  after(delayMs: number, callback: () => void): Release {
    return this.#base.after(Math.max(0, delayMs) / this.#rate + this.lateMs, callback);
  }

  soon(callback: () => void): Release {
    return this.#base.soon(callback);
  }

  jump(ms: number): void {
    this.#offsetMs += ms;
  }
}
