import type { Clock, MonotonicMs, Release } from "../tick/clock.ts";

/** A longer delay overflows the timers of browsers and Node, which then fire at once. */
const longestTimeoutMs = 2 ** 31 - 1;

/** The time of browsers and Node alike: `performance.now()`, counted from `originMs`. */
export class SystemClock implements Clock {
  readonly #originMs: MonotonicMs;

  constructor(originMs: MonotonicMs = 0) {
    this.#originMs = originMs;
  }

  now(): MonotonicMs {
    return this.#originMs + performance.now();
  }

  after(delayMs: number, callback: () => void): Release {
    const dueAt = this.now() + delayMs;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const wait = (remainingMs: number) => {
      timer = setTimeout(fire, Math.min(Math.ceil(remainingMs), longestTimeoutMs));
    };
    const fire = () => {
      // Timers count whole milliseconds from a time that is cut to one, so they may fire early.
      const remainingMs = dueAt - this.now();
      if (remainingMs > 0) wait(remainingMs);
      else callback();
    };
    wait(delayMs);
    return () => clearTimeout(timer);
  }

  soon(callback: () => void): Release {
    return this.after(0, callback);
  }
}
