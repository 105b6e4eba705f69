import type { Clock, MonotonicMs, Release } from "../../../shared/tick/clock.ts";

/**
 * The clock of one simulated process on the world's: time goes on for everybody, but a process that is paused runs
 * nothing until it goes on, and one that is killed nothing ever.
 */
export class ProcessClock implements Clock {
  readonly #world: Clock;
  readonly #pending = new Set<Release>();
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
    return this.#schedule((run) => this.#world.after(delayMs, run), callback);
  }

  soon(callback: () => void): Release {
    return this.#schedule((run) => this.#world.soon(run), callback);
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
    for (const release of this.#pending) release();
  }

  #schedule(begin: (run: () => void) => Release, callback: () => void): Release {
    if (this.#isKilled) return () => {};
    let stop: Release = () => {};
    const release: Release = () => {
      stop();
      this.#pending.delete(release);
    };
    const run = (): void => {
      const restMs = this.#pausedUntil - this.now();
      if (restMs > 0) {
        stop = this.#world.after(restMs, run);
        return;
      }
      this.#pending.delete(release);
      callback();
    };
    this.#pending.add(release);
    stop = begin(run);
    return release;
  }
}
