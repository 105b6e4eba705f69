import type { MonotonicMs } from "../shared/tick/clock.ts";

/** Older samples say little about the path that packets take now. */
const SAMPLES = 8;

interface Sample {
  readonly rttMs: number;
  /** What to add to our time to get the server's. */
  readonly offsetMs: number;
}

/**
 * How far away the server is and what its clock says, from pings. The sample with the lowest round trip waited
 * least in queues, so its halves are the most alike: it alone counts.
 */
export class ClockEstimate {
  #samples: readonly Sample[] = [];
  #best: Sample | undefined;

  /** A ping sent at `sentAt` was answered at `now`; the server read `serverNow` in between. */
  answered(sentAt: MonotonicMs, serverNow: MonotonicMs, now: MonotonicMs): void {
    const rttMs = now - sentAt;
    const sample = { rttMs, offsetMs: serverNow - (sentAt + now) / 2 };
    this.#samples = [...this.#samples, sample].slice(-SAMPLES);
    this.#best = this.#samples.reduce((best, other) => (other.rttMs <= best.rttMs ? other : best));
  }

  /** Undefined before the first answer. */
  get rttMs(): number | undefined {
    return this.#best?.rttMs;
  }

  get offsetMs(): number | undefined {
    return this.#best?.offsetMs;
  }
}

/**
 * When to ping: five times in the first second, then once a second. Counted in ticks, because browsers slow
 * the timers of pages in the background down, while ticks keep coming.
 */
export class PingSchedule {
  readonly #ticksASecond: number;
  #early = 5;
  #dueAt = 0;

  constructor(tickRate: number) {
    this.#ticksASecond = Math.ceil(tickRate);
  }

  isDue(tick: number): boolean {
    if (tick < this.#dueAt) return false;
    this.#early = Math.max(0, this.#early - 1);
    this.#dueAt = tick + (this.#early > 0 ? Math.ceil(this.#ticksASecond / 5) : this.#ticksASecond);
    return true;
  }
}
