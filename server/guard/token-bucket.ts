import type { MonotonicMs } from "../../shared/tick/clock.ts";

/**
 * Lets so much a second through on average, and after a quiet time as much at once as it holds. It sets no timer:
 * what flowed in since is counted when somebody takes.
 */
export class TokenBucket {
  readonly #perMs: number;
  readonly #capacity: number;
  #tokens: number;
  #at: MonotonicMs;

  /** Begins full. */
  constructor(perSecond: number, capacity: number, now: MonotonicMs) {
    this.#perMs = perSecond / 1000;
    this.#capacity = capacity;
    this.#tokens = capacity;
    this.#at = now;
  }

  /** Takes the amount, or nothing of it where less is there. */
  take(now: MonotonicMs, amount = 1): boolean {
    this.#flow(now);
    if (this.#tokens < amount) return false;
    this.#tokens -= amount;
    return true;
  }

  /** Milliseconds until one can be taken. */
  waitMs(now: MonotonicMs): number {
    this.#flow(now);
    return Math.max(0, 1 - this.#tokens) / this.#perMs;
  }

  /** As good as new: it need not be kept. */
  isFull(now: MonotonicMs): boolean {
    this.#flow(now);
    return this.#tokens >= this.#capacity;
  }

  #flow(now: MonotonicMs): void {
    // A clock that stood still or went back gives nothing.
    if (now <= this.#at) return;
    this.#tokens = Math.min(this.#capacity, this.#tokens + (now - this.#at) * this.#perMs);
    this.#at = now;
  }
}
