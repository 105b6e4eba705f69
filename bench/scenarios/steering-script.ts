import type { Load } from "./scenario.ts";

/** How often players of a scenario change their input. */
export const CHANGES_PER_SECOND = 5;

/** Steps of a full turn, as inputs of type `angle()` have them on the wire. */
export const TURN_STEPS = 256;

/** A change of direction at most so many steps a second, for good; what wiggles comes on top. */
const MAX_TURN = 4;
const MIN_WIGGLE = 5;
const WIGGLE_RANGE = 12;

/**
 * Who steers where in which tick. It follows from the numbers of clients alone: load, room and recording need no
 * message about it, and every system plays the same game. Changes are spread evenly, over ticks and within.
 */
export class SteeringScript {
  /** Ticks from one change of a client to the next. */
  readonly everyTicks: number;
  /** Changes of all clients together in that time. */
  readonly clients: number;

  constructor({ clients, hz }: Pick<Load, "clients" | "hz">) {
    this.clients = clients;
    this.everyTicks = Math.max(1, Math.round(hz / CHANGES_PER_SECOND));
  }

  /** When client `client` changes its input for the first time, in ticks after the first that is steered. */
  phaseOf(client: number): number {
    return (client * this.everyTicks) / this.clients;
  }

  /** Which change of a client is for a tick, counted from the first that is steered; `undefined` for none. */
  changeAt(client: number, tick: number): number | undefined {
    const since = tick - Math.floor(this.phaseOf(client));
    return since >= 0 && since % this.everyTicks === 0 ? since / this.everyTicks : undefined;
  }

  /** The clients that change their input for a tick, counted alike: from the first to before the second. */
  changersAt(tick: number): readonly [from: number, to: number] {
    const at = (ticks: number): number => Math.ceil((ticks * this.clients) / this.everyTicks);
    const phase = tick % this.everyTicks;
    return [at(phase), at(phase + 1)];
  }

  /** The direction of a change, in steps of {@link TURN_STEPS}: wide curves, and a wiggle to and fro. */
  headingOf(client: number, change: number): number {
    const turn = (scattered(client, -1) % (2 * MAX_TURN + 1)) - MAX_TURN;
    const wiggle = MIN_WIGGLE + (scattered(client, change) % WIGGLE_RANGE);
    const heading = scattered(client, -2) + turn * change + (change % 2 === 0 ? wiggle : -wiggle);
    return ((heading % TURN_STEPS) + TURN_STEPS) % TURN_STEPS;
  }
}

/** A whole number below 2^32 that looks random and follows from two others. */
export function scattered(a: number, b: number): number {
  let mixed = Math.imul(a + 1, 0x9e3779b1) ^ Math.imul(b + 3, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
