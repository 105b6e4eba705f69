import type { ClientRoom } from "../../client/client-room.ts";
import { connectWith } from "../../client/connect.ts";
import { clockId } from "../../shared/platform/node-clock.ts";
import type { Clock } from "../../shared/tick/clock.ts";
import type { SurvivorFigures } from "../run/trial-messages.ts";
import { stormGame } from "../scenarios/reconnect-storm.ts";
import { Consecutive } from "../statistics/consecutive.ts";
import { NodeLine } from "./node-line.ts";

type StormRoom = ClientRoom<(typeof stormGame)["spec"]>;

/** Replies may have to wait for a connection. */
const REQUEST_TIMEOUT_MS = 30_000;

/** A client of the SDK whose connection is cut, and which counts everything that it hears and says. */
export class Survivor {
  readonly number: number;
  readonly #line: NodeLine;
  readonly #room: StormRoom;
  readonly #clock: Clock;
  readonly #global = new Consecutive();
  readonly #place = new Consecutive();
  readonly #private = new Consecutive();
  readonly returnsMs: number[] = [];
  #messagesSent = 0;
  #requestsSent = 0;
  #answered = 0;
  #losses = 0;
  #lost = 0;
  #cutAt = 0;
  #isAway = false;

  private constructor(number: number, line: NodeLine, room: StormRoom, clock: Clock) {
    this.number = number;
    this.#line = line;
    this.#room = room;
    this.#clock = clock;
    room.on("global", ({ n }) => this.#global.take(n));
    room.on("place", ({ n }) => this.#place.take(n));
    room.on("private", ({ n }) => this.#private.take(n));
    room.onLost(() => {
      this.#lost += 1;
    });
    room.onConnection(({ state }) => {
      if (state !== "reconnecting" || this.#isAway) return;
      this.#isAway = true;
      this.#losses += 1;
    });
    room.onTick(() => {
      if (!this.#isAway) return;
      this.#isAway = false;
      this.returnsMs.push(clock.now() - this.#cutAt);
    });
  }

  /** Joins; settles when the first tick has closed. Rejects with a ConnectError. */
  static async join(number: number, url: string, clock: Clock): Promise<Survivor> {
    const line = new NodeLine();
    const { connect } = connectWith({ openSocket: line.open, clock, clockId: clockId() });
    return new Survivor(number, line, await connect(stormGame, url, { number }), clock);
  }

  get tick(): number {
    return this.#room.tick;
  }

  /** When tick 0 of the room was to be, and by whose clock. */
  get beginning() {
    return this.#room.intendedTimeOf(0);
  }

  /** Now its connection is cut, by it or by the server. */
  cut(by: "clients" | "server"): void {
    this.#cutAt = this.#clock.now();
    if (by === "clients") this.#line.cut();
  }

  say(): void {
    this.#room.send("note", { n: this.#messagesSent++ });
  }

  ask(): void {
    const n = this.#requestsSent++;
    void this.#room.request("ask", { n }, { timeoutMs: REQUEST_TIMEOUT_MS }).then((result) => {
      if (result.ok && result.value.n === n) this.#answered += 1;
    });
  }

  get figures(): SurvivorFigures {
    return {
      number: this.number,
      global: this.#global.heard,
      place: this.#place.heard,
      private: this.#private.heard,
      messagesSent: this.#messagesSent,
      requestsSent: this.#requestsSent,
      answered: this.#answered,
      losses: this.#losses,
      returns: this.returnsMs.length,
      joined: this.#room.connection.state === "joined",
      lost: this.#lost,
    };
  }

  end(): void {
    void this.#room.leave();
  }
}
