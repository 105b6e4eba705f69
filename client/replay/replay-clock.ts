import type { Clock, MonotonicMs, Release } from "../../shared/tick/clock.ts";

interface Waiting {
  readonly at: MonotonicMs;
  readonly callback: () => void;
}

/**
 * A clock that runs faster or slower than another, or stands still. Everything that takes its time from it goes with
 * it: frames, timers, what is drawn between ticks.
 */
export class ReplayClock implements Clock {
  readonly #clock: Clock;
  /** What the clock read when its rate was set last, and when that was by the other clock. */
  #reading: MonotonicMs;
  #readAt: MonotonicMs;
  #rate: number;
  readonly #waiting = new Set<Waiting>();
  #stopTimer: Release = () => {};

  /** @param rate 0 stands still, 1 is as fast as the other clock */
  constructor(clock: Clock, startMs: MonotonicMs, rate: number) {
    this.#clock = clock;
    this.#reading = startMs;
    this.#readAt = clock.now();
    this.#rate = rate;
  }

  get rate(): number {
    return this.#rate;
  }

  now(): MonotonicMs {
    return this.#reading + (this.#clock.now() - this.#readAt) * this.#rate;
  }

  setRate(rate: number): void {
    this.#reading = this.now();
    this.#readAt = this.#clock.now();
    this.#rate = rate;
    this.#arm();
  }

  /** Stands still from `ms` on, where it is beyond. */
  haltAt(ms: MonotonicMs): void {
    this.#reading = Math.min(this.now(), ms);
    this.#readAt = this.#clock.now();
    this.#rate = 0;
    this.#arm();
  }

  after(delayMs: number, callback: () => void): Release {
    const waiting = { at: this.now() + delayMs, callback };
    this.#waiting.add(waiting);
    this.#arm();
    return () => {
      this.#waiting.delete(waiting);
    };
  }

  soon(callback: () => void): Release {
    return this.#clock.soon(callback);
  }

  /** Nothing that waits is called any more. */
  stop(): void {
    this.#waiting.clear();
    this.#stopTimer();
  }

  /** One timer, for whatever is due first. */
  #arm(): void {
    this.#stopTimer();
    this.#stopTimer = () => {};
    if (this.#rate === 0 || this.#waiting.size === 0) return;
    let first = Number.POSITIVE_INFINITY;
    for (const { at } of this.#waiting) first = Math.min(first, at);
    this.#stopTimer = this.#clock.after(Math.max(0, first - this.now()) / this.#rate, () => this.#fire());
  }

  #fire(): void {
    const now = this.now();
    // Rounding may leave the first a hair in the future.
    const due = [...this.#waiting].filter(({ at }) => at <= now + 1e-6).sort((a, b) => a.at - b.at);
    for (const waiting of due) if (this.#waiting.delete(waiting)) waiting.callback();
    this.#arm();
  }
}
