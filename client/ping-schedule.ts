/**
 * When to ping: five times in the first second, then once a second. Counted in ticks, because browsers slow
 * the timers of pages in the background down, while ticks keep coming.
 */
export class PingSchedule {
  readonly #ticksASecond: number;
  readonly #fifth: number;
  #early = 5;
  #last = Number.NEGATIVE_INFINITY;
  #dueAt = 0;

  constructor(tickRate: number) {
    this.#ticksASecond = Math.ceil(tickRate);
    this.#fifth = Math.ceil(this.#ticksASecond / 5);
  }

  isDue(tick: number): boolean {
    if (tick < this.#dueAt) return false;
    this.#early = Math.max(0, this.#early - 1);
    this.#last = tick;
    this.#dueAt = tick + (this.#early > 0 ? this.#fifth : this.#ticksASecond);
    return true;
  }

  /** The room was restored, and its ticks may be lower ones: the next one has a ping. */
  restart(): void {
    this.#last = Number.NEGATIVE_INFINITY;
    this.#dueAt = 0;
  }

  /** What was measured is in doubt: the next ping is due as soon as the last is 200 ms old. */
  hurry(): void {
    this.#dueAt = Math.min(this.#dueAt, this.#last + this.#fifth);
  }
}
