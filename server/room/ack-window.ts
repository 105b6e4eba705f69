import { ACK_INTERVAL_MS } from "../../shared/protocol/frames.ts";
import { ticksIn } from "../../shared/tick/tick.ts";

export interface AckWindowOptions {
  readonly tickRate: number;
  /** However close the client is, silence is no stall before that. */
  readonly leastMs: number;
  /** However far away it is, it is one after that. */
  readonly mostMs: number;
}

/** Round trips that count: older ones say little about the way that packets take now. */
const SAMPLES = 16;

/** How many round trips an acknowledgement may take beyond its interval: one, and two of delay and loss. */
const ROUND_TRIPS = 3;

/** In a slow game a single late acknowledgement would be a stall otherwise. */
const LEAST_TICKS = 4;

/**
 * How far a client may be behind. Kernel buffers hide megabytes, so what counts is what it acknowledged: the
 * window is the interval of acknowledgements and three of the lowest round trips of late, within bounds. A tick
 * is published when it is due, so the delay of its acknowledgement is a round trip.
 */
export class AckWindow {
  readonly #options: AckWindowOptions;
  readonly #intervalTicks: number;
  /** The last round trips in milliseconds, the newest last. */
  readonly #roundTrips: number[] = [];
  #lowest = Number.POSITIVE_INFINITY;
  #windowTicks: number;
  /** Everything up to here counts as received. */
  #from: number;

  constructor(tick: number, options: AckWindowOptions) {
    this.#options = options;
    this.#from = tick;
    this.#intervalTicks = ticksIn(ACK_INTERVAL_MS, options.tickRate);
    this.#windowTicks = this.#ticksFor(0);
  }

  get ticks(): number {
    return this.#windowTicks;
  }

  /** The client closed `tick`, and says so `delayMs` after that tick was due. */
  acknowledged(tick: number, delayMs: number): void {
    if (tick <= this.#from) return;
    this.#from = tick;
    const roundTrip = Math.max(0, delayMs);
    this.#roundTrips.push(roundTrip);
    const gone = this.#roundTrips.length > SAMPLES ? this.#roundTrips.shift() : undefined;
    // Inputs come often, and rarely change what is the lowest.
    if (roundTrip > this.#lowest && gone !== this.#lowest) return;
    this.#lowest = Math.min(...this.#roundTrips);
    this.#windowTicks = this.#ticksFor(this.#lowest);
  }

  /** The client is as far as `tick`, or on the way there: it is to be heard of from there on. */
  restart(tick: number): void {
    this.#from = tick;
  }

  /** An acknowledgement is overdue, so that a look at the connection's buffer is worth its cost. */
  isOverdue(tick: number): boolean {
    return tick - this.#from > this.#intervalTicks + 1;
  }

  isStalled(tick: number): boolean {
    return tick - this.#from > this.#windowTicks;
  }

  #ticksFor(roundTripMs: number): number {
    const { leastMs, mostMs, tickRate } = this.#options;
    const ms = Math.min(Math.max(ACK_INTERVAL_MS + ROUND_TRIPS * roundTripMs, leastMs), mostMs);
    return Math.max(LEAST_TICKS, ticksIn(ms, tickRate));
  }
}
