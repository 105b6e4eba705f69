import type { Clock, MonotonicMs, Release } from "../shared/tick/clock.ts";

/** Without a frame for so long the server is asked. The slowest rooms have five ticks in it. */
const ASK_AFTER_MS = 5_000;

/** The answer has as long: a path that is up again within it has brought what waited, however TCP spaces its attempts. */
const ANSWER_WITHIN_MS = 5_000;

/** Timers of pages in the background come up to a second late. What is later stood still itself. */
const MOST_LATE_MS = 1_000;

/** What a watch has done for it. */
export interface SilenceActs {
  /** Asks the server for a sign of life. */
  ask(): void;
  /** Nothing came, and nothing is waited for any more. */
  lost(): void;
}

/**
 * Notices that nothing comes any more. A path that dies silently tells neither end, and all else that a client sends
 * hangs on ticks that close. One timer, armed anew when it fires: a frame costs a look at the clock.
 *
 * Whose process or page stood still has frames before it that were not read yet. So a timer that comes late gives up
 * nothing but asks, the first time: with every timer late, as in a page in the background, the second one counts.
 */
export class SilenceWatch {
  readonly #clock: Clock;
  readonly #acts: SilenceActs;
  #heardAt: MonotonicMs = 0;
  /** How often the server was asked since. */
  #asked = 0;
  #stopTimer: Release = () => {};

  constructor(clock: Clock, acts: SilenceActs) {
    this.#clock = clock;
    this.#acts = acts;
  }

  /** Watches from now on, until {@link stop} or the loss. */
  begin(): void {
    this.heard();
    this.#lookIn(ASK_AFTER_MS);
  }

  heard(): void {
    this.#heardAt = this.#clock.now();
    this.#asked = 0;
  }

  stop(): void {
    this.#stopTimer();
  }

  #lookIn(delayMs: number): void {
    const latestAt = this.#clock.now() + delayMs + MOST_LATE_MS;
    this.#stopTimer = this.#clock.after(delayMs, () =>
      this.#look(this.#clock.now() > latestAt ? "late" : "in time"),
    );
  }

  #look(timer: "late" | "in time"): void {
    const restMs = this.#heardAt + ASK_AFTER_MS - this.#clock.now();
    if (restMs > 0) this.#lookIn(restMs);
    else if (this.#asked < (timer === "late" ? 2 : 1)) {
      this.#asked += 1;
      this.#lookIn(ANSWER_WITHIN_MS);
      this.#acts.ask();
    } else this.#acts.lost();
  }
}
