import { compatibility } from "../shared/definition/compatibility.ts";
import type { GameDescription } from "../shared/definition/description.ts";
import {
  type CloseDescription,
  type CloseName,
  closeByCode,
  closeCodes,
  standardCloseCodes,
} from "../shared/protocol/close-codes.ts";
import {
  type AnyServerFrame,
  ClientFrame,
  type DefinitionFrame,
  PROTOCOL_VERSION,
  ServerFrame,
  type TickEndFrame,
  type WelcomeFrame,
} from "../shared/protocol/frames.ts";
import { ReplicaError } from "../shared/state/replica.ts";
import type { Clock, Release } from "../shared/tick/clock.ts";
import { ConnectError } from "./connect-error.ts";
import { FrameFault } from "./frame-fault.ts";
import { layoutOf } from "./layout-of.ts";
import { Link } from "./link.ts";
import type { ReportError } from "./listeners.ts";
import { MirroredRoom } from "./mirrored-room.ts";
import { Seat } from "./seat.ts";
import { readServerFrame } from "./server-frame.ts";
import type { ClientSocket, OpenSocket, SocketListener } from "./socket.ts";

/** How long a player who leaves waits for the server to close before closing by itself. */
const LEAVE_DEADLINE_MS = 2_000;

export interface SessionOptions {
  readonly openSocket: OpenSocket;
  readonly clock: Clock;
  readonly clockId: string | undefined;
  readonly report: ReportError;
  readonly url: string;
  /** The game as this client knows it. Undefined: it takes it as the server plays it. */
  readonly known: { readonly description: GameDescription; readonly hash: string } | undefined;
  readonly join: unknown;
  readonly ticket: string | undefined;
  readonly joinTimeoutMs: number;
}

/** What becomes of a session's attempt to join: one of the two, once. */
export interface SessionOutcome {
  joined(room: MirroredRoom): void;
  failed(error: ConnectError): void;
}

/** Why a session ends, and what is known beyond the code. */
interface Ending {
  readonly close: CloseDescription;
  readonly reason?: string;
  readonly problems?: readonly string[];
  readonly cause?: unknown;
}

type SessionState =
  | { readonly state: "connecting" }
  /** The hello is out. `description` is the game whose hash it named; the second hello names the server's. */
  | { readonly state: "greeting"; readonly hello: 1 | 2; readonly description: GameDescription | undefined }
  /** Welcome, but no tick has closed yet. */
  | { readonly state: "joining"; readonly seat: Seat }
  | { readonly state: "joined"; readonly seat: Seat }
  /** The player said goodbye and waits for the server to close. */
  | { readonly state: "leaving"; readonly seat: Seat }
  | { readonly state: "closed"; readonly ending: Ending };

/** A client's connection to a room, from the attempt to its end: bytes in, frames out. */
export class Session implements SocketListener {
  readonly #options: SessionOptions;
  readonly #outcome: SessionOutcome;
  readonly #link = new Link();
  readonly #socket: ClientSocket | undefined;
  #state: SessionState = { state: "connecting" };
  #stopDeadline: Release;
  /** What arrived while the first tick waits to be completed; undefined once nothing is held back. */
  #held: (() => void)[] | undefined;
  readonly #whenClosed: (() => void)[] = [];

