import type { MonotonicMs } from "../../shared/tick/clock.ts";

/** The drawn tick runs at most so much faster or slower than the room, as a share: nobody sees that. */
const MOST_CHANGE = 0.05;
/** How quickly it closes up on where it is to be, within that share. */
const SETTLE_MS = 500;
/** Behind by more than this after it ran dry, it hurries … */
const HURRY_BEYOND_MS = 10;
/** … and is there so much later. */
const HURRY_MS = 150;
/** Farther behind than this there is nothing to hurry through: it is there at once. */
const SNAP_MS = 500;

/**
 * The tick that is drawn: it flows evenly towards its target, stands still where there is nothing to draw, and
 * never goes back but by {@link restart}.
 */
export class DrawnTick {
  readonly #period: number;
  #tick = Number.NEGATIVE_INFINITY;
  #movedAt: MonotonicMs = 0;
  #hurryUntil: MonotonicMs | undefined;
  /** It stands at the last tick there is, or did until now. */
  #isDry = false;

  constructor(periodMs: number) {
    this.#period = periodMs;
  }

  /** With a fraction. */
  get tick(): number {
    return this.#tick;
  }

  /**
   * Time has passed.
   *
   * @param target the tick to draw, were everything as it is to be
   * @param last the last tick that can be drawn
   */
  move(now: MonotonicMs, target: number, last: number): void {
    const before = this.#tick;
    const elapsedMs = Math.max(0, now - this.#movedAt);
    this.#movedAt = now;
    const next = before + elapsedMs / this.#period;
    const behind = target - next;
    if (behind * this.#period > SNAP_MS) {
      this.#hurryUntil = undefined;
      this.#tick = Math.max(before, Math.min(target, last));
    } else {
      if (this.#isDry && last > before && behind * this.#period > HURRY_BEYOND_MS)
        this.#hurryUntil = now + HURRY_MS;
      this.#tick = Math.max(before, Math.min(next + this.#closingUp(behind, elapsedMs, now), last));
    }
    this.#isDry = this.#tick >= last;
    if (this.#isDry) this.#hurryUntil = undefined;
  }

  /** The room was restored to lower ticks: it goes on from `tick`. */
  restart(tick: number): void {
    this.#tick = tick;
    this.#hurryUntil = undefined;
  }

  /** How much more than the time that passed, in ticks. */
  #closingUp(behind: number, elapsedMs: number, now: MonotonicMs): number {
    if (this.#hurryUntil !== undefined) {
      const leftMs = this.#hurryUntil - now;
      if (leftMs <= 0) this.#hurryUntil = undefined;
      return Math.max(0, leftMs <= 0 ? behind : (behind * elapsedMs) / (elapsedMs + leftMs));
    }
    const most = (MOST_CHANGE * elapsedMs) / this.#period;
    const wanted = behind * Math.min(1, elapsedMs / SETTLE_MS);
    return Math.min(Math.max(wanted, -most), most);
  }
}
