import { randomBytes } from "node:crypto";
import { encode } from "../../../shared/protocol/codec.ts";
import { ClientFrame, PROTOCOL_VERSION, type WelcomeFrame } from "../../../shared/protocol/frames.ts";
import type { Acknowledgements } from "../../load/acknowledgements.ts";
import { maskedFrame } from "../../load/client-bytes.ts";
import { LeanClient } from "../../load/lean-client.ts";

const BINARY = 2;
/** As much as the kernel hands over at once. Every socket of a process reads into it. */
const buffer = new Uint8Array(64 * 1024);
const mask = randomBytes(4);

/** What players of one process share. */
export interface Company {
  readonly port: number;
  /** The game's. */
  readonly hash: string;
  readonly acknowledgements: Acknowledgements;
}

/** Where a player connects. */
export interface Place {
  readonly path: string;
  readonly localAddress?: string;
}

/** Told what happens to one player. */
export interface PlayerSink {
  /** It is connected, and has greeted. */
  opened?(player: DrillPlayer): void;
  /** There is a seat, a new one. */
  welcomed?(player: DrillPlayer, welcome: WelcomeFrame): void;
  /** The first tick closed in the old seat. */
  returned?(player: DrillPlayer): void;
  ticked?(player: DrillPlayer, tick: number, previous: number): void;
  /** The connection ended, by whomever but the player. */
  lost?(player: DrillPlayer, why: string): void;
}

/** A lean client that plays: it joins, talks, moves, goes, and comes back to its seat. */
export class DrillPlayer {
  readonly #company: Company;
  readonly #place: Place;
  readonly #sink: PlayerSink;
  #client: LeanClient;
  #sequence = 0;
  /** Where it has a seat. */
  #seat: { readonly token: string; readonly path: string; readonly player: number } | undefined;
  /** The last tick that closed here, over all connections. */
  tick = 0;
  isReading = true;

  constructor(company: Company, place: Place, sink: PlayerSink) {
    this.#company = company;
    this.#place = place;
    this.#sink = sink;
    this.#client = this.#connect(place.path, [ClientFrame.hello, PROTOCOL_VERSION, company.hash, null]);
  }

  /** The number of its seat; `undefined` before there is one. */
  get player(): number | undefined {
    return this.#seat?.player;
  }

  say(text: string): void {
    this.#send([ClientFrame.message, ++this.#sequence, 0, { text }]);
  }

  ask(a: number, b: number): void {
    this.#send([ClientFrame.request, ++this.#sequence, 0, { a, b }]);
  }

  move(by: number): void {
    this.#send([ClientFrame.input, this.tick + 2, this.tick, by, false]);
  }

  /** Gives up the seat; the server closes the connection in a tick. */
  leave(): void {
    this.#send([ClientFrame.leave]);
  }

  stopReading(): void {
    this.isReading = false;
    this.#client.stopReading();
  }

  readAgain(): void {
    this.isReading = true;
    this.#client.readAgain();
  }

  /** Destroys the socket. The seat stays for as long as the game grants. */
  cut(): void {
    this.#client.end();
  }

  /** Connects anew and asks for its old seat. */
  comeBack(): void {
    const { hash } = this.#company;
    if (this.#seat === undefined) throw new Error("there is no seat to come back to");
    const { token, path } = this.#seat;
    this.#client = this.#connect(path, [
      ClientFrame.hello,
      PROTOCOL_VERSION,
      hash,
      null,
      null,
      token,
      this.tick === 0 ? null : this.tick,
      null,
    ]);
  }

  #connect(path: string, hello: readonly unknown[]): LeanClient {
    const { localAddress } = this.#place;
    const client: LeanClient = new LeanClient(
      {
        host: "127.0.0.1",
        port: this.#company.port,
        path,
        hello: encode(hello).slice(),
        buffer,
        ...(localAddress !== undefined && { localAddress }),
      },
      {
        opened: () => this.#sink.opened?.(this),
        welcomed: (welcome) => {
          const [, , , , , player, , , room, token] = welcome;
          const [, game = ""] = path.split(/[/?]/);
          if (token !== null) this.#seat = { token, path: `/${game}/${room}`, player };
          this.#sink.welcomed?.(this, welcome);
        },
        ticked: (tick, previous) => {
          const before = this.tick;
          this.tick = tick;
          this.#company.acknowledgements.closed(client, tick);
          if (previous === 0 && before !== 0) this.#sink.returned?.(this);
          this.#sink.ticked?.(this, tick, previous === 0 ? before : previous);
        },
        paused: (tick) => client.ready(tick),
        lost: (why) => this.#sink.lost?.(this, why),
      },
    );
    return client;
  }

  #send(frame: readonly unknown[]): void {
    this.#client.send(maskedFrame(BINARY, encode(frame), mask));
  }
}
