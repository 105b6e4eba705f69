import type { MonotonicMs } from "../shared/tick/clock.ts";

/** So many answers in a row that are all too slow, or all too quick, are another path and no chance. */
const ANSWERS = 3;

/** What round trips are like on the path so far, in milliseconds. */
export interface UsualTrip {
  readonly rttMs: number;
  /** Beyond this an answer is odd. */
  readonly mostDeviationMs: number;
}

/**
 * Notices that round trips have become others for good, as when a phone leaves the house: an estimate that follows
 * smoothly would take the change for jitter, for as long as it is on its way.
 */
export class PathChange {
  /** As it was before the odd answers: they are a part of what is estimated by now. */
  #usual: UsualTrip | undefined;
  #side: "slower" | "quicker" | undefined;
  #answers = 0;
  #answeredAt: MonotonicMs = Number.NEGATIVE_INFINITY;

  /**
   * @param sentAt when it was asked for. What was asked before the last odd answer came says nothing of its own: it
   * stood in the same stall
   */
  answered(
    rttMs: number,
    sentAt: MonotonicMs,
    now: MonotonicMs,
    usual: UsualTrip,
  ): "usual" | "odd" | "changed" {
    const before = this.#usual ?? usual;
    const deviation = rttMs - before.rttMs;
    if (Math.abs(deviation) <= before.mostDeviationMs) {
      this.#forget();
      return "usual";
    }
    const side = deviation > 0 ? "slower" : "quicker";
    if (side !== this.#side) {
      this.#usual = before;
      this.#side = side;
      this.#answers = 0;
    } else if (sentAt < this.#answeredAt) return "odd";
    this.#answeredAt = now;
    this.#answers += 1;
    if (this.#answers < ANSWERS) return "odd";
    this.#forget();
    return "changed";
  }

  /** How many of the last answers came by the new path when one is. */
  static readonly answers = ANSWERS;

  #forget(): void {
    this.#usual = undefined;
    this.#side = undefined;
    this.#answers = 0;
  }
}
