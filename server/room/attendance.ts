import { type CloseName, closeCodes } from "../../shared/protocol/close-codes.ts";
import { periodMs, ticksIn } from "../../shared/tick/tick.ts";
import type { Bus, RoomName } from "../bus.ts";
import type { ServerLimits } from "../limits.ts";
import type { Arrival, Arrivals, Membership } from "./arrivals.ts";
import { type Containment, FAILED } from "./containment.ts";
import type { AnyRoomConfig, LeaveReason } from "./define-room.ts";
import type { Departures } from "./departures.ts";
import type { Lineage } from "./lineage.ts";
import { MatchQueue } from "./match-queue.ts";
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
  readonly arrivals: Arrivals;
  readonly departures: Departures;
  readonly lineage: Lineage;
  readonly seats: () => Seats;
  /** The tick that is running, or else the last one. */
  readonly tick: () => number;
}

/** What one who returns says of themselves. */
export interface Returning {
  readonly tick: number | undefined;
  readonly attempt: number | undefined;
  /** Absent: the first, 0. */
  readonly timeline: number | undefined;
}

/** Who comes to a room, falls behind, goes away, returns and leaves. Hooks of the game run in a tick alone. */
export class Attendance {
  /** Of a room with `queue`. */
  readonly match: MatchQueue | undefined;
  readonly #parts: AttendanceParts;
  readonly #graceTicks: number;
  readonly #stalledTicks: number;
  /** Stalled or away: they have a deadline. */
  readonly #absent = new Set<Seat>();
  #everEntered = false;

  constructor(parts: AttendanceParts) {
    const { config, limits, tickRate } = parts;
    this.#parts = parts;
    this.match = parts.config.queue && new MatchQueue(parts.config.queue, periodMs(parts.tickRate));
    this.#graceTicks = ticksIn(config.graceMs ?? DEFAULT_GRACE_MS, tickRate);
    this.#stalledTicks = ticksIn(limits.maxStalledMs, tickRate);
  }

  /** Whether anybody ever took a seat. */
  get everEntered(): boolean {
    return this.#everEntered;
  }

  /** Somebody had a seat before the room was restored. */
  somebodyEntered(): void {
    this.#everEntered = true;
  }

  /** In that tick the grace period of one who loses the connection now is over. */
  get awayUntil(): number {
    return this.#parts.tick() + this.#graceTicks;
  }

  /** The seat was kept over a restart; unless the game knows that its player is away it is told. */
  keep(seat: Seat, wasAway: boolean): void {
    this.#absent.add(seat);
    if (!wasAway) this.#parts.arrivals.push({ kind: "away", seat });
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
   * @param returning the last tick that the client closed (`undefined` where it holds no state), in which timeline,
   * and the number of the connection
   */
  resume(link: SeatLink, token: string, returning: Returning): Membership | CloseName {
    const { tick: base, attempt, timeline = 0 } = returning;
    const shown = readSeatToken(token);
    const seat = shown && this.#parts.seats().withSecret(shown.secret);
    if (seat === undefined) return "bad-token";
    if (seat.leaving !== undefined) return seat.leaving === "connection-lost" ? "bad-token" : seat.leaving;
    const migration = base === undefined ? undefined : this.#parts.lineage.from(timeline, base);
    // Of what was undone a client may be left that nobody knows any more: whoever came last has the seat.
    if (migration?.forgetsCalls && shown !== undefined && shown.voice > seat.voice)
      this.#beginAnew(seat, shown.voice);
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
    } else if (migration === undefined)
      presence.become({ state: "returning", link, base, cause: "reconnected" });
    else {
      seat.mayJump ||= migration.forgetsCalls;
      presence.become({ state: "returning", link, base: migration.base, cause: "reconnected", migration });
    }
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
    seat.presence.become({ state: "away", until: this.awayUntil, reason });
    this.#parts.arrivals.push({ kind: "away", seat });
  }

  /** Ends all connections, of those who wait to join as well. What `reason` invites to come back keeps its seat. */
  sendAway(reason: CloseName): void {
    for (const seat of this.#parts.seats()) seat.presence.link?.end(reason);
    for (const link of this.#parts.arrivals.links()) link.end(reason);
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

  /** The match of a room with `queue` begins, where its players are there or its time is over. */
  beginIfDue(room: { locked: boolean }): void {
    const { seats, containment, config, facade } = this.#parts;
    const missing = this.match?.missing(seats().size);
    if (missing === undefined) return;
    room.locked = true;
    containment.run({ hook: "begin" }, () => config.begin?.(facade(), missing));
  }

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
  #beginAnew(seat: Seat, voice = seat.voice + 1): void {
    seat.history.clear(this.#parts.tick());
    if (seat.outbox !== undefined) seat.outbox = { ...seat.outbox, replies: [], late: [] };
    seat.voice = voice;
    seat.lastSequence = 0;
    seat.processedSequence = 0;
    seat.mayJump = false;
    seat.unanswered.clear();
  }
}

/** A player may return after what invites to try again; who said goodbye or broke the protocol may not. */
function keepsSeat(reason: LeaveReason): boolean {
  return reason === "connection-lost" || closeCodes[reason].retry !== "never";
}
