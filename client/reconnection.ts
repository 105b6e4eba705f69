import type { Random } from "../shared/random/seeded-random.ts";
import type { Clock, Release } from "../shared/tick/clock.ts";
import { backoffMs } from "./backoff.ts";
import type { Ending } from "./ending.ts";

export interface ReconnectionOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** After that the stay is over. */
  readonly withinMs: number;
  /** How long one attempt may take. */
  readonly attemptMs: number;
}

/** What a reconnection has done for it. */
export interface ReconnectionActs {
  connect(): void;
  /** The attempt under way is to be given up. */
  tookTooLong(): void;
  gaveUp(last: Ending): void;
  /** Attempt `attempt`, from 1, will follow after a pause. */
  waiting(last: Ending, attempt: number): void;
}

/** The attempts to connect again, from the loss of a connection to the first tick on another. */
export class Reconnection {
  readonly #options: ReconnectionOptions;
  readonly #acts: ReconnectionActs;
  readonly #since: number;
  #attempt = 0;
  #stopTimer: Release = () => {};

  constructor(options: ReconnectionOptions, acts: ReconnectionActs) {
    this.#options = options;
    this.#acts = acts;
    this.#since = options.clock.now();
  }

  /** A connection ended: another attempt follows, or none any more. */
  after(ending: Ending): void {
    const { clock, random, withinMs, attemptMs } = this.#options;
    this.#stopTimer();
    const delayMs = backoffMs(this.#attempt, ending.close.retry, random);
    if (clock.now() + delayMs - this.#since > withinMs) {
      this.#acts.gaveUp(ending);
      return;
    }
    this.#attempt += 1;
    this.#stopTimer = clock.after(delayMs, () => {
      this.#stopTimer = clock.after(attemptMs, () => this.#acts.tookTooLong());
      this.#acts.connect();
    });
    this.#acts.waiting(ending, this.#attempt);
  }

  stop(): void {
    this.#stopTimer();
  }
}
