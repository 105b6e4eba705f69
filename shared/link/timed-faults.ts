import type { Random } from "../random/seeded-random.ts";
import type { Clock, Release } from "../tick/clock.ts";
import { type NetworkConditions, perfectNetwork } from "./network-conditions.ts";

/** What faults strike. */
export interface FaultTarget {
  stall(ms: number): void;
  cut(): void;
}

/**
 * Stalls and cuts of one connection, as often as its conditions say. The first comes at a time drawn from the
 * interval, so that connections which began together do not fail together; then they come evenly.
 */
export class TimedFaults {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #target: FaultTarget;
  #conditions: NetworkConditions = perfectNetwork;
  #stopStalls: Release = nothing;
  #stopCuts: Release = nothing;

  constructor(parts: { readonly clock: Clock; readonly random: Random }, target: FaultTarget) {
    this.#clock = parts.clock;
    this.#random = parts.random;
    this.#target = target;
  }

  /** From now on. Faults whose interval stays as it was keep their times. */
  change(conditions: NetworkConditions): void {
    const before = this.#conditions;
    this.#conditions = conditions;
    if (conditions.stallEveryMs !== before.stallEveryMs) {
      this.#stopStalls();
      this.#stopStalls = this.#every(conditions.stallEveryMs, () =>
        this.#target.stall(this.#conditions.stallForMs),
      );
    }
    if (conditions.cutEveryMs !== before.cutEveryMs) {
      this.#stopCuts();
      this.#stopCuts = this.#every(conditions.cutEveryMs, () => this.#target.cut());
    }
  }

  /** Nothing strikes any more, and no timer is left. */
  stop(): void {
    this.change(perfectNetwork);
  }

  #every(intervalMs: number, strike: () => void): Release {
    if (!Number.isFinite(intervalMs)) return nothing;
    let release = nothing;
    let isStopped = false;
    const wait = (ms: number): void => {
      release = this.#clock.after(ms, () => {
        strike();
        // What strikes may have ended it all.
        if (!isStopped) wait(intervalMs);
      });
    };
    wait(this.#random() * intervalMs);
    return () => {
      isStopped = true;
      release();
    };
  }
}

const nothing = (): void => {};
