import type { ClientRoom } from "../../../client/client-room.ts";
import { ConnectError } from "../../../client/connect-error.ts";
import { connect } from "../../../client/node.ts";
import { ferry } from "../../simulation/cluster/ferry-game.ts";

/** How often somebody calls, in milliseconds. */
const CALL_EVERY_MS = 400;

/** To come on board of a cluster whose machine is busy. */
const ATTEMPTS = 10;

/** A player of a drill: it calls, and writes down what it is told. */
export class Passenger {
  readonly number: number;
  /** Ticks that were undone, by each rollback. */
  readonly rolledBack: number[] = [];
  lostCalls = 0;
  calls = 0;
  /** Of the last loss of the connection, by `performance.now()`: when it was noticed, and when a tick closed again. */
  awayAt: number | undefined;
  backAt: number | undefined;
  absences = 0;
  /** The longest time between two ticks. */
  longestGapMs = 0;
  readonly faults: string[] = [];
  readonly room: ClientRoom<typeof ferry.spec>;
  readonly #timer: NodeJS.Timeout;
  #lastTickAt = performance.now();
  #lastStroke: number | undefined;

  private constructor(number: number, room: ClientRoom<typeof ferry.spec>) {
    this.number = number;
    this.room = room;
    room.onTick(() => {
      const now = performance.now();
      this.longestGapMs = Math.max(this.longestGapMs, now - this.#lastTickAt);
      this.#lastTickAt = now;
      if (this.awayAt !== undefined) this.backAt ??= now;
    });
    room.on("stroke", ({ n }) => {
      if (this.#lastStroke !== undefined && n !== this.#lastStroke + 1)
        this.faults.push(`heard stroke ${n} behind ${this.#lastStroke}, and was told of nothing lost`);
      this.#lastStroke = n;
    });
    room.onLost((lost) => {
      if (lost.what === "calls") this.lostCalls += lost.count;
      else if (lost.what === "message") this.lostCalls += 1;
      else this.#lastStroke = undefined;
    });
    room.onRolledBack(({ from, to }) => {
      this.rolledBack.push(from - to);
      this.#lastStroke = undefined;
    });
    room.onConnection(({ state }) => {
      if (state !== "reconnecting") return;
      if (this.awayAt === undefined || this.backAt !== undefined) {
        this.awayAt = performance.now();
        this.absences += 1;
      }
      this.backAt = undefined;
    });
    this.#timer = setInterval(() => room.send("call", { n: ++this.calls }), CALL_EVERY_MS + (number % 50));
  }

  static async board(number: number, matchmaking: string): Promise<Passenger> {
    for (let attempt = 1; ; attempt++)
      try {
        return new Passenger(number, await connect(ferry, `${matchmaking}/join/ferry`, { number }));
      } catch (error) {
        if (!(error instanceof ConnectError) || error.close.retry === "never" || attempt === ATTEMPTS)
          throw error;
        await new Promise((resolve) => setTimeout(resolve, 1_000));
      }
  }

  get isJoined(): boolean {
    return this.room.connection.state === "joined";
  }

  /** From now on. */
  forgetGaps(): void {
    this.longestGapMs = 0;
  }

  quiet(): void {
    clearInterval(this.#timer);
  }

  /** What does not add up, once nothing is on its way. */
  account(): string[] {
    const { room, calls, lostCalls, faults } = this;
    const found = [...faults];
    const counted = room.me?.calls ?? 0;
    if (!this.isJoined) found.push(`is ${room.connection.state}`);
    else if (counted + lostCalls !== calls)
      found.push(`called ${calls} times; ${counted} count, and ${lostCalls} were told as lost`);
    return found.map((fault) => `passenger ${this.number}: ${fault}`);
  }
}
