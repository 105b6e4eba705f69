import type { Clock, MonotonicMs, Release } from "../../../shared/tick/clock.ts";

/** What waits on the world's clock. */
interface Task {
  stop: Release;
}

/**
 * The clock of one simulated process on the world's: time goes on for everybody, but a process that is paused runs
 * nothing until it goes on, and one that is killed nothing ever.
 */
export class ProcessClock implements Clock {
  readonly #world: Clock;
  readonly #pending = new Set<Task>();
  #pausedUntil: MonotonicMs = Number.NEGATIVE_INFINITY;
  #isKilled = false;

  constructor(world: Clock) {
    this.#world = world;
  }

  /** Timers and tasks that still wait. */
  get pending(): number {
    return this.#pending.size;
  }

  now(): MonotonicMs {
    return this.#world.now();
  }

  after(delayMs: number, callback: () => void): Release {
    return this.#schedule(delayMs, callback);
  }

  soon(callback: () => void): Release {
    return this.#schedule("soon", callback);
  }

  get isPaused(): boolean {
    return this.#pausedUntil > this.now();
  }

  /** When it goes on, or went on last. */
  get pausedUntil(): MonotonicMs {
    return this.#pausedUntil;
  }

  /** As by SIGSTOP and, so much later, SIGCONT; one that is paused already goes on when both are over. */
  pause(ms: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.now() + ms);
  }

  /** As by SIGKILL. */
  kill(): void {
    this.#isKilled = true;
    for (const task of this.#pending) task.stop();
    this.#pending.clear();
  }

  #schedule(when: number | "soon", callback: () => void): Release {
    if (this.#isKilled) return () => {};
    const task: Task = { stop: () => {} };
    const run = (): void => {
      const restMs = this.#pausedUntil - this.now();
      if (restMs > 0) {
        task.stop = this.#world.after(restMs, run);
        return;
      }
      this.#pending.delete(task);
      callback();
    };
    this.#pending.add(task);
    task.stop = when === "soon" ? this.#world.soon(run) : this.#world.after(when, run);
    return () => {
      task.stop();
      this.#pending.delete(task);
    };
  }
}
