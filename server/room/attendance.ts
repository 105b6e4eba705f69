import { type CloseName, closeCodes } from "../../shared/protocol/close-codes.ts";
import { ticksIn } from "../../shared/tick/tick.ts";
import type { Bus, RoomName } from "../bus.ts";
import type { ServerLimits } from "../limits.ts";
import type { Arrival, ArrivalQueue, Membership } from "./arrivals.ts";
import { type Containment, FAILED } from "./containment.ts";
import type { AnyRoomConfig, LeaveReason } from "./define-room.ts";
import type { Departures } from "./departures.ts";
import type { PresenceName, PresenceState } from "./presence.ts";
import type { Room } from "./room.ts";
import type { Seat } from "./seat.ts";
import type { SeatLink } from "./seat-link.ts";
import { readSeatToken } from "./seat-token.ts";
import type { Seats } from "./seats.ts";

/** How long a player whose connection is lost keeps the seat, where the game says nothing. */
export const DEFAULT_GRACE_MS = 20_000;

export interface AttendanceParts {
  readonly name: RoomName;
  readonly tickRate: number;
  readonly config: AnyRoomConfig;
  readonly limits: ServerLimits;
  readonly bus: Bus;
  readonly containment: Containment;
  readonly facade: () => Room;
  readonly arrivals: ArrivalQueue;
  readonly departures: Departures;
  readonly seats: () => Seats;
  /** The tick that is running, or else the last one. */
  readonly tick: () => number;
}

/** Who comes to a room, falls behind, goes away, returns and leaves. Hooks of the game run in a tick alone. */
export class Attendance {
  readonly #parts: AttendanceParts;
  readonly #graceTicks: number;
  readonly #stalledTicks: number;
  /** Stalled or away: they have a deadline. */
  readonly #absent = new Set<Seat>();
  #everEntered = false;

  constructor(parts: AttendanceParts) {
    const { config, limits, tickRate } = parts;
    this.#parts = parts;
    this.#graceTicks = ticksIn(config.graceMs ?? DEFAULT_GRACE_MS, tickRate);
    this.#stalledTicks = ticksIn(limits.maxStalledMs, tickRate);
  }

  /** Whether anybody ever took a seat. */
  get everEntered(): boolean {
    return this.#everEntered;
  }

  /** Takes a reserved seat: the player joins in the next tick. */
  enter(link: SeatLink, join: unknown, data: unknown): Membership {
    const membership: Membership = { seat: undefined, withdrawn: false };
    const release = this.#parts.seats().reserve();
    this.#everEntered = true;
    this.#parts.arrivals.push({ kind: "join", membership, link, join, data, release });
    return membership;
  }

  /**
   * Gives a seat to a newer connection of its player; an older one is closed as `replaced`. Where the token is
   * none of this room's, nothing changes.
   *
   * @param base the last tick that the client closed; `undefined` where it holds no state
   * @param attempt counts the client's connections
   */
  resume(
    link: SeatLink,
    token: string,
    base: number | undefined,
    attempt: number | undefined,
  ): Membership | CloseName {
    const shown = readSeatToken(token);
    const seat = shown && this.#parts.seats().withSecret(shown.secret);
    if (seat === undefined) return "bad-token";
    if (seat.leaving !== undefined) return seat.leaving === "connection-lost" ? "bad-token" : seat.leaving;
    // Another client began the seat anew meanwhile: what this one holds is nobody's any more.
    if (base !== undefined && shown?.voice !== seat.voice) return "replaced";
    // An earlier connection of the same client, whose hello was held up on the way: it was given up for the one that is.
    if (base !== undefined && attempt !== undefined && attempt <= seat.attempt) return "replaced";
    seat.attempt = base === undefined ? 0 : (attempt ?? seat.attempt);
    const { presence } = seat;
    const previous = presence.link;
    const wasAway = presence.now.state === "away";
    if (base === undefined) {
      this.#beginAnew(seat);
      presence.become({ state: "entering", link });
    } else presence.become({ state: "returning", link, base, cause: "reconnected" });
    previous?.end("replaced");
    if (wasAway) this.#parts.arrivals.push({ kind: "back", seat });
    return { seat, withdrawn: false };
  }

