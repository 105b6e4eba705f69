import { ACK_INTERVAL_MS } from "../../shared/protocol/frames.ts";
import { FOR_EVER, ticksIn } from "../../shared/tick/tick.ts";

export interface AckWindowOptions {
  readonly tickRate: number;
  /** However close the client is, silence is no stall before that. */
  readonly leastMs: number;
  /** However far away it is, it is one after that. */
  readonly mostMs: number;
}

/** Of so many round trips the lowest counts, and of as many before: older ones say little about the way now. */
const SAMPLES = 8;

/** How many round trips an acknowledgement may take beyond its interval: one, and two of delay and loss. */
const ROUND_TRIPS = 3;

/** In a slow game a single late acknowledgement would be a stall otherwise. */
const LEAST_TICKS = 4;

/**
 * How far a client may be behind. Kernel buffers hide megabytes, so what counts is what it acknowledged: the
 * window is the interval of acknowledgements and three of the lowest round trips of late, within bounds. A tick
 * is published when it is due, so the delay of its acknowledgement is a round trip.
 *
 * Every input acknowledges, so this is whole numbers in one object.
 */
export class AckWindow {
  readonly #options: AckWindowOptions;
  readonly #intervalTicks: number;
  /** The lowest of the last {@link SAMPLES} round trips that are complete, and of those that follow them, in whole ms. */
  #lowestBefore = FOR_EVER;
  #lowest = FOR_EVER;
  #samples = 0;
  #windowTicks: number;
  /** Everything up to here counts as received. */
  #from: number;
  #acknowledged = -FOR_EVER;

  constructor(tick: number, options: AckWindowOptions) {
    this.#options = options;
    this.#from = tick;
    this.#intervalTicks = ticksIn(ACK_INTERVAL_MS, options.tickRate);
    this.#windowTicks = this.#ticksFor(0);
  }

  /** The last tick that the client said it has closed. */
  get acknowledgedTick(): number {
    return this.#acknowledged;
  }

  /** The client closed `tick`, and says so `delayMs` after that tick was due. */
  acknowledged(tick: number, delayMs: number): void {
    if (tick > this.#acknowledged) this.#acknowledged = tick;
    if (tick <= this.#from) return;
    this.#from = tick;
    const roundTrip = Math.min(Math.max(0, Math.round(delayMs)), FOR_EVER);
    const isLower = roundTrip < this.#lowest && roundTrip < this.#lowestBefore;
    this.#lowest = Math.min(this.#lowest, roundTrip);
    this.#samples += 1;
    const isFull = this.#samples === SAMPLES;
    if (isLower || isFull)
      this.#windowTicks = this.#ticksFor(isFull ? this.#lowest : Math.min(this.#lowest, this.#lowestBefore));
    if (!isFull) return;
    this.#lowestBefore = this.#lowest;
    this.#lowest = FOR_EVER;
    this.#samples = 0;
  }

  /** The client is as far as `tick`, or on the way there: it is to be heard of from there on. */
  restart(tick: number): void {
    this.#from = tick;
  }

  /** From this tick on an acknowledgement is overdue, so that a look at the connection's buffer is worth its cost. */
  get overdueAt(): number {
    return this.#from + this.#intervalTicks + 2;
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
