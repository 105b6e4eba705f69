import type { Random } from "../random/seeded-random.ts";
import type { Clock, MonotonicMs, Release } from "../tick/clock.ts";

/** How a link behaves while nothing goes wrong. */
export interface LinkConditions {
  /** One way, in milliseconds. */
  readonly latencyMs: number;
  /** Up to so many milliseconds more, drawn anew for each instant in which something is sent. */
  readonly jitterMs: number;
  /** What fits through in a second. Beyond it bytes wait their turn, without a limit. */
  readonly bytesPerSecond: number;
}

/** A link that is not there: everything arrives at once, but never within the call that sent it. */
export const perfectLink: LinkConditions = {
  latencyMs: 0,
  jitterMs: 0,
  bytesPerSecond: Number.POSITIVE_INFINITY,
};

export interface LinkParts {
  readonly clock: Clock;
  readonly random: Random;
  /** What is left out is as in {@link perfectLink}. */
  readonly conditions?: Partial<LinkConditions>;
}

/** `silent` swallows everything and tells nobody; `cut` is the end. */
type LinkState = "flowing" | "silent" | "cut";

interface InFlight<Item> {
  readonly item: Item;
  readonly bytes: number;
  readonly arrivesAt: MonotonicMs;
}

/**
 * One direction of a connection as TCP makes it look: late, uneven, slow or still, but in order and complete
 * for as long as it is not cut. What it carries is up to its user: chunks of a byte stream, whole frames.
 * Equal seeds, clocks and pushes give equal arrivals.
 */
export class Link<Item> {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #deliver: (item: Item) => void;
  #conditions: LinkConditions;
  #state: LinkState = "flowing";
  /** In order of sending, which is the order of arrival; those before `#head` have arrived. */
  #flight: InFlight<Item>[] = [];
  #head = 0;
  #bytes = 0;
  /** The sender's end is busy until then. */
  #sentUntil: MonotonicMs = Number.NEGATIVE_INFINITY;
  #lastArrival: MonotonicMs = Number.NEGATIVE_INFINITY;
  #stalledUntil: MonotonicMs = Number.NEGATIVE_INFINITY;
  #jitterMs = 0;
  #jitterDrawnAt: MonotonicMs | undefined;
  #stopTimer: Release | undefined;

  /** @throws RangeError for conditions that no link can have */
  constructor({ clock, random, conditions = {} }: LinkParts, deliver: (item: Item) => void) {
    this.#clock = clock;
    this.#random = random;
    this.#conditions = valid({ ...perfectLink, ...conditions });
    this.#deliver = deliver;
  }

  /** Bytes on their way: where there are more than a real connection would hold, its sender is to wait. */
  get bytesInFlight(): number {
    return this.#bytes;
  }

  /** Sends an item that is `bytes` long. It arrives in a task of its own, after everything sent before it. */
  push(item: Item, bytes: number): void {
    if (this.#state !== "flowing") return;
    const now = this.#clock.now();
    if (this.#jitterDrawnAt !== now) {
      this.#jitterMs = this.#random() * this.#conditions.jitterMs;
      this.#jitterDrawnAt = now;
    }
    const { latencyMs, bytesPerSecond } = this.#conditions;
    this.#sentUntil = Math.max(now, this.#sentUntil) + (bytes * 1000) / bytesPerSecond;
    this.#lastArrival = Math.max(this.#lastArrival, this.#sentUntil + latencyMs + this.#jitterMs);
    this.#flight.push({ item, bytes, arrivesAt: this.#lastArrival });
    this.#bytes += bytes;
    if (this.#stopTimer === undefined) this.#arm();
  }

  /** From now on, for what is sent from now on. */
  change(conditions: Partial<LinkConditions>): void {
    this.#conditions = valid({ ...this.#conditions, ...conditions });
    this.#jitterDrawnAt = undefined;
  }

  /** For so long nothing arrives, then all that was due meanwhile. A longer stall that runs already goes on. */
  stall(ms: number): void {
    if (!(ms >= 0)) throw new RangeError(`a link cannot stall for ${ms} ms`);
    this.#stalledUntil = Math.max(this.#stalledUntil, this.#clock.now() + ms);
    if (this.#stopTimer !== undefined) this.#arm();
  }

  /** Nothing arrives any more, what is on its way included, and neither end is told. */
  silence(): void {
    if (this.#state === "flowing") this.#drop("silent");
  }

  /** The end. What is on its way is lost. */
  cut(): void {
    if (this.#state !== "cut") this.#drop("cut");
  }

  #drop(state: LinkState): void {
    this.#state = state;
    this.#flight = [];
    this.#head = 0;
    this.#bytes = 0;
    this.#stopTimer?.();
    this.#stopTimer = undefined;
  }

  #arm(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    const next = this.#flight[this.#head];
    if (next === undefined) return;
    const dueAt = Math.max(next.arrivesAt, this.#stalledUntil);
    this.#stopTimer = this.#clock.after(dueAt - this.#clock.now(), this.#arrive);
  }

  /** What is told may push, stall or cut: everything is looked at anew after each item. */
  readonly #arrive = (): void => {
    for (;;) {
      const next = this.#flight[this.#head];
      const now = this.#clock.now();
      if (next === undefined || next.arrivesAt > now || this.#stalledUntil > now) break;
      this.#head += 1;
      this.#bytes -= next.bytes;
      this.#deliver(next.item);
    }
    if (this.#head === this.#flight.length) {
      this.#flight = [];
      this.#head = 0;
    }
    this.#arm();
  };
}

function valid(conditions: LinkConditions): LinkConditions {
  const { latencyMs, jitterMs, bytesPerSecond } = conditions;
  for (const [name, ms] of Object.entries({ latencyMs, jitterMs }))
    if (!(ms >= 0 && Number.isFinite(ms)))
      throw new RangeError(`${name} is ${ms}; it must be 0 or more milliseconds`);
  if (!(bytesPerSecond > 0))
    throw new RangeError(`bytesPerSecond is ${bytesPerSecond}; it must be above 0, Infinity for no limit`);
  return conditions;
}
