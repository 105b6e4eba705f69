import type { MonotonicMs } from "../shared/tick/clock.ts";

/** Reports that count, one a second: with five, one that a stall spoiled is never the middle one. */
const REPORTS = 5;

/**
 * How much later than pings promise inputs really arrive, timers that are late included, from what the server says
 * of their margin. A report is about exactly the inputs that went out between two pings, for the link keeps the
 * order; so it can be told how far ahead the timeline was for those very inputs, and nothing swings.
 */
export class MarginCorrection {
  /** How far ahead the inputs since the last ping were in sum, and how many; undefined: they do not count. */
  #window: { sumMs: number; inputs: number } | undefined;
  /** By stamp of a ping that is not answered: how far ahead the inputs just before it were, if they count. */
  readonly #asked = new Map<MonotonicMs, number | undefined>();
  #reports: readonly number[] = [];
  #ms = 0;

  /** To add to how far ahead one is to be. */
  get ms(): number {
    return this.#ms;
  }

  /** An input went out while `aheadMs` was added to our time to get the moment that it was for. */
  sent(aheadMs: number): void {
    if (this.#window === undefined) return;
    this.#window.sumMs += aheadMs;
    this.#window.inputs += 1;
  }

  pingSent(stamp: MonotonicMs): void {
    const { sumMs, inputs } = this.#window ?? { sumMs: 0, inputs: 0 };
    this.#asked.set(stamp, inputs > 0 ? sumMs / inputs : undefined);
    this.#window = { sumMs: 0, inputs: 0 };
  }

  /**
   * That ping is answered: the inputs before it were `marginMs` early in the mean, if any came.
   *
   * @param arrivalMs what pings say is to be added to our time for an input to be just in time
   */
  answered(stamp: MonotonicMs, marginMs: number | undefined, arrivalMs: number): void {
    const aheadMs = this.#asked.get(stamp);
    this.#asked.delete(stamp);
    if (aheadMs === undefined || marginMs === undefined) return;
    this.#reports = [...this.#reports, aheadMs - marginMs - arrivalMs].slice(-REPORTS);
    this.#ms = median(this.#reports);
  }

  /** Time did not run evenly, or pongs were lost: what is on its way says nothing. */
  void(): void {
    this.#window = undefined;
    this.#asked.clear();
  }

  /** What was learnt led astray. */
  forget(): void {
    this.void();
    this.#reports = [];
    this.#ms = 0;
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[(sorted.length >> 1) - 1] ?? upper)) / 2;
}
