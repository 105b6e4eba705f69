import type { Release } from "../../shared/tick/clock.ts";
import { type Deadline, DeadlineQueue, NOT_QUEUED } from "../../shared/tick/deadline-queue.ts";

/** Due at a tick, not at a time. */
interface RoomTimer extends Deadline {
  readonly callback: () => undefined;
}

/** A room's own delays, counted in ticks: they stand still with the room and replay with it. */
export class RoomTimers {
  /** By tick, then by order of setting. */
  readonly #queue = new DeadlineQueue<RoomTimer>();

  get size(): number {
    return this.#queue.size;
  }

  at(tick: number, callback: () => undefined): Release {
    const timer: RoomTimer = { dueAt: tick, arrival: 0, position: NOT_QUEUED, callback };
    this.#queue.add(timer);
    return () => void this.#queue.remove(timer);
  }

  /** Hands out what is due, one by one: a callback may set or release others. */
  run(tick: number, call: (callback: () => undefined) => void): void {
    for (;;) {
      const first = this.#queue.first();
      if (first === undefined || first.dueAt > tick) return;
      this.#queue.remove(first);
      call(first.callback);
    }
  }
}
