import type { SteeringScript } from "../scenarios/steering-script.ts";

/** An input is sent so many ticks before its own begins: as a client does whose round trip is below a period. */
const LEAD_TICKS = 2;

/** A client that is steered. */
export interface Steered {
  /** Sends the heading for a tick. */
  steer(tick: number, heading: number): void;
}

/**
 * Sends by the script what is due, each input at its own moment: spread over the period, so that writing never
 * delays for long who is being timed, and none waits for another.
 */
export class Steering {
  readonly #script: SteeringScript;
  readonly #firstTick: number;
  readonly #clientOf: (number: number) => Steered | undefined;
  /** Inputs of all clients together, sent so far. */
  #sent = 0;

  /**
   * @param firstTick the first tick that is steered
   * @param clientOf the client of a number; `undefined` where another steers it
   */
  constructor(script: SteeringScript, firstTick: number, clientOf: (number: number) => Steered | undefined) {
    this.#script = script;
    this.#firstTick = firstTick;
    this.#clientOf = clientOf;
  }

  /** Sends everything that is due by now. `tick` is the present, with its fraction. */
  sendUntil(tick: number): void {
    const { clients, everyTicks } = this.#script;
    const due = ((tick - this.#firstTick + LEAD_TICKS) * clients) / everyTicks;
    for (; this.#sent < due; this.#sent++) {
      const number = this.#sent % clients;
      const change = Math.floor(this.#sent / clients);
      const since = Math.floor(this.#script.phaseOf(number)) + change * everyTicks;
      this.#clientOf(number)?.steer(this.#firstTick + since, this.#script.headingOf(number, change));
    }
  }
}
