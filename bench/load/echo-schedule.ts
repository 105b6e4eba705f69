import type { EchoLoad, EchoWay } from "../scenarios/echo.ts";

/** One thing to send, and who sends it. */
export interface EchoTurn {
  readonly client: number;
  readonly way: EchoWay;
}

/**
 * Who asks when: all clients in turn, requests and pings by turns, spread evenly over time. Nobody waits for an
 * answer before asking again, so a server that stalls delays answers and not questions.
 */
export class EchoSchedule {
  readonly #clients: number;
  readonly #perMs: number;
  #turns = 0;

  constructor({ clients, rate }: Pick<EchoLoad, "clients" | "rate">) {
    this.#clients = clients;
    this.#perMs = (clients * rate * 2) / 1000;
  }

  /** What is due by now, and was not yet handed out. @param sinceMs from the first turn on */
  *dueBy(sinceMs: number): Generator<EchoTurn> {
    for (; this.#turns < sinceMs * this.#perMs; this.#turns++) {
      const round = Math.floor(this.#turns / this.#clients);
      yield { client: this.#turns % this.#clients, way: round % 2 === 0 ? "request" : "ping" };
    }
  }
}
