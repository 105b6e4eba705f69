import type { ClientRoom } from "../../client/client-room.ts";
import { connectWith } from "../../client/connect.ts";
import { openNodeSocket } from "../../client/node-socket.ts";
import type { OpenSocket } from "../../client/socket.ts";
import type { Game } from "../../shared/definition/game.ts";
import { NodeClock } from "../../shared/platform/node-clock.ts";
import { ServerFrame } from "../../shared/protocol/frames.ts";
import { type GameLayout, gameLayout } from "../../shared/state/game-layout.ts";
import { periodMs } from "../../shared/tick/tick.ts";
import { roomHash } from "../../tests/kit/room-hash.ts";
import type { TickHash } from "../run/messages.ts";
import { frameTick, frameType } from "./frame-head.ts";
import { differences } from "./mirror-differences.ts";
import { Shadow } from "./shadow.ts";

/** What a mirror is told, and asks. */
export interface MirrorSink {
  /** Whether the state after a tick is to be hashed. */
  isHashed(tick: number): boolean;
  ticked(tick: number, previous: number): void;
  /** The SDK's room is at this tick. */
  closed?(tick: number): void;
  lost(why: string): void;
}

/** The SDK addresses an input to the next tick, and one more for a round trip below a period. */
const STEERED_AHEAD_TICKS = 2;

/** A few say what is wrong as well as thousands. */
const MAX_DIFFERENCES = 5;

/** How a mirror is held against the server: by a shadow of it, or by what the SDK's room itself shows. */
export type MirrorCheck = "shadow" | "room";

export interface MirrorOptions {
  /** Which client of its run it is. */
  readonly number: number;
  readonly join: unknown;
  readonly check: MirrorCheck;
}

/**
 * A client of the real SDK, whose state is hashed at some ticks, to be compared with the server's. With a shadow
 * on the same connection, that is the shadow's hash, and every row of the SDK's room must read as the shadow's
 * does: so it is known which of the two is wrong, at twice the work. The work waits for the middle of the
 * period, so as not to delay who is being timed.
 */
export class Mirror {
  /** Which client of its run it is. */
  readonly number: number;
  readonly hashes: TickHash[] = [];
  readonly differences: string[] = [];
  readonly #layout: GameLayout;
  readonly #shadow: Shadow | undefined;
  readonly #hz: number;
  readonly #sink: MirrorSink;
  #room: ClientRoom | undefined;
  #waiting: Uint8Array[] = [];
  #tick = 0;
  /** Whether what waits ends with a whole tick. */
  #whole = false;
  #over = false;

  readonly #open: OpenSocket;

  private constructor(
    game: Game,
    { number, check }: Pick<MirrorOptions, "number" | "check">,
    sink: MirrorSink,
    open: OpenSocket,
  ) {
    this.number = number;
    this.#open = open;
    this.#layout = gameLayout(game.description);
    this.#shadow = check === "shadow" ? new Shadow(this.#layout) : undefined;
    this.#hz = game.spec.tickRate;
    this.#sink = sink;
  }

  /** Joins; settles when the first tick has closed. Rejects with a ConnectError. */
  static async join(
    game: Game,
    url: string,
    options: MirrorOptions,
    sink: MirrorSink,
    openSocket: OpenSocket = openNodeSocket,
  ): Promise<Mirror> {
    const mirror = new Mirror(game, options, sink, openSocket);
    const { connect } = connectWith({
      openSocket: mirror.#openSocket,
      clock: new NodeClock(),
      report: (error) => mirror.#differ(`a listener failed: ${String(error)}`),
    });
    const room = await connect(game, url, options.join);
    mirror.#room = room;
    room.onTick((tick) => sink.closed?.(tick));
    room.onConnection(({ state }) => {
      if (state === "closed") mirror.#lose("the SDK's room closed");
    });
    return mirror;
  }

  /** Sets the game's input `heading`, in radians, whenever there is one for the tick two after a closed one. */
  steer(headingFor: (tick: number) => number | undefined): void {
    this.#room?.onTick((closed) => {
      const heading = headingFor(closed + STEERED_AHEAD_TICKS);
      if (heading !== undefined) this.#room?.input({ heading });
    });
  }

  /** Compares what waits. */
  end(): void {
    this.#over = true;
    this.#settle();
    void this.#room?.leave();
  }

  /** The SDK's socket, with the shadow listening in. */
  readonly #openSocket: OpenSocket = (url, listener) =>
    this.#open(url, {
      opened: () => listener.opened(),
      received: (bytes) => {
        this.#overhear(bytes);
        listener.received(bytes);
      },
      closed: (code, reason) => {
        listener.closed(code, reason);
        this.#lose(`closed with code ${code}: ${reason}`);
      },
    });

  #overhear(bytes: Uint8Array): void {
    if (this.#over) return;
    // The SDK is still at the tick that waits: the last moment to compare with it.
    if (this.#whole) this.#settle();
    if (this.#shadow !== undefined) this.#waiting.push(bytes);
    if (frameType(bytes, 0) !== ServerFrame.tickEnd) return;
    this.#whole = true;
    const tick = frameTick(bytes, 0);
    const previous = this.#tick;
    this.#tick = tick;
    this.#sink.ticked(tick, previous);
    setTimeout(() => this.#settle(), periodMs(this.#hz) / 2).unref();
  }

  #settle(): void {
    if (!this.#whole) return;
    const frames = this.#waiting;
    this.#waiting = [];
    this.#whole = false;
    if (this.#shadow === undefined) this.#settleRoom();
    else this.#settleShadow(this.#shadow, frames);
  }

  #settleRoom(): void {
    const tick = this.#tick;
    if (this.#room === undefined || !this.#sink.isHashed(tick)) return;
    if (this.#room.tick !== tick) this.#differ(`the SDK is at tick ${this.#room.tick}, not ${tick}`);
    else this.hashes.push([tick, roomHash(this.#room, this.#layout), this.number]);
  }

  #settleShadow(shadow: Shadow, frames: readonly Uint8Array[]): void {
    try {
      for (const frame of frames) shadow.take(frame);
    } catch (error) {
      this.#differ(`tick ${this.#tick} could not be applied: ${String(error)}`);
      return;
    }
    const { tick } = shadow;
    if (!this.#sink.isHashed(tick)) return;
    this.hashes.push([tick, shadow.replica.hash(), this.number]);
    if (this.#room?.tick === tick)
      for (const sentence of differences(this.#room, shadow.replica)) this.#differ(sentence);
    else if (this.#room !== undefined) this.#differ(`the SDK is at tick ${this.#room.tick}, not ${tick}`);
  }

  #differ(sentence: string): void {
    if (this.differences.length < MAX_DIFFERENCES) this.differences.push(sentence);
  }

  #lose(why: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#sink.lost(why);
  }
}
