import type { Release } from "../../shared/tick/clock.ts";

interface RoomTimer {
  readonly tick: number;
  readonly callback: () => undefined;
}

/** A room's own delays, counted in ticks: they stand still with the room and replay with it. */
export class RoomTimers {
  /** By tick, then by order of setting. */
  #timers: RoomTimer[] = [];

  get size(): number {
    return this.#timers.length;
  }

  at(tick: number, callback: () => undefined): Release {
    const timer = { tick, callback };
    let place = this.#timers.length;
    while (place > 0 && (this.#timers[place - 1] as RoomTimer).tick > tick) place--;
    this.#timers.splice(place, 0, timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Hands out what is due, one by one: a callback may set or release others. */
  run(tick: number, call: (callback: () => undefined) => void): void {
    for (;;) {
      const first = this.#timers[0];
      if (first === undefined || first.tick > tick) return;
      this.#timers.shift();
      call(first.callback);
    }
  }
}
