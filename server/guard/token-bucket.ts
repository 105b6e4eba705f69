import type { MonotonicMs } from "../../shared/tick/clock.ts";

/** An amount that fits but for rounding fits. */
const ROUNDING_MS = 1e-6;

/** How much flows into buckets of one kind, and how much each holds. */
export class BucketFlow {
  /** How long one takes to flow in, and … */
  readonly eachMs: number;
  /** … how long an empty bucket takes to be full. */
  readonly fillMs: number;

  constructor(perSecond: number, capacity: number) {
    this.eachMs = 1000 / perSecond;
    this.fillMs = capacity * this.eachMs;
  }
}

/**
 * Lets so much a second through on average, and after a quiet time as much at once as it holds. It sets no timer, and
 * all that it keeps is when it will be full again (the generic cell rate algorithm, ITU-T I.371): one is looked at for
 * each message of each player.
 */
export class TokenBucket {
  readonly #flow: BucketFlow;
  #fullAt: MonotonicMs;

  /** Begins full. */
  constructor(flow: BucketFlow, now: MonotonicMs) {
    this.#flow = flow;
    this.#fullAt = now;
  }

  /** Takes the amount, or nothing of it where less is there. A clock that went back gives nothing. */
  take(now: MonotonicMs, amount = 1): boolean {
    const { eachMs, fillMs } = this.#flow;
    const fullAt = Math.max(now, this.#fullAt) + amount * eachMs;
    if (fullAt - now > fillMs + ROUNDING_MS) return false;
    this.#fullAt = fullAt;
    return true;
  }

  /** Milliseconds until one can be taken. */
  waitMs(now: MonotonicMs): number {
    const { eachMs, fillMs } = this.#flow;
    return Math.max(0, this.#fullAt + eachMs - fillMs - now);
  }

  /** As good as new: it need not be kept. */
  isFull(now: MonotonicMs): boolean {
    return now >= this.#fullAt;
  }
}
