import type { ClientRoom } from "../client/client-room.ts";
import type { MonotonicMs } from "../shared/tick/clock.ts";
import { periodMs } from "../shared/tick/tick.ts";
import { recordMs } from "./histogram.ts";
import type { Measurements } from "./measurements.ts";

/** What a meter asks of its room. */
export type MeteredRoom = Pick<ClientRoom, "intendedTimeOf" | "game">;

/** How often a room slipped, and by how much in all: it began a new schedule instead of catching up with the old. */
export interface Slips {
  readonly count: number;
  readonly ms: number;
}

/**
 * Measures how a bot's ticks arrive. Latency counts from the intended time of a tick, not from its sending, and
 * every intended tick counts: those that a late server folded into a later one, those that it skipped where it
 * slipped, and those that have not come when the measuring ends. Otherwise a server would look the better the more
 * it leaves out.
 */
export class TickMeter {
  readonly #room: MeteredRoom;
  /** The last closed tick: none at first, so the tick in which a bot joins warms it up and is not measured. */
  #last: { readonly tick: number; readonly at: MonotonicMs } | undefined;
  #slips: Slips = { count: 0, ms: 0 };

  constructor(room: MeteredRoom) {
    this.#room = room;
  }

  /** Since the first closed tick, measured or not. */
  get slips(): Slips {
    return this.#slips;
  }

  /** A tick closed. Without `into` it is only remembered. */
  closed(tick: number, now: MonotonicMs, into: Measurements | undefined): void {
    const last = this.#last;
    this.#last = { tick, at: now };
    if (last === undefined) return;
    if (into) {
      into.ticksClosed += 1;
      recordMs(into.gaps, now - last.at);
    }
    for (let each = last.tick + 1; each <= tick; each++) this.#arrived(each, now, into);
  }

  /** Measuring ends: ticks that are late by more than a period count with their lateness so far, and the gap too. */
  overdue(now: MonotonicMs, into: Measurements): void {
    const overdue = this.#overdue(now);
    if (this.#last === undefined || overdue.length === 0) return;
    recordMs(into.gaps, now - this.#last.at);
    for (const intended of overdue) record(intended, now, into);
  }

  /** How many ticks are due and have not come, where the next one is late by more than `patienceMs`; else 0. */
  overdueTicks(now: MonotonicMs, patienceMs: number): number {
    const overdue = this.#overdue(now);
    const [next] = overdue;
    return next && now - next.at > patienceMs ? overdue.length : 0;
  }

  #arrived(tick: number, now: MonotonicMs, into: Measurements | undefined): void {
    const intended = this.#room.intendedTimeOf(tick);
    // A distant server's clock is not known before the first ping is answered.
    if (intended === undefined) return;
    const period = periodMs(this.#room.game.tickRate);
    const previous = this.#room.intendedTimeOf(tick - 1);
    const slippedMs = previous === undefined ? 0 : intended.at - previous.at - period;
    // A new schedule is told from rounding by the periods that lie between it and the old.
    const skipped = Math.round(slippedMs / period);
    if (skipped > 0) this.#slips = { count: this.#slips.count + 1, ms: this.#slips.ms + slippedMs };
    if (into === undefined) return;
    for (let periods = skipped; periods > 0; periods--)
      record({ ...intended, at: intended.at - periods * period }, now, into);
    record(intended, now, into);
  }

  /** The ticks after the last that are late by more than a period. */
  #overdue(now: MonotonicMs): IntendedTime[] {
    if (this.#last === undefined) return [];
    const period = periodMs(this.#room.game.tickRate);
    const overdue: IntendedTime[] = [];
    for (let tick = this.#last.tick + 1; ; tick++) {
      const intended = this.#room.intendedTimeOf(tick);
      if (intended === undefined || now - intended.at <= period) return overdue;
      overdue.push(intended);
    }
  }
}

type IntendedTime = NonNullable<ReturnType<MeteredRoom["intendedTimeOf"]>>;

function record(intended: IntendedTime, now: MonotonicMs, into: Measurements): void {
  const latencyMs = now - intended.at;
  recordMs(into.latency, latencyMs);
  if (intended.clock === "shared") into.sharedLatencies += 1;
  else into.estimatedLatencies += 1;
  if (latencyMs < 0) into.negativeLatencies += 1;
}