  /** The connection of a membership has ended; whether the seat is kept depends on why. */
  lost(membership: Membership, link: SeatLink, reason: LeaveReason): void {
    membership.withdrawn = true;
    const { seat } = membership;
    if (seat === undefined || seat.presence.link !== link || seat.leaving !== undefined) return;
    if (this.#graceTicks === 0 || !keepsSeat(reason)) {
      this.queueLeave(seat, reason);
      return;
    }
    seat.presence.become({ state: "away", until: this.#parts.tick() + this.#graceTicks, reason });
    this.#parts.arrivals.push({ kind: "away", seat });
  }

  /** The player leaves with the next tick, behind what they sent before. */
  queueLeave(seat: Seat, reason: LeaveReason): void {
    if (seat.leaving !== undefined) return;
    seat.leaving = reason;
    this.#parts.arrivals.push({ kind: "leave", seat, reason });
  }

  /** The room sends the player away. */
  dismiss(seat: Seat, reason: CloseName): void {
    seat.dismissed = true;
    this.queueLeave(seat, reason);
  }

  /** Told of every change of a seat's presence. */
  readonly presenceChanged = (seat: Seat, from: PresenceName, to: PresenceState): void => {
    if (to.state === "stalled" || to.state === "away") this.#absent.add(seat);
    else this.#absent.delete(seat);
    const { bus, name } = this.#parts;
    const why = "cause" in to ? to.cause : "reason" in to ? to.reason : undefined;
    bus.emit("presenceChanged", { room: name, player: seat.id, from, to: to.state, why });
  };

  /** Those who were stalled or away for too long have to go. */
  expire(tick: number): void {
    for (const seat of this.#absent) {
      const { now } = seat.presence;
      if (now.state === "away" && tick >= now.until) this.queueLeave(seat, now.reason);
      else if (now.state === "stalled" && tick - now.base > this.#stalledTicks) now.link.end("too-slow");
    }
  }

  join({ membership, link, join, data, release }: Extract<Arrival, { kind: "join" }>): void {
    release();
    if (membership.withdrawn || !link.open) return;
    const { name, bus, config, containment, facade, tick } = this.#parts;
    const seats = this.#parts.seats();
    const seat = seats.occupy(link, data, tick());
    membership.seat = seat;
    const joined = containment.run({ hook: "join" }, () =>
      config.join?.(facade(), seat.player, join as never),
    );
    if (joined === FAILED) {
      membership.seat = undefined;
      seats.vacate(seat, tick());
      seat.presence.become({ state: "gone" });
      link.end("internal-error");
      return;
    }
    bus.emit("playerJoined", { room: name, player: seat.id });
  }

  awayOrBack(hook: "away" | "back", seat: Seat): void {
    if (!this.#parts.seats().has(seat)) return;
    const { config, containment, facade } = this.#parts;
    containment.run({ hook }, () => config[hook]?.(facade(), seat.player));
  }

  leave(seat: Seat, reason: LeaveReason): void {
    const { name, bus, config, containment, facade, departures, tick } = this.#parts;
    const seats = this.#parts.seats();
    if (!seats.has(seat)) return;
    seat.leaving ??= reason;
    containment.run({ hook: "leave" }, () => config.leave?.(facade(), seat.player, reason));
    seats.vacate(seat, tick());
    departures.add(seat, reason);
    bus.emit("playerLeft", { room: name, player: seat.id, reason });
  }

  /** A client without state: it numbers its calls from 1 again, and nobody waits for older replies. */
  #beginAnew(seat: Seat): void {
    seat.history.clear(this.#parts.tick());
    if (seat.outbox !== undefined) seat.outbox = { ...seat.outbox, replies: [], late: [] };
    seat.voice += 1;
    seat.lastSequence = 0;
    seat.processedSequence = 0;
  }
}

/** A player may return after what invites to try again; who said goodbye or broke the protocol may not. */
function keepsSeat(reason: LeaveReason): boolean {
  return reason === "connection-lost" || closeCodes[reason].retry !== "never";
}
