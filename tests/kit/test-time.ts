import type { ManualClock } from "./manual-clock.ts";

/** How much of the test's time something may take where nothing is said. */
export const WITHIN_MS = 60_000;

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
   * Lets time pass until a promise settles or a condition is true.
   *
   * @throws Error where that takes more than `withinMs`, and what the promise rejects with
   */
  async until<Result>(
    awaited: Promise<Result> | (() => Result),
    withinMs: number = WITHIN_MS,
  ): Promise<Result> {
    return typeof awaited === "function"
      ? this.#untilTrue(awaited, withinMs)
      : this.#untilSettled(awaited, withinMs);
  }

  async #untilSettled<Result>(pending: Promise<Result>, withinMs: number): Promise<Result> {
    let isSettled = false;
    const done = (): void => {
      isSettled = true;
    };
    pending.then(done, done);
    await this.clock.settle();
    await this.#steps(() => isSettled, "a promise to settle", withinMs);
    return pending;
  }

  async #untilTrue<Result>(condition: () => Result, withinMs: number): Promise<Result> {
    await this.clock.settle();
    let result = condition();
    const isTrue = (): boolean => {
      result ||= condition();
      return Boolean(result);
    };
    await this.#steps(isTrue, String(condition), withinMs);
    return result;
  }

  async #steps(done: () => boolean, what: string, withinMs: number): Promise<void> {
    for (let waited = 0; !done(); waited += 1) {
      if (waited >= withinMs)
        throw new Error(`waited ${withinMs / 1_000} s of the test's time, in vain, for ${what}`);
      await this.run(1);
    }
  }
}