  constructor(options: SessionOptions, outcome: SessionOutcome) {
    this.#options = options;
    this.#outcome = outcome;
    const { clock, joinTimeoutMs } = options;
    this.#stopDeadline = clock.after(joinTimeoutMs, () => {
      this.#socket?.close();
      this.#end({ close: standardCloseCodes.abnormal, reason: `not joined within ${joinTimeoutMs} ms` });
    });
    try {
      this.#socket = options.openSocket(options.url, this);
    } catch (cause) {
      // A secure page may not open an insecure connection, for instance.
      this.#end({ close: standardCloseCodes.abnormal, reason: messageOf(cause), cause });
    }
  }

  opened(): void {
    if (this.#state.state !== "connecting" || this.#socket === undefined) return;
    this.#link.openTo(this.#socket);
    this.#transition({ state: "greeting", hello: 1, description: this.#options.known?.description });
    this.#greet(this.#options.known?.hash ?? "");
  }

  received(bytes: Uint8Array): void {
    if (this.#held) this.#held.push(() => this.#receive(bytes));
    else this.#receive(bytes);
  }

  closed(code: number, reason: string): void {
    const end = () => this.#end({ close: closeByCode(code), reason });
    if (this.#held) this.#held.push(end);
    else end();
  }

  /** Says goodbye; settles when the connection is closed, by the server or else by the deadline. */
  leave(): Promise<void> {
    const state = this.#state;
    if (state.state === "closed") return Promise.resolve();
    const closed = new Promise<void>((resolve) => this.#whenClosed.push(resolve));
    if (state.state === "joined") {
      this.#link.send([ClientFrame.leave]);
      this.#link.mute();
      this.#transition({ state: "leaving", seat: state.seat });
      this.#stopDeadline = this.#options.clock.after(LEAVE_DEADLINE_MS, () => this.#endLocally("left"));
    }
    return closed;
  }

  /** The one place where the state changes. `closed` is final. */
  #transition(next: SessionState): void {
    const previous = this.#state;
    if (previous.state === "closed") return;
    this.#state = next;
    switch (next.state) {
      case "connecting":
      case "greeting":
      case "joining":
      case "leaving":
        return;
      case "joined":
        this.#stopDeadline();
        this.#outcome.joined(new MirroredRoom(next.seat, () => this.leave()));
        return;
      case "closed":
        this.#stopDeadline();
        this.#link.mute();
        if (previous.state === "joined" || previous.state === "leaving") {
          const { close, reason } = next.ending;
          previous.seat.closed({ state: "closed", close, message: reason || close.sentence });
        } else this.#outcome.failed(toError(next.ending, this.#options.url));
        for (const resolve of this.#whenClosed) resolve();
    }
  }

  #end(ending: Ending): void {
    this.#transition({ state: "closed", ending });
  }

  #endLocally(name: CloseName, details: Omit<Ending, "close"> = {}): void {
    const close = closeCodes[name];
    this.#socket?.close(close.code, close.sentence);
    this.#end({ close, ...details });
  }

  #greet(hash: string): void {
    const { join, ticket } = this.#options;
    const hello = [ClientFrame.hello, PROTOCOL_VERSION, hash, join ?? null] as const;
    this.#link.send(ticket === undefined ? hello : [...hello, ticket]);
  }

  #receive(bytes: Uint8Array): void {
    if (this.#state.state === "closed") return;
    this.#link.received(bytes);
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
      if (!(error instanceof FrameFault || error instanceof ReplicaError)) this.#options.report(error);
      this.#endLocally("bad-frame", { reason: messageOf(error), cause: error });
    }
  }

  #handle(frame: AnyServerFrame): void {
    switch (frame[0]) {
      case ServerFrame.definition:
        this.#define(frame);
        return;
      case ServerFrame.welcome:
        this.#welcome(frame);
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
      case ServerFrame.pong:
        this.#seat().pong(frame);
    }
  }

  #define([, protocol, hash, description]: DefinitionFrame): void {
    if (this.#state.state !== "greeting" || this.#state.hello === 2)
      throw new FrameFault("a definition that nobody asked for");
    if (protocol !== PROTOCOL_VERSION) {
      this.#endLocally("protocol-version", { reason: `the server speaks version ${protocol}` });
      return;
    }
    const { known } = this.#options;
    const verdict = known ? compatibility(known.description, description) : { compatible: true as const };
    if (!verdict.compatible) {
      this.#endLocally("client-outdated", { problems: verdict.problems });
      return;
    }
    this.#transition({ state: "greeting", hello: 2, description });
    this.#greet(hash);
  }

  #welcome(frame: WelcomeFrame): void {
    if (this.#state.state !== "greeting" || this.#state.description === undefined)
      throw new FrameFault("a welcome that nobody asked for");
    const { description } = this.#state;
    const context = { ...this.#options, description, layout: layoutOf(description), link: this.#link };
    this.#transition({ state: "joining", seat: new Seat(context, frame) });
  }

  #closeTick(frame: TickEndFrame): void {
    const seat = this.#seat();
    const tick = seat.apply(frame);
    if (this.#state.state !== "joining") {
      seat.complete(tick);
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

  #seat(): Seat {
    const state = this.#state;
    if (state.state === "joining" || state.state === "joined" || state.state === "leaving") return state.seat;
    throw new FrameFault("a frame of the game before the welcome");
  }
}

/** A sentence that says what happened and what to do, with all that is known. */
function toError({ close, reason, problems = [], cause }: Ending, url: string): ConnectError {
  const details = [...(reason && reason !== close.sentence ? [reason] : []), ...problems];
  const known = details.length > 0 ? ` (${details.join("; ")})` : "";
  return new ConnectError(`could not join ${url}: ${close.sentence}${known}`, close, { problems, cause });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
