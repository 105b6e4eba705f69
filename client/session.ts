import { compatibility } from "../shared/definition/compatibility.ts";
import type { GameDescription } from "../shared/definition/description.ts";
import type { Game } from "../shared/definition/game.ts";
import {
  type CloseDescription,
  type CloseName,
  closeCodes,
  standardCloseCodes,
} from "../shared/protocol/close-codes.ts";
import {
  type AnyServerFrame,
  ClientFrame,
  type DefinitionFrame,
  PROTOCOL_VERSION,
  type ResumedFrame,
  ServerFrame,
  type TickEndFrame,
  type WelcomeFrame,
} from "../shared/protocol/frames.ts";
import type { Random } from "../shared/random/seeded-random.ts";
import { ReplicaError } from "../shared/state/replica.ts";
import type { Clock, Release } from "../shared/tick/clock.ts";
import type { ConnectError } from "./connect-error.ts";
import { roomUrl } from "./connect-url.ts";
import { connectErrorOf, type Ending } from "./ending.ts";
import { FrameFault, GapFault } from "./frame-fault.ts";
import { layoutOf } from "./layout-of.ts";
import { Link } from "./link.ts";
import type { ReportError } from "./listeners.ts";
import { MirroredRoom } from "./mirrored-room.ts";
import { Reconnection } from "./reconnection.ts";
import { Seat } from "./seat.ts";
import { readServerFrame } from "./server-frame.ts";
import { SilenceWatch } from "./silence-watch.ts";
import type { OpenSocket } from "./socket.ts";
import { SocketAttempt } from "./socket-attempt.ts";

/** How long a player who leaves waits for the server to close before closing by itself. */
const LEAVE_DEADLINE_MS = 2_000;

export interface SessionOptions {
  readonly openSocket: OpenSocket;
  readonly clock: Clock;
  readonly clockId: string | undefined;
  readonly random: Random;
  readonly report: ReportError;
  readonly url: string;
  /** The game as this client knows it. Undefined: it takes it as the server plays it. */
  readonly known: Game | undefined;
  readonly join: unknown;
  readonly ticket: string | undefined;
  /** Of the seat to take, where there is one already. */
  readonly token: string | undefined;
  readonly joinTimeoutMs: number;
  /** For how long a lost connection is tried again. */
  readonly reconnectWithinMs: number;
  /** The game predicts, and this client is to. */
  readonly predicts: boolean;
  /** See `connect`'s option. */
  readonly extrapolateMs: number;
}

/** What becomes of a session's attempt to join: one of the two, once. */
export interface SessionOutcome {
  joined(room: MirroredRoom): void;
  failed(error: ConnectError): void;
}

type SessionState =
  | { readonly state: "connecting" }
  /** The hello is out. `description` is the game whose hash it named; the second hello names the server's. */
  | { readonly state: "greeting"; readonly hello: 1 | 2; readonly description: GameDescription | undefined }
  /** Welcome, but no tick has closed yet. */
  | { readonly state: "joining"; readonly seat: Seat }
  | { readonly state: "joined"; readonly seat: Seat }
  /** The connection is lost. Another is waited for, or opens, or has said hello. */
  | { readonly state: "returning"; readonly seat: Seat; readonly reconnection: Reconnection }
  /** It is known on the new connection, but no tick has closed yet. */
  | { readonly state: "resuming"; readonly seat: Seat; readonly reconnection: Reconnection }
  /** The player says goodbye and waits for the server to close. */
  | { readonly state: "leaving"; readonly seat: Seat; readonly isSaid: boolean }
  | { readonly state: "closed"; readonly ending: Ending };

/** A client's stay in a room, from the attempt to join to the end, over however many connections. */
export class Session {
  readonly #options: SessionOptions;
  readonly #outcome: SessionOutcome;
  readonly #link = new Link();
  /** While joined: what else waits for the server has a deadline of its own. */
  readonly #silence: SilenceWatch;
  /** The connection that counts; what older ones still say is not heard. */
  #socket: SocketAttempt | undefined;
  /** Counts connections, so that the server knows one that was given up and comes late. */
  #attempt = 0;
  #state: SessionState = { state: "connecting" };
  /** The hash of the game as the server plays it. */
  #hash: string;
  /** The tick behind which frames were missing last: the same gap twice is a fault. */
  #gapAfter: number | undefined;
  #stopDeadline: Release;
  /** What arrived while the first tick waits to be completed; undefined once nothing is held back. */
  #held: (() => void)[] | undefined;
  readonly #whenClosed: (() => void)[] = [];

