import type { TickTask, TickTiming } from "../../server/tick/tick-scheduler.ts";
import type { MonotonicMs } from "../../shared/tick/clock.ts";
import type { Tick } from "../../shared/tick/tick.ts";
import type { ManualClock } from "../kit/manual-clock.ts";

export interface ProbedStep extends TickTiming {
  readonly n: Tick;
  readonly startedAt: MonotonicMs;
}

export interface ProbedSlip {
  readonly fromTick: Tick;
  readonly newEpoch: MonotonicMs;
  readonly skippedMs: number;
  readonly at: MonotonicMs;
}

/** A room that notes what it is told, and whose steps take as long as `work` says. */
export class TickProbe implements TickTask {
  readonly steps: ProbedStep[] = [];
  readonly slips: ProbedSlip[] = [];
  readonly #clock: ManualClock;
  readonly #work: (n: Tick) => void;

  constructor(clock: ManualClock, work: (n: Tick) => void = () => {}) {
    this.#clock = clock;
    this.#work = work;
  }

  step(n: Tick, timing: TickTiming): void {
    this.steps.push({ n, startedAt: this.#clock.now(), ...timing });
    this.#work(n);
  }

  slipped(fromTick: Tick, newEpoch: MonotonicMs, skippedMs: number): void {
    this.slips.push({ fromTick, newEpoch, skippedMs, at: this.#clock.now() });
  }
}
