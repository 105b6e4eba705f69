import { type ParsedClientFrame, parseClientFrame } from "../../shared/protocol/client-frame.ts";
import {
  type CloseName,
  closeByCode,
  closeCodes,
  standardCloseCodes,
} from "../../shared/protocol/close-codes.ts";
import { decodeUntrusted, encode } from "../../shared/protocol/codec.ts";
import {
  type DefinitionFrame,
  type PongFrame,
  PROTOCOL_VERSION,
  ServerFrame,
} from "../../shared/protocol/frames.ts";
import { trimFrame } from "../../shared/protocol/trim-frame.ts";
import type { Clock } from "../../shared/tick/clock.ts";
import type { Bus } from "../bus.ts";
import type { Visitor } from "../guard/visitor.ts";
import type { LimitName, ServerLimits } from "../limits.ts";
import type { Matchmaker } from "../matchmaking/matchmaker.ts";
import type { Membership } from "../room/arrivals.ts";
import type { Returning } from "../room/attendance.ts";
import type { LeaveReason } from "../room/define-room.ts";
import type { RoomCore } from "../room/room-core.ts";
import type { SeatLink } from "../room/seat-link.ts";
import type { Tickets } from "../tickets/tickets.ts";
import type { Connection, ConnectionListener, HandshakeRequest } from "../transport/transport.ts";
import { admission } from "./admission.ts";
import { type SessionState, sessionTransitions } from "./session-state.ts";

export interface SessionParts {
  readonly id: number;
  readonly connection: Connection;
  readonly request: HandshakeRequest;
  readonly matchmaker: Matchmaker;
  readonly tickets: Tickets | undefined;
  readonly clock: Clock;
  readonly bus: Bus;
  readonly limits: ServerLimits;
  /** What limits allow this connection and its address. */
  readonly visitor: Visitor;
  /** In a cluster: why a room is not on this server. Absent: it is nowhere else. */
  readonly whyNotHere?: ((game: string, roomId: string) => Promise<CloseName>) | undefined;
  /** Called before a message is dealt with: rooms that are late have their turn. */
  readonly relieve: () => void;
  /** Called once, when the connection has closed. */
  readonly onClosed: () => void;
}

type EndName = CloseName | "internal-error" | "text-frame";

/** The limit behind a close, where there is only one. */
const limitBehind: Partial<Record<EndName, LimitName>> = {
  "greeting-timeout": "greetingMs",
  "server-busy": "maxRooms",
  "too-slow": "maxStalledMs",
  "too-many-errors": "maxFailingCalls",
};

const TOO_MANY_JOINS = "Too many players join from this address at once. Wait a moment, then connect again.";

/** Hellos that one connection may send: with its own definition's hash, then with the server's. */
const MAX_HELLOS = 2;

/**
 * One connection, from greeting to the end. It judges what the peer sends by the state that it is in; the
 * rules, `[SES-n]`, are in `docs/protocol.md`.
 */
