import type { Clock } from "../../shared/tick/clock.ts";
import { beginningOf } from "../run/cpu-window.ts";
import type { FramesMade, MeasuredWindow } from "../run/messages.ts";

/** At 20 Hz a tenth of a period at a time, so that no tick is late for it, and half of the process's time. */
const WORK_MS = 5;
const REST_MS = 5;

/** Makes what a replay needs tick by tick, some ticks at a time, and knows when it was done with it. */
export class Preparation {
  readonly #clock: Clock;
  readonly #count: number;
  readonly #make: (index: number) => void;
  #made = 0;
  #endedAt: number | undefined;

  /**
   * Begins at once.
   *
   * @param make called for each index below `count`, in order
   */
  constructor(clock: Clock, count: number, make: (index: number) => void) {
    this.#clock = clock;
    this.#count = count;
    this.#make = make;
    this.#work();
  }

  /** Whether it was done when the window began; asked after the window. */
  made(window: MeasuredWindow): FramesMade {
    const isBefore = this.#endedAt !== undefined && this.#endedAt < beginningOf(window);
    return isBefore ? "before the window" : "within the window";
  }

  #work(): void {
    const until = this.#clock.now() + WORK_MS;
    do {
      if (this.#made === this.#count) {
        this.#endedAt = this.#clock.now();
        return;
      }
      this.#make(this.#made++);
    } while (this.#clock.now() < until);
    this.#clock.after(REST_MS, () => this.#work());
  }
}
