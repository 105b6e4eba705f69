import { randomBytes } from "node:crypto";
import { decodeTrusted, encode } from "../../shared/protocol/codec.ts";
import {
  type AnyServerFrame,
  ClientFrame,
  type DeltaFrame,
  type PingFrame,
  type RequestFrame,
  ServerFrame,
  type WelcomeFrame,
} from "../../shared/protocol/frames.ts";
import type { Clock } from "../../shared/tick/clock.ts";
import { WireClient } from "../peers/load/wire-client.ts";
import type { EchoWay } from "../scenarios/echo.ts";
import { maskedFrame } from "./client-bytes.ts";

const BINARY = 2;

export interface EchoClientOptions {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly hello: Uint8Array;
  /** Shared by all clients of a process, see {@link WireClient}. */
  readonly buffer: Uint8Array;
  readonly clock: Clock;
  /** What a request says. */
  readonly payload: unknown;
}

/** Told what happens to one client. */
export interface EchoClientSink {
  welcomed(welcome: WelcomeFrame): void;
  ticked(tick: number): void;
  /** What was sent at `sentAt` has its answer, right now. */
  answered(way: EchoWay, sentAt: number): void;
  lost(why: string): void;
}

/**
 * A client that asks: it says when each answer is there for its player to use. A reply counts when its tick has
 * closed, as the SDK hands it over then, a pong when it comes.
 */
export class EchoClient {
  readonly #client: WireClient;
  readonly #options: EchoClientOptions;
  readonly #sink: EchoClientSink;
  readonly #mask = randomBytes(4);
  /** By sequence: when it was asked. */
  readonly #asked = new Map<number, number>();
  /** Asked then, and answered in the tick that is coming in. */
  #replied: number[] = [];
  #sequence = 0;
  /** See {@link Acknowledgements}. */
  acknowledged = 0;

  constructor(options: EchoClientOptions, sink: EchoClientSink) {
    this.#options = options;
    this.#sink = sink;
    this.#client = new WireClient(options, {
      opened: () => this.#say(options.hello),
      binary: (bytes, at, length) =>
        this.#hear(decodeTrusted(bytes.slice(at, at + length)) as AnyServerFrame),
      lost: (why) => sink.lost(why),
    });
  }

  /** @returns when it was sent */
  ask(way: EchoWay): number {
    const now = this.#options.clock.now();
    if (way === "ping") {
      const frame: PingFrame = [ClientFrame.ping, now];
      this.#say(encode(frame));
      return now;
    }
    this.#sequence += 1;
    this.#asked.set(this.#sequence, now);
    const frame: RequestFrame = [ClientFrame.request, this.#sequence, 0, this.#options.payload];
    this.#say(encode(frame));
    return now;
  }

  send(frame: Uint8Array): void {
    this.#client.send(frame);
  }

  end(): void {
    this.#client.end();
  }

  #say(payload: Uint8Array): void {
    this.#client.send(maskedFrame(BINARY, payload, this.#mask));
  }

  #hear(frame: AnyServerFrame): void {
    switch (frame[0]) {
      case ServerFrame.welcome:
        this.#sink.welcomed(frame);
        return;
      case ServerFrame.pong:
        this.#sink.answered("ping", frame[1]);
        return;
      case ServerFrame.delta:
        this.#take(frame);
        return;
      case ServerFrame.tickEnd: {
        const replied = this.#replied;
        this.#replied = [];
        for (const askedAt of replied) this.#sink.answered("request", askedAt);
        this.#sink.ticked(frame[1]);
      }
    }
  }

  #take([, , , , , , , replies = []]: DeltaFrame): void {
    for (const [sequence] of replies) {
      const askedAt = this.#asked.get(sequence);
      if (askedAt === undefined)
        this.#client.lose(`the server answered request ${sequence}, which nobody made`);
      else this.#replied.push(askedAt);
      this.#asked.delete(sequence);
    }
  }
}