export class Session implements ConnectionListener, SeatLink {
  readonly #parts: SessionParts;
  readonly #openedAt: number;
  #state: SessionState;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#openedAt = parts.clock.now();
    const deadline = parts.clock.after(parts.limits.greetingMs, () => this.end("greeting-timeout"));
    this.#state = { state: "greeting", deadline, asked: 0 };
  }

  get open(): boolean {
    return this.#state.state !== "gone" && this.#parts.connection.open;
  }

  message(bytes: Uint8Array): void {
    this.#parts.relieve();
    if (this.#state.state === "gone" || !this.#withinRates(bytes.length)) return;
    const decoded = decodeUntrusted(bytes);
    const frame = decoded.ok ? parseClientFrame(decoded.value) : undefined;
    if (frame === undefined) this.end("bad-frame");
    else this.#receive(frame);
  }

  text(): void {
    this.end("text-frame");
  }

  control(bytes: number): void {
    if (this.#state.state !== "gone") this.#withinRates(bytes);
  }

  drained(): void {}

  /** A mirror with a hole would lie from then on: the client comes back and is told everything since its tick. */
  dropped(): void {
    this.#end("too-slow", "maxBufferedBytes");
  }

  closed(code: number): void {
    const during = this.#state.state;
    this.#leaveRoom("connection-lost");
    this.#become({ state: "gone" });
    const { bus, id, connection, request, clock, visitor, onClosed } = this.#parts;
    visitor.gone();
    bus.emit("sessionClosed", {
      session: id,
      address: connection.remoteAddress,
      path: request.path,
      openMs: clock.now() - this.#openedAt,
      code,
      name: closeByCode(code).name,
      during,
    });
    onClosed();
  }

  send(frame: Uint8Array): void {
    this.#parts.connection.send(frame);
  }

  subscribe(topic: string): void {
    this.#parts.connection.subscribe(topic);
  }

  unsubscribe(topic: string): void {
    this.#parts.connection.unsubscribe(topic);
  }

  bufferedBytes(): number {
    return this.#parts.connection.bufferedBytes();
  }

  joined(): void {
    if (this.#state.state !== "joining") return;
    const { room, membership } = this.#state;
    this.#become({ state: "joined", room, membership });
  }

  /** Ends the session with a code; `message`, at most 123 bytes, replaces the code's own sentence. */
  end(name: EndName, message?: string): void {
    this.#end(name, limitBehind[name], message);
  }

  #end(name: EndName, limit: LimitName | undefined, message?: string): void {
    if (this.#state.state === "gone") return;
    this.#leaveRoom(name === "internal-error" || name === "text-frame" ? "connection-lost" : name);
    this.#become({ state: "gone" });
    const { code, sentence } =
      name === "internal-error" || name === "text-frame" ? standardCloseCodes[name] : closeCodes[name];
    this.#parts.connection.end(code, message ?? sentence);
    if (limit !== undefined) this.#parts.visitor.hit(limit);
  }

  /** Whether this is as much as one connection may send; beyond it ends. */
  #withinRates(bytes: number): boolean {
    const limit = this.#parts.visitor.exceeded(bytes);
    if (limit === undefined) return true;
    this.#end("rate-limited", limit);
    return false;
  }

  #become(next: SessionState): void {
    const { state: from } = this.#state;
    if (from === "gone" && next.state === "gone") return;
    if (!sessionTransitions[from].includes(next.state))
      throw new Error(`a session cannot go from ${from} to ${next.state}`);
    if (this.#state.state === "greeting") {
      this.#state.deadline();
      if (next.state !== "greeting") this.#parts.visitor.greeted();
    }
    this.#state = next;
    if (from !== next.state)
      this.#parts.bus.emit("sessionChanged", { session: this.#parts.id, from, to: next.state });
  }

  #leaveRoom(reason: LeaveReason): void {
    if (this.#state.state === "joining" || this.#state.state === "joined")
      this.#state.room.attendance.lost(this.#state.membership, this, reason);
  }

  #receive(frame: ParsedClientFrame): void {
    const session = this.#state;
    if (frame.type === "ping") {
      this.#pong(frame.stamp);
      return;
    }
    switch (session.state) {
      case "greeting":
        if (frame.type === "hello") this.#greet(frame, session.asked);
        else if (frame.type === "leave") this.end("left");
        else this.end("bad-frame");
        return;
      case "admitting":
      case "joining":
        // Nothing but leaving makes sense before the welcome; a second hello least of all.
        this.end(frame.type === "leave" ? "left" : "bad-frame");
        return;
      case "joined":
        this.#play(frame, session.room, session.membership);
        return;
      case "gone":
        return;
    }
  }

  #pong(stamp: number): void {
    const pong = [ServerFrame.pong, stamp, this.#parts.clock.now()] as const;
    const seat = this.#state.state === "joined" ? this.#state.membership.seat : undefined;
    const frame: PongFrame =
      seat === undefined ? pong : [...pong, seat.processedSequence, seat.margin.take() ?? null];
    this.send(encode(trimFrame(frame, 3)));
  }

  #greet(hello: Extract<ParsedClientFrame, { type: "hello" }>, asked: number): void {
    const { request, matchmaker, clock, limits } = this.#parts;
    const [, gameName = "", roomId] = request.path.split("/");
    const definition = matchmaker.definition(gameName);
    if (hello.protocol !== PROTOCOL_VERSION) {
      this.end("protocol-version");
      return;
    }
    if (definition === undefined) {
      this.end("no-such-game", matchmaker.notHosted.message);
      return;
    }
    const { game } = definition;
    if (hello.hash !== game.hash) {
      if (asked + 1 >= MAX_HELLOS) {
        this.end("bad-frame");
        return;
      }
      const frame: DefinitionFrame = [ServerFrame.definition, PROTOCOL_VERSION, game.hash, game.description];
      this.send(encode(frame));
      const deadline = clock.after(limits.greetingMs, () => this.end("greeting-timeout"));
      this.#become({ state: "greeting", deadline, asked: asked + 1 });
      return;
    }
    if (!this.#parts.visitor.mayJoin()) {
      this.#end("rate-limited", "joinsPerAddressPerSecond", TOO_MANY_JOINS);
      return;
    }
    if (hello.token !== undefined) {
      this.#resume(gameName, roomId, hello.token, hello);
      return;
    }
    this.#become({ state: "admitting" });
    admission({
      definition,
      matchmaker,
      clock,
      roomId: roomId === undefined || roomId === "" ? undefined : roomId,
      query: request.query,
      join: hello.join,
      ticket: hello.ticket,
      tickets: this.#parts.tickets,
      origin: request.origin,
      remoteAddress: request.remoteAddress,
      mayMakeRoom: this.#parts.visitor.mayMakeRoom,
    }).then(
      (outcome) => {
        if ("refused" in outcome) {
          const { refused } = outcome;
          const message = "message" in outcome ? outcome.message : undefined;
          if (refused === "no-such-room") this.#notHere(gameName, roomId);
          else if (refused === "rate-limited") this.#end(refused, "roomsPerAddressPerMinute", message);
          else if ("limit" in outcome) this.#end(refused, outcome.limit);
          else this.end(refused, message);
          return;
        }
        outcome.release();
        if (this.#state.state !== "admitting") return;
        const { room, join, data } = outcome;
        if (room.closedBy !== undefined) this.end(room.closedBy);
        else this.#enter(room, join, data);
      },
      (error: unknown) => {
        this.#parts.bus.emit("hookFailed", {
          room: { id: roomId ?? "", game: gameName },
          where: { hook: "admit" },
          error,
        });
        this.end("internal-error");
      },
    );
  }

  /** The seat is there already, so neither room nor game is asked. */
  #resume(game: string, roomId: string | undefined, token: string, returning: Returning): void {
    if (this.#parts.matchmaker.paused) {
      this.#end("server-busy", undefined);
      return;
    }
    const room = this.#parts.matchmaker.rooms.get(roomId ?? "");
    if (room === undefined || room.name.game !== game) {
      this.#become({ state: "admitting" });
      this.#notHere(game, roomId);
      return;
    }
    const membership = room.attendance.resume(this, token, returning);
    if (typeof membership === "string") this.end(membership);
    else this.#become({ state: "joining", room, membership });
  }

  /** In a cluster the room may be elsewhere. */
  #notHere(game: string, roomId: string | undefined): void {
    const { whyNotHere, bus } = this.#parts;
    if (whyNotHere === undefined || roomId === undefined) {
      // While the server stops, the room may be on its way to another that has it.
      this.end(this.#parts.matchmaker.takesPlayers ? "no-such-room" : "server-stopping");
      return;
    }
    whyNotHere(game, roomId).then(
      (why) => this.end(why),
      (error: unknown) => {
        bus.emit("transportFailed", { where: "cluster", error });
        this.end("no-such-room");
      },
    );
  }

  #enter(room: RoomCore, join: unknown, data: unknown): void {
    const membership = room.attendance.enter(this, join, data);
    this.#become({ state: "joining", room, membership });
  }

  #play(frame: ParsedClientFrame, room: RoomCore, membership: Membership): void {
    const { seat } = membership;
    if (seat === undefined) return;
    switch (frame.type) {
      case "input":
        if (room.receiveInput(seat, frame.tick, frame.viewTick, frame.values) === "malformed")
          this.end("bad-frame");
        return;
      case "message":
      case "request": {
        const { type: kind, sequence, index, payload } = frame;
        const fault = room.receiveCall(seat, { kind, sequence, index, payload });
        if (fault !== undefined) this.#end(fault, fault === "rate-limited" ? "maxWaitingCalls" : undefined);
        return;
      }
      case "leave":
        room.attendance.queueLeave(seat, "left");
        return;
      case "ack":
      case "ready": {
        const { tick, type } = frame;
        const fault = type === "ack" ? room.acknowledge(seat, tick) : room.ready(seat, tick);
        if (fault !== undefined) this.end(fault);
        return;
      }
      default:
        this.end("bad-frame");
    }
  }
}
