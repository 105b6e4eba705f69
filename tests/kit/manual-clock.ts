import type { Clock, MonotonicMs, Release } from "../../shared/tick/clock.ts";
import { type Deadline, DeadlineQueue, NOT_QUEUED } from "../../shared/tick/deadline-queue.ts";

/** Where a clock begins. */
export interface ManualClockOptions {
  /** What `now` says at first. Default 0. */
  readonly startMs: MonotonicMs;
  /** So many callbacks between two timers' instants are taken for an endless loop, and throw. Default 1,000,000. */
  readonly maxCallbacksAtOnce: number;
}

/** Turning the event loop asks the kernel, which takes longer than most of what a timer does. */
const TURNS_BETWEEN_LOOPS = 256;

/** Whoever awaits it goes on from within a microtask. */
const insideMicrotask = Promise.resolve();
const inNextTick = (resolve: () => void): void => process.nextTick(resolve);
const inNextLoop = (resolve: () => void): void => void setImmediate(resolve);

const defaults: ManualClockOptions = { startMs: 0, maxCallbacksAtOnce: 1_000_000 };

interface Timer extends Deadline {
  readonly callback: () => void;
}

/**
 * Time that is moved by hand, so that whole games run in memory and always in the same way.
 *
 * Timers run in the order in which they are due, those that fall together in the order of their
 * registration; time jumps to each. After every timer all `soon` tasks run, those added meanwhile included.
 * What a callback throws reaches the caller of `advance`, `run` or `settle`.
 *
 * @example
 * const clock = new ManualClock();
 * clock.after(50, () => console.log(clock.now())); // 50
 * clock.advance(1_000);
 */
export class ManualClock implements Clock {
  readonly #options: ManualClockOptions;
  readonly #timers = new DeadlineQueue<Timer>();
  readonly #soon = new Set<{ readonly callback: () => void }>();
  #now: MonotonicMs;
  #moving = false;
  #callbacksAtOnce = 0;
  #turns = 0;

  constructor(options: Partial<ManualClockOptions> = {}) {
    this.#options = { ...defaults, ...options };
    this.#now = this.#options.startMs;
  }

  /** Timers that wait to be due: 0 once everything was released. */
  get pending(): number {
    return this.#timers.size;
  }

  /** `soon` tasks that wait for `advance`, `run` or `settle`. */
  get pendingSoon(): number {
    return this.#soon.size;
  }

  now(): MonotonicMs {
    return this.#now;
  }

  after(delayMs: number, callback: () => void): Release {
    const timer: Timer = {
      dueAt: this.#now + Math.max(0, delayMs),
      arrival: 0,
      position: NOT_QUEUED,
      callback,
    };
    this.#timers.add(timer);
    return () => void this.#timers.remove(timer);
  }

  soon(callback: () => void): Release {
    const task = { callback };
    this.#soon.add(task);
    return () => void this.#soon.delete(task);
  }

  /**
   * Lets `ms` pass without promises: nothing that awaits proceeds meanwhile. A callback that blocks beyond
   * the end is the last: what is due by then waits for the next call, so overload is no endless loop.
   */
  advance(ms: number): void {
    this.#move(this.#runAllTimers, this.#end(ms));
  }

  /**
   * Lets `ms` pass as {@link advance} does, and after each timer everything that awaits proceed as far as it
   * gets without time or I/O.
   */
  async run(ms: number): Promise<void> {
    const end = this.#end(ms);
    await this.#proceed(end, true);
    this.#jumpTo(end);
  }

  /**
   * Runs `soon` tasks and settles promises, in turn, until neither leads to more; time stands still. Node drains
   * all microtasks, however deep their chains, before the next of its ticks: there is no count of rounds to
   * outgrow. Real I/O is not waited for.
   */
  settle(): Promise<void> {
    return this.#proceed(Number.POSITIVE_INFINITY, false);
  }

  /** Work that takes `ms`, for use inside a callback: time passes and nothing else runs. */
  block(ms: number): void {
    this.#now = this.#end(ms);
  }

  /** Settles, and where time may pass so again behind each timer that is due by `end`. */
  async #proceed(end: MonotonicMs, withTime: boolean): Promise<void> {
    await insideMicrotask;
    do {
      do {
        this.#move(this.#runSoon, end);
        await this.#drained();
      } while (this.#soon.size > 0 && this.#now <= end);
    } while (withTime && this.#move(this.#runNextTimer, end));
  }

  /**
   * Every promise has gone as far as it gets: what is asked for as a tick of Node from within a microtask comes when
   * no microtask is left. Now and then the event loop turns as well, so that nothing else of the process starves.
   */
  #drained(): Promise<void> {
    this.#turns += 1;
    return new Promise(this.#turns % TURNS_BETWEEN_LOOPS === 0 ? inNextLoop : inNextTick);
  }

  #end(ms: number): MonotonicMs {
    if (!(ms >= 0 && Number.isFinite(ms))) throw new RangeError(`time cannot pass by ${ms} ms`);
    return this.#now + ms;
  }

  #jumpTo(instant: MonotonicMs): void {
    if (instant <= this.#now) return;
    this.#now = instant;
    this.#callbacksAtOnce = 0;
  }

  #move<Result>(movement: (end: MonotonicMs) => Result, end: MonotonicMs): Result {
    if (this.#moving) throw new Error("time is moving already: inside a callback use block(ms)");
    this.#moving = true;
    try {
      return movement.call(this, end);
    } finally {
      this.#moving = false;
    }
  }

  #runAllTimers(end: MonotonicMs): void {
    this.#runSoon(end);
    while (this.#runNextTimer(end)) this.#runSoon(end);
    this.#jumpTo(end);
  }

  #runNextTimer(end: MonotonicMs): boolean {
    const timer = this.#timers.first();
    if (timer === undefined || timer.dueAt > end || this.#now > end) return false;
    this.#timers.remove(timer);
    this.#jumpTo(timer.dueAt);
    this.#call(timer.callback);
    return true;
  }

  #runSoon(end: MonotonicMs): void {
    // A set is visited in order of insertion, including what is added on the way.
    for (const task of this.#soon) {
      if (this.#now > end) return;
      this.#soon.delete(task);
      this.#call(task.callback);
    }
  }

  #call(callback: () => void): void {
    this.#callbacksAtOnce += 1;
    if (this.#callbacksAtOnce > this.#options.maxCallbacksAtOnce)
      throw new Error(
        `${this.#options.maxCallbacksAtOnce} callbacks ran at ${this.#now} ms and none let time move on: ` +
          `something schedules itself for ever (${callback.name || "an anonymous callback"})`,
      );
    callback();
  }
}
