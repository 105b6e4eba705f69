import { TICKS_PER_SECOND } from "../arena.ts";

const PERIOD_MS = 1000 / TICKS_PER_SECOND;
/** How far behind the newest tick to draw, in ticks: one to interpolate, and a little for uneven arrival. */
const LEAST_DELAY = 1.15;
const MOST_DELAY = 3;

/**
 * Turns ticks that arrive unevenly into a tick that flows evenly, for drawing. It follows the arrivals slowly,
 * so a late frame does not make the world stutter, and jumps where following would take too long.
 */
export class Timeline {
  /** When tick 0 would have arrived, in milliseconds. */
  #origin: number | undefined;
  /** How unevenly ticks arrive: the mean deviation, in milliseconds. */
  #unevenness = 0;

  arrived(tick: number, now: number): void {
    const origin = now - tick * PERIOD_MS;
    if (this.#origin === undefined || Math.abs(origin - this.#origin) > 4 * PERIOD_MS) {
      this.#origin = origin;
      this.#unevenness = 0;
      return;
    }
    const deviation = origin - this.#origin;
    this.#origin += deviation * 0.06;
    this.#unevenness += (Math.abs(deviation) - this.#unevenness) * 0.06;
  }

  /** The tick to draw now, with a fraction. */
  tickAt(now: number): number {
    if (this.#origin === undefined) return 0;
    const delay = Math.min(LEAST_DELAY + (2 * this.#unevenness) / PERIOD_MS, MOST_DELAY);
    return (now - this.#origin) / PERIOD_MS - delay;
  }
}
