import { encode } from "../../shared/protocol/codec.ts";
import {
  ClientFrame,
  type HelloFrame,
  PROTOCOL_VERSION,
  type WelcomeFrame,
} from "../../shared/protocol/frames.ts";
import type { Clock } from "../../shared/tick/clock.ts";
import { periodMs } from "../../shared/tick/tick.ts";
import type { RunSpec } from "../run/messages.ts";
import { roomPath } from "../run/rooms.ts";
import { scenarioNamed } from "../scenarios/catalogue.ts";
import { Acknowledgements } from "./acknowledgements.ts";
import { LeanClient } from "./lean-client.ts";

export const HOST = "127.0.0.1";
const JOIN_WITHIN_MS = 10_000;
/** As much as the kernel hands over at once. */
const READ_BYTES = 64 * 1024;

/** Told of a client's ticks; `previous` is the tick before, 0 for none. */
export type Ticked = (tick: number, previous: number) => void;

/** Lean clients of one room, who acknowledge, and answer a pause, as the protocol wants it. */
export class LeanPlayers {
  readonly clients: LeanClient[] = [];
  readonly lost: string[] = [];
  /** The first client's. */
  welcome: WelcomeFrame | undefined;
  /** The last tick that arrived at anybody. */
  tick = 0;
  readonly #spec: RunSpec;
  readonly #port: number;
  readonly #clock: Clock;
  readonly #acknowledgements: Acknowledgements;
  readonly #buffer = new Uint8Array(READ_BYTES);
  readonly #hash: string;

  constructor(spec: RunSpec, port: number, clock: Clock) {
    this.#spec = spec;
    this.#port = port;
    this.#clock = clock;
    this.#hash = scenarioNamed(spec.scenario).game(spec.hz).hash;
    this.#acknowledgements = new Acknowledgements(spec.hz, (write) =>
      clock.after(periodMs(spec.hz) / 2, write),
    );
  }

  /** Connects, and settles when the first tick has closed. */
  join(number: number, ticked: Ticked): Promise<LeanClient> {
    return new Promise((resolve, reject) => {
      const tooLate = this.#clock.after(JOIN_WITHIN_MS, () =>
        reject(new Error(`a client had not joined after ${JOIN_WITHIN_MS / 1000} s`)),
      );
      const client: LeanClient = new LeanClient(
        {
          host: HOST,
          port: this.#port,
          path: roomPath(this.#spec, 0),
          hello: this.#hello(number),
          buffer: this.#buffer,
        },
        {
          welcomed: (welcome) => {
            this.welcome ??= welcome;
          },
          ticked: (tick, previous) => {
            ticked(tick, previous);
            if (tick > this.tick) this.tick = tick;
            this.#acknowledgements.closed(client, tick);
            if (previous !== 0) return;
            tooLate();
            resolve(client);
          },
          paused: (tick) => client.ready(tick),
          lost: (why) => {
            tooLate();
            this.lost.push(why);
            reject(new Error(`a client could not join: ${why}`));
          },
        },
      );
      this.clients.push(client);
    });
  }

  end(): void {
    for (const client of this.clients) client.end();
  }

  #hello(number: number): Uint8Array {
    const { joinOf } = scenarioNamed(this.#spec.scenario);
    const frame: HelloFrame = [ClientFrame.hello, PROTOCOL_VERSION, this.#hash, joinOf?.(number) ?? null];
    return encode(frame).slice();
  }
}

/** Lets clients 0 to `count` − 1 join, so many at a time that no room is late because of it. */
export async function joinEach(
  count: number,
  join: (number: number) => Promise<unknown>,
  progress: (joined: number) => void,
): Promise<void> {
  let started = 0;
  let joined = 0;
  const one = async (): Promise<void> => {
    while (started < count) {
      await join(started++);
      progress(++joined);
    }
  };
  await Promise.all(Array.from({ length: Math.min(JOINING_AT_ONCE, count) }, one));
}

const JOINING_AT_ONCE = 50;