  constructor(options: SessionOptions, outcome: SessionOutcome) {
    this.#options = options;
    this.#outcome = outcome;
    this.#hash = options.known?.hash ?? "";
    const { clock, joinTimeoutMs } = options;
    this.#silence = new SilenceWatch(clock, {
      ask: () => this.#seat().ping(),
      lost: () => this.#lose({ close: standardCloseCodes.abnormal, reason: "nothing came any more" }),
    });
    this.#stopDeadline = clock.after(joinTimeoutMs, () => {
      this.#socket?.close();
      this.#end({ close: standardCloseCodes.abnormal, reason: `not joined within ${joinTimeoutMs} ms` });
    });
    this.#connect(options.url);
  }

  /** Says goodbye; settles when the connection is closed, by the server or else by the deadline. */
  leave(): Promise<void> {
    const state = this.#state;
    if (state.state === "closed") return Promise.resolve();
    const closed = new Promise<void>((resolve) => this.#whenClosed.push(resolve));
    if (state.state === "joined") {
      this.#transition({ state: "leaving", seat: state.seat, isSaid: state.seat.leave() });
      this.#stopDeadline = this.#options.clock.after(LEAVE_DEADLINE_MS, () => this.#endLocally("left"));
    } else if (state.state === "returning" || state.state === "resuming") this.#endLocally("left");
    return closed;
  }

  #connect(url: string): void {
    this.#attempt += 1;
    this.#socket = new SocketAttempt(this.#options.openSocket, url, {
      opened: () => this.#opened(),
      received: (bytes) => this.#orHold(() => this.#receive(bytes)),
      closed: (ending) => this.#orHold(() => this.#disconnected(ending)),
    });
  }

  #opened(): void {
    const { socket } = this.#socket ?? {};
    if (socket === undefined) return;
    this.#link.openTo(socket);
    if (this.#state.state === "connecting")
      this.#transition({ state: "greeting", hello: 1, description: this.#options.known?.description });
    this.#greet();
  }

  #orHold(task: () => void): void {
    if (this.#held) this.#held.push(task);
    else task();
  }

  /** The one place where the state changes. `closed` is final. */
  #transition(next: SessionState): void {
    const previous = this.#state;
    if (previous.state === "closed") return;
    this.#state = next;
    if (next.state === "joined") this.#silence.begin();
    else this.#silence.stop();
    switch (next.state) {
      case "connecting":
      case "greeting":
      case "joining":
      case "returning":
      case "resuming":
      case "leaving":
        return;
      case "joined":
        this.#stopDeadline();
        if (previous.state === "joining")
          this.#outcome.joined(new MirroredRoom(next.seat, () => this.leave()));
        else next.seat.reconnected();
        return;
      case "closed":
        this.#stopDeadline();
        if ("reconnection" in previous) previous.reconnection.stop();
        this.#socket?.forget();
        this.#link.mute();
        if ("seat" in previous && previous.state !== "joining") {
          const { close, reason } = next.ending;
          previous.seat.closed({ state: "closed", close, message: reason || close.sentence });
        } else this.#outcome.failed(connectErrorOf(next.ending, this.#options.url));
        for (const resolve of this.#whenClosed) resolve();
    }
  }

  #end(ending: Ending): void {
    this.#transition({ state: "closed", ending });
  }

  #endLocally(name: CloseName, details: Omit<Ending, "close"> = {}): void {
    const close = closeCodes[name];
    this.#socket?.close(close);
    this.#end({ close, ...details });
  }

  /** A connection ended: the stay goes on where that may mend, and where there is a way back. */
  #disconnected(ending: Ending): void {
    const state = this.#state;
    this.#socket?.forget();
    if (state.state === "joined" && this.#mayReturn(state.seat, ending.close)) {
      const { clock, random, reconnectWithinMs, joinTimeoutMs } = this.#options;
      const { seat } = state;
      const reconnection = new Reconnection(
        { clock, random, withinMs: reconnectWithinMs, attemptMs: joinTimeoutMs },
        {
          connect: () => this.#connect(roomUrl(this.#options.url, seat.roomId)),
          tookTooLong: () => this.#lose({ close: standardCloseCodes.abnormal }),
          gaveUp: (last) => this.#end(last),
          waiting: ({ close }, attempt) => seat.disconnected(close, attempt),
        },
      );
      this.#transition({ state: "returning", seat, reconnection });
      reconnection.after(ending);
    } else if ("reconnection" in state && ending.close.retry !== "never") {
      if (state.state === "resuming") this.#transition({ ...state, state: "returning" });
      state.reconnection.after(ending);
    } else this.#end(ending);
  }

  /** Gives the present connection up. */
  #lose(ending: Ending): void {
    this.#socket?.close(ending.close);
    this.#disconnected(ending);
  }

  #mayReturn({ token }: Seat, { retry }: CloseDescription): boolean {
    return token !== undefined && retry !== "never" && this.#options.reconnectWithinMs > 0;
  }

  #greet(): void {
    const { join, ticket, token } = this.#options;
    const seat = this.#state.state === "returning" ? this.#state.seat : undefined;
    const hello = [ClientFrame.hello, PROTOCOL_VERSION, this.#hash] as const;
    if (seat?.token !== undefined) {
      const returns = [...hello, null, null, seat.token, seat.tick, this.#attempt] as const;
      this.#link.send(seat.timeline.id ? [...returns, seat.timeline.id] : returns);
    } else if (token !== undefined) this.#link.send([...hello, null, null, token]);
    else if (ticket !== undefined) this.#link.send([...hello, join ?? null, ticket]);
    else this.#link.send([...hello, join ?? null]);
  }

  #receive(bytes: Uint8Array): void {
    if (this.#state.state === "closed") return;
    this.#link.received(bytes);
    this.#silence.heard();
    this.#orFault(() => {
      const frame = readServerFrame(bytes);
      if (frame === undefined) return;
      if ("seat" in this.#state) this.#state.seat.streams.received(frame, bytes.length);
      this.#handle(frame);
    });
  }

  /** What the server's frame leads to must not leave a half-changed mirror that looks alive. */
  #orFault(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (error instanceof GapFault && this.#mendsGap()) return;
      if (!(error instanceof FrameFault || error instanceof ReplicaError)) this.#options.report(error);
      this.#endLocally("bad-frame", { reason: messageOf(error), cause: error });
    }
  }

  /** Frames that were dropped are made up for by a resync, on a new connection. */
  #mendsGap(): boolean {
    const state = this.#state;
    const close = closeCodes["too-slow"];
    if (state.state !== "joined" || !this.#mayReturn(state.seat, close)) return false;
    if (this.#gapAfter === state.seat.tick) return false;
    this.#gapAfter = state.seat.tick;
    this.#lose({ close });
    return true;
  }

  #handle(frame: AnyServerFrame): void {
    switch (frame[0]) {
      case ServerFrame.definition:
        this.#define(frame);
        return;
      case ServerFrame.welcome:
        this.#welcome(frame);
        return;
      case ServerFrame.resumed:
        this.#resumed(frame);
        return;
      case ServerFrame.keyframe:
        this.#seat().keyframe(frame);
        return;
      case ServerFrame.delta:
        this.#seat().delta(frame);
        return;
      case ServerFrame.tickEnd:
        this.#closeTick(frame);
        return;
      case ServerFrame.pause:
        this.#seat().pause(frame);
        return;
      case ServerFrame.pong:
        this.#seat().pong(frame);
        return;
      case ServerFrame.maintenance:
        this.#seat().told(frame);
    }
  }

  #define([, protocol, hash, description]: DefinitionFrame): void {
    const { known } = this.#options;
    // Whoever returns has built its mirror for the game as it was.
    if (this.#state.state === "returning") {
      this.#endLocally("client-outdated", { reason: "the server plays another version of the game now" });
      return;
    }
    if (this.#state.state !== "greeting" || this.#state.hello === 2)
      throw new FrameFault("a definition that nobody asked for");
    if (protocol !== PROTOCOL_VERSION) {
      this.#endLocally("protocol-version", { reason: `the server speaks version ${protocol}` });
      return;
    }
    const verdict = known ? compatibility(known.description, description) : { compatible: true as const };
    if (!verdict.compatible) {
      this.#endLocally("client-outdated", { problems: verdict.problems });
      return;
    }
    this.#transition({ state: "greeting", hello: 2, description });
    this.#hash = hash;
    this.#greet();
  }

  #welcome(frame: WelcomeFrame): void {
    if (this.#state.state !== "greeting" || this.#state.description === undefined)
      throw new FrameFault("a welcome that nobody asked for");
    const { description } = this.#state;
    const context = { ...this.#options, description, layout: layoutOf(description), link: this.#link };
    this.#transition({ state: "joining", seat: new Seat(context, frame) });
  }

  #resumed(frame: ResumedFrame): void {
    const state = this.#state;
    if (state.state === "joined" || state.state === "leaving") {
      state.seat.resumed(frame, "same");
      return;
    }
    if (state.state !== "returning") throw new FrameFault("a resync that nobody asked for");
    this.#transition({ ...state, state: "resuming" });
    state.seat.resumed(frame, "new");
  }

  #closeTick(frame: TickEndFrame): void {
    const seat = this.#seat();
    const tick = seat.apply(frame);
    const state = this.#state;
    if (state.state === "resuming") {
      state.reconnection.stop();
      this.#transition({ state: "joined", seat });
    }
    if (state.state !== "joining") {
      seat.complete(tick);
      this.#goOnLeaving();
      return;
    }
    // Whoever awaits the room adds listeners when the promise has settled, so until then nothing may happen
    // that they would miss: this tick's events, nor the next frames, which can be in the same packet.
    const held: (() => void)[] = [() => this.#orFault(() => seat.complete(tick))];
    this.#held = held;
    this.#transition({ state: "joined", seat });
    this.#options.clock.after(0, () => {
      this.#held = undefined;
      for (const task of held) task();
    });
  }

  /** The goodbye goes out behind everything that was sent before it. */
  #goOnLeaving(): void {
    const state = this.#state;
    if (state.state === "leaving" && !state.isSaid)
      this.#transition({ ...state, isSaid: state.seat.leave() });
  }

  #seat(): Seat {
    const state = this.#state;
    if ("seat" in state && state.state !== "returning") return state.seat;
    throw new FrameFault("a frame of the game before the welcome");
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
