import type { ClientRoom } from "../client/client-room.ts";
import type { MonotonicMs } from "../shared/tick/clock.ts";
import { periodMs } from "../shared/tick/tick.ts";
import { recordMs } from "./histogram.ts";
import type { Measurements } from "./measurements.ts";

/** What a meter asks of its room. */
export type MeteredRoom = Pick<ClientRoom, "intendedTimeOf" | "game">;

/**
 * Measures how a bot's ticks arrive. Latency counts from the intended time of a tick, not from its sending, and
 * every intended tick counts: those that a late server folded into a later one, and those that have not come
 * when the measuring ends. Otherwise a server would look the better the more it leaves out.
 */
export class TickMeter {
  readonly #room: MeteredRoom;
  /** The last closed tick: none at first, so the tick in which a bot joins warms it up and is not measured. */
  #last: { readonly tick: number; readonly at: MonotonicMs } | undefined;

  constructor(room: MeteredRoom) {
    this.#room = room;
  }

  /** A tick closed. Without `into` it is only remembered. */
  closed(tick: number, now: MonotonicMs, into: Measurements | undefined): void {
    const last = this.#last;
    this.#last = { tick, at: now };
    if (last === undefined || into === undefined) return;
    into.ticksClosed += 1;
    recordMs(into.gaps, now - last.at);
    for (let each = last.tick + 1; each <= tick; each++) this.#record(each, now, into);
  }

  /** Measuring ends: ticks that are late by more than a period count with their lateness so far, and the gap too. */
  overdue(now: MonotonicMs, into: Measurements): void {
    if (this.#last === undefined) return;
    const period = periodMs(this.#room.game.tickRate);
    const isOverdue = (tick: number): boolean => {
      const intended = this.#room.intendedTimeOf(tick);
      return intended !== undefined && now - intended.at > period;
    };
    let tick = this.#last.tick + 1;
    if (!isOverdue(tick)) return;
    recordMs(into.gaps, now - this.#last.at);
    for (; isOverdue(tick); tick++) this.#record(tick, now, into);
  }

  #record(tick: number, now: MonotonicMs, into: Measurements): void {
    const intended = this.#room.intendedTimeOf(tick);
    // A distant server's clock is not known before the first ping is answered.
    if (intended === undefined) return;
    const latencyMs = now - intended.at;
    recordMs(into.latency, latencyMs);
    if (intended.clock === "shared") into.sharedLatencies += 1;
    else into.estimatedLatencies += 1;
    if (latencyMs < 0) into.negativeLatencies += 1;
  }
}
