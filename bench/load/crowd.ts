import { randomBytes } from "node:crypto";
import { NodeClock } from "../../shared/platform/node-clock.ts";
import { encode } from "../../shared/protocol/codec.ts";
import {
  ClientFrame,
  type HelloFrame,
  PROTOCOL_VERSION,
  type WelcomeFrame,
} from "../../shared/protocol/frames.ts";
import type { RunSpec } from "../run/messages.ts";
import { roomPath } from "../run/rooms.ts";
import { scenarioNamed } from "../scenarios/catalogue.ts";
import { maskedFrame } from "./client-bytes.ts";
import { LeanClient, type LeanClientSink } from "./lean-client.ts";
import { Mirror } from "./mirror.ts";
import type { TickRecorder } from "./tick-recorder.ts";
import { Witness } from "./witness.ts";

const HOST = "127.0.0.1";
const BINARY = 2;

/** Clients that join at the same time: as many per tick are no burst that could make a room late. */
const JOINING_AT_ONCE = 50;
const JOIN_WITHIN_MS = 10_000;

/** Groups of clients that send at different moments of their common interval. */
const STAGGER = 50;

/** As much as the kernel hands over at once. */
const READ_BYTES = 64 * 1024;

/** What the first client was told. Rooms are made one right after the other, so the ticks of
 * all count nearly alike. */
export interface Joined {
  readonly epoch: number;
  readonly clock: string | null;
  /** The last tick that arrived. */
  readonly tick: number;
}

/** All clients of a run: lean ones, and mirrors. They take what comes in the order of its arrival. */
export class Crowd {
  readonly clock = new NodeClock();
  readonly lean: LeanClient[] = [];
  readonly mirrors: Mirror[] = [];
  readonly witness = new Witness();
  readonly lost: string[] = [];
  /** Where arrivals go; ticks before it is set are of no interest. */
  recorder: TickRecorder | undefined;

  readonly #spec: RunSpec;
  readonly #port: number;
  readonly #hello: Uint8Array;
  readonly #buffer = new Uint8Array(READ_BYTES);
  #welcome: WelcomeFrame | undefined;
  #tick = 0;
  #inbound: NodeJS.Timeout | undefined;

  constructor(spec: RunSpec, port: number) {
    this.#spec = spec;
    this.#port = port;
    const game = scenarioNamed(spec.scenario).game(spec.hz);
    const hello: HelloFrame = [ClientFrame.hello, PROTOCOL_VERSION, game.hash, null];
    this.#hello = encode(hello).slice();
  }

  /** Bytes that lean clients received so far. */
  leanBytes(): number {
    return this.lean.reduce((sum, client) => sum + client.bytesReceived, 0);
  }

  /** Everyone joins, some at a time. Rejects at the first who cannot. */
  async join(progress: (joined: number) => void): Promise<Joined> {
    const { clients, mirrors } = this.#spec;
    let started = 0;
    let joined = 0;
    const joinOneByOne = async (): Promise<void> => {
      while (started < clients) {
        const index = started++;
        await (index < mirrors ? this.#joinMirror(index) : this.#joinLean(index));
        progress(++joined);
      }
    };
    await Promise.all(Array.from({ length: Math.min(JOINING_AT_ONCE, clients) }, joinOneByOne));
    const [, , , epoch, clock] = this.#welcome ?? fail("no lean client was welcomed");
    return { epoch, clock, tick: this.#tick };
  }

  /** From now on every client sends the scenario's frame in its interval. */
  startSending(): void {
    const { frame, everyMs } = scenarioNamed(this.#spec.scenario).inbound;
    const bytes = maskedFrame(BINARY, encode(frame), randomBytes(4));
    let turn = 0;
    this.#inbound = setInterval(() => {
      for (let i = turn; i < this.lean.length; i += STAGGER) this.lean[i]?.send(bytes);
      turn = (turn + 1) % STAGGER;
    }, everyMs / STAGGER);
  }

  end(): void {
    clearInterval(this.#inbound);
    for (const client of this.lean) client.end();
    for (const mirror of this.mirrors) mirror.end();
  }

  /** Neighbours sit in different rooms, so that all rooms fill alike. */
  #path(index: number): string {
    return roomPath(this.#spec, index % this.#spec.rooms);
  }

  #joinLean(index: number): Promise<void> {
    const { witness } = this;
    const isWitness = index === this.#spec.mirrors;
    return new Promise((resolve, reject) => {
      const tooLate = setTimeout(() => reject(new Error(timeoutSentence)), JOIN_WITHIN_MS);
      const settle = (): void => {
        clearTimeout(tooLate);
        resolve();
      };
      const sink: LeanClientSink = {
        welcomed: (welcome) => {
          this.#welcome ??= welcome;
        },
        ticked: (tick, previous) => {
          const recorder = this.recorder;
          if (recorder !== undefined) recorder.received(tick, previous, this.clock.now());
          if (isWitness) witness.ticked(tick);
          if (previous !== 0) return;
          this.#tick = Math.max(this.#tick, tick);
          settle();
        },
        lost: (why) => {
          clearTimeout(tooLate);
          this.lost.push(why);
          reject(new Error(`a client could not join: ${why}`));
        },
        ...(isWitness && { piece: witness.piece.bind(witness) }),
      };
      const { lean } = this;
      lean.push(
        new LeanClient(
          { host: HOST, port: this.#port, path: this.#path(index), hello: this.#hello, buffer: this.#buffer },
          sink,
        ),
      );
    });
  }

  async #joinMirror(index: number): Promise<void> {
    const game = scenarioNamed(this.#spec.scenario).game(this.#spec.hz);
    const mirror = await Mirror.join(game, `ws://${HOST}:${this.#port}${this.#path(index)}`, {
      ticked: (tick, previous) => void this.recorder?.counted(tick, previous),
      lost: (why) => this.lost.push(`a mirror: ${why}`),
    });
    this.mirrors.push(mirror);
  }
}

const timeoutSentence = `a client had not joined after ${JOIN_WITHIN_MS / 1000} s`;

function fail(message: string): never {
  throw new Error(message);
}
