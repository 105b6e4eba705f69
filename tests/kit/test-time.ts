import type { ManualClock } from "./manual-clock.ts";

/** How much of the test's time something may take, in milliseconds. */
const WITHIN_MS = 60_000;

/** Time as tests let it pass: each step ends when nothing is left to do at that instant. */
export class TestTime {
  readonly clock: ManualClock;

  constructor(clock: ManualClock) {
    this.clock = clock;
  }

  /** Moves time on, with everything that happens meanwhile. */
  async run(ms: number): Promise<void> {
    await this.clock.run(ms);
    await this.clock.settle();
  }

  /**
   * Lets time pass until a promise settles or a condition holds.
   *
   * @throws Error where that takes more than a minute of the test's time, and what the promise rejects with
   */
  async until<Result>(awaited: Promise<Result> | (() => Result)): Promise<Result> {
    return typeof awaited === "function" ? this.#untilTrue(awaited) : this.#untilSettled(awaited);
  }

  async #untilSettled<Result>(pending: Promise<Result>): Promise<Result> {
    let isSettled = false;
    const done = (): void => {
      isSettled = true;
    };
    pending.then(done, done);
    await this.clock.settle();
    await this.#steps(() => isSettled, "a promise to settle");
    return pending;
  }

  async #untilTrue<Result>(condition: () => Result): Promise<Result> {
    await this.clock.settle();
    let result = condition();
    const isTrue = (): boolean => {
      result ||= condition();
      return Boolean(result);
    };
    await this.#steps(isTrue, String(condition));
    return result;
  }

  async #steps(done: () => boolean, what: string): Promise<void> {
    for (let waited = 0; !done(); waited += 1) {
      if (waited >= WITHIN_MS)
        throw new Error(`waited ${WITHIN_MS / 1_000} s of the test's time, in vain, for ${what}`);
      await this.run(1);
    }
  }
}
