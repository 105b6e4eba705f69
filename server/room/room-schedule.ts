import type { Clock } from "../../shared/tick/clock.ts";
import { dueAt, type Tick } from "../../shared/tick/tick.ts";
import type { ScheduledTask, TickScheduler, TickTask } from "../tick/tick-scheduler.ts";

/** When a room ticks: from when it opens until it closes, but for when it stands still. */
export class RoomSchedule {
  readonly #task: TickTask;
  readonly #tickRate: number;
  readonly #clock: Clock;
  #scheduler: Pick<TickScheduler, "add"> | undefined;
  #scheduled: ScheduledTask | undefined;

  constructor(task: TickTask, tickRate: number, clock: Clock) {
    this.#task = task;
    this.#tickRate = tickRate;
    this.#clock = clock;
  }

  begin(scheduler: Pick<TickScheduler, "add">, first: Tick): void {
    this.#scheduler = scheduler;
    this.#scheduled = scheduler.add(this.#task, this.#tickRate, first);
  }

  /** No tick runs from now on. */
  stop(): void {
    this.#scheduled?.release();
  }

  /** Ticks follow again, from `next` on: the epoch slips by as long as there was none. */
  goOn(next: Tick): void {
    if (this.#scheduler === undefined || this.#scheduled === undefined) return;
    const { epoch: before } = this.#scheduled;
    this.begin(this.#scheduler, next);
    const { epoch } = this.#scheduled;
    this.#task.slipped(next, epoch, epoch - before);
  }

  /** How long ago a tick was due, in milliseconds; below 0 for one to come. */
  sinceDue(tick: number): number {
    const { epoch, periodMs } = this.#scheduled ?? { epoch: 0, periodMs: 1_000 / this.#tickRate };
    return this.#clock.now() - dueAt(epoch, tick, periodMs);
  }
}
