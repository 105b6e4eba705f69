import type { MonotonicMs } from "../../shared/tick/clock.ts";
import { SortedWindow } from "./sorted-window.ts";

/** How far back arrivals count. */
const WINDOW_MS = 6_000;
const LEAST_SAMPLES = 20;
const MOST_SAMPLES = 256;

/** Ticks later than usual by more than this, and by four times the usual spread, were held up by a stall. */
const STALL_MS = 50;
const STALL_SPREADS = 4;

/** So many of a hundred arrivals are to be in time, and this factor of their unevenness covers the rest. */
const IN_TIME = 0.95;
const COVER = 1.35;
/** Whatever the network: more than this behind the usual arrival is no interpolation any more. */
const MOST_UNEVENNESS_MS = 400;

/** While too little has arrived to judge by. */
const FIRST_GUESS_MS = 20;

/** Of so many arrivals the earliest says whether all of late are late. */
const RECENT = 3;
/** Later than allowed for throughout so long a time: it is the network that changed. */
const CHANGED_MS = 1_000;

/**
 * How unevenly ticks arrive. The lateness of an arrival is the time from when its tick would have arrived, had tick
 * 0 arrived at 0; what counts is how latenesses differ. Of the last seconds' it takes the median and a high
 * quantile, from which stalls are left out: they are too rare to be behind for all the time.
 */
export class Arrivals {
  readonly #period: number;
  readonly #lateness: SortedWindow;
  /** In order of arrival, the newest last. */
  readonly #arrivedAt: MonotonicMs[] = [];
  #usual = 0;
  #inTime = 0;
  #recent = 0;
  #guessed = false;

  constructor(periodMs: number) {
    this.#period = periodMs;
    const ticks = Math.ceil(WINDOW_MS / periodMs);
    this.#lateness = new SortedWindow(Math.min(Math.max(ticks, LEAST_SAMPLES), MOST_SAMPLES));
  }

  /** A tick that arrived before anybody measured: it counts until another one arrives. */
  guess(tick: number, now: MonotonicMs): void {
    this.arrived(tick, now);
    this.#guessed = true;
  }

  arrived(tick: number, now: MonotonicMs): void {
    if (this.#guessed) this.#forget(1);
    this.#guessed = false;
    this.#lateness.push(now - tick * this.#period);
    this.#arrivedAt.push(now);
    this.#arrivedAt.splice(0, this.#arrivedAt.length - this.#lateness.values.length);
    this.#recent = Math.min(...this.#lateness.values.slice(-RECENT));
    this.#measure();
    this.#startAnewWhereChanged(now);
  }

  /** How far a tick that arrives as usual is behind one that is drawn for all to be in time, in milliseconds. */
  get unevennessMs(): number {
    return this.#inTime - this.#usual;
  }

  /** The tick that would arrive now, with a fraction, if all arrived as usual. */
  usualTickAt(now: MonotonicMs): number {
    return (now - this.#usual) / this.#period;
  }

  /**
   * The last tick that has arrived by now but for rare exceptions, with a fraction. Where everything of late was
   * later than that, it is as late.
   */
  safeTickAt(now: MonotonicMs): number {
    return (now - Math.max(this.#inTime, this.#recent)) / this.#period;
  }

  #measure(): void {
    const sorted = this.#lateness.ascending;
    const count = sorted.length;
    const usual = quantile(sorted, 0.5);
    const stalled = usual + Math.max(STALL_MS, STALL_SPREADS * (quantile(sorted, 0.75) - usual));
    let inliers = count;
    while (inliers > 1 && (sorted[inliers - 1] as number) > stalled) inliers--;
    const uneven = COVER * (quantile(sorted.subarray(0, inliers), IN_TIME) - usual);
    const guess = FIRST_GUESS_MS * Math.max(0, 1 - count / LEAST_SAMPLES);
    this.#usual = usual;
    this.#inTime = usual + Math.min(Math.max(uneven, guess), MOST_UNEVENNESS_MS);
  }

  /** By time, not by ticks: after a stall many ticks that are late arrive at once. */
  #startAnewWhereChanged(now: MonotonicMs): void {
    const { values } = this.#lateness;
    for (let at = values.length - 1; at >= 0; at--) {
      if ((values[at] as number) <= this.#inTime) return;
      if (now - (this.#arrivedAt[at] as number) < CHANGED_MS) continue;
      this.#forget(at);
      this.#measure();
      return;
    }
  }

  #forget(count: number): void {
    this.#lateness.forget(count);
    this.#arrivedAt.splice(0, count);
  }
}

/** Of at least one value, in ascending order; between two of them in proportion. */
function quantile(sorted: Float64Array, part: number): number {
  const exact = part * (sorted.length - 1);
  const below = Math.floor(exact);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return low + (high - low) * (exact - below);
}
