import type { KeyObject } from "node:crypto";
import type { Clock } from "../../shared/tick/clock.ts";
import type { Bus } from "../bus.ts";
import type { Acquired } from "../matchmaking/matchmaker.ts";
import type { Identity } from "../room/define-room.ts";
import type { NodeIdentity } from "./node-identity.ts";
import {
  CLOCK_TOLERANCE_SECONDS,
  claimsToBeTicket,
  DEFAULT_TICKET_SECONDS,
  MAX_TICKET_SECONDS,
  readTicket,
  signTicket,
  type TicketPlace,
} from "./ticket.ts";
import { TicketBook } from "./ticket-book.ts";
import { type TicketFault, ticketFaults } from "./ticket-faults.ts";
import { ticketKey } from "./ticket-secret.ts";

/**
 * - `accepted`: who has a ticket is let in by it, others as ever
 * - `required`: nobody is let in without one; matchmaking gives them to everybody
 * - `identified`: nobody is let in without one that names its user, and such are signed by your backend alone
 */
export const ticketModes = ["accepted", "required", "identified"] as const;
/** Who needs a join ticket. */
export type TicketMode = (typeof ticketModes)[number];

export interface TicketsOptions {
  readonly mode: TicketMode;
  /** The first signs, all are accepted: a new one is put in front, and the old one taken out once its tickets expired. */
  readonly secrets: readonly string[];
  /** How long a ticket of matchmaking lives, and its seat is kept. Default 15, at most 120. */
  readonly seconds?: number;
  readonly node: NodeIdentity;
  readonly clock: Clock;
  /** In milliseconds since 1970. */
  readonly timeOfDay: () => number;
  /** A new ticket's id: nobody can guess it. */
  readonly id: () => string;
  /** See `limits.maxTickets`. */
  readonly maxTickets: number;
  readonly bus: Bus;
}

/** A ticket of matchmaking, and what another one for the same seat would have to say. */
export interface IssuedTicket {
  readonly place: TicketPlace;
  /** Absent where only your backend's tickets count. */
  readonly ticket: string | undefined;
  readonly expiresInMs: number;
}

/** What somebody may do by what they presented. */
export interface Entry {
  /** Absent: any room that fits. */
  readonly roomId: string | undefined;
  /** What is left for `admit` to judge. */
  readonly ticket: string | undefined;
  readonly identity: Identity | undefined;
  /** Gives the kept seat back; to be called right before it is taken. */
  readonly releaseKept: () => void;
}

export type NoEntry =
  | { readonly refused: "bad-token"; readonly message: string }
  | { readonly refused: "server-busy"; readonly limit: "maxTickets" };

/** Signs tickets for places of this server, and accepts each of them once. */
export class Tickets {
  readonly #options: TicketsOptions;
  readonly #keys: readonly KeyObject[];
  readonly #seconds: number;
  readonly #book: TicketBook;

  /** @throws RangeError for secrets that are none or too short, and for a lifetime that makes no sense */
  constructor(options: TicketsOptions) {
    const { secrets, seconds = DEFAULT_TICKET_SECONDS, clock, maxTickets } = options;
    if (secrets.length === 0) throw new RangeError("tickets need ticketSecrets: name at least one");
    if (!(seconds >= 1 && seconds <= MAX_TICKET_SECONDS))
      throw new RangeError(`ticketSeconds is ${seconds}; it must be from 1 to ${MAX_TICKET_SECONDS}`);
    this.#options = options;
    this.#seconds = seconds;
    this.#keys = secrets.map(ticketKey);
    // Until it is accepted nowhere: whoever comes in the last moment has a seat, too.
    const keepForMs = (seconds + 1 + CLOCK_TOLERANCE_SECONDS) * 1000;
    this.#book = new TicketBook({ clock, keepForMs, max: maxTickets });
  }

  /** Tickets that are out, and tickets that were used and are remembered. */
  get size(): { readonly kept: number; readonly used: number } {
    return this.#book.size;
  }

  /** Whether as many tickets are out as may be. */
  get isFull(): boolean {
    return this.#book.isFull;
  }

  /**
   * A ticket for a seat, which is kept for it from now on. Where it rejects, the seat is given back.
   *
   * @param presented at most `MAX_PRESENTED_BYTES` as JSON
   */
  async issue({ room, release }: Acquired, presented?: string): Promise<IssuedTicket> {
    const { node, id, bus } = this.#options;
    const place = { id: id(), game: room.name.game, room: room.name.id, node: node.id, epoch: node.epoch };
    // Before it is signed: meanwhile others ask whether the book is full, and a drain gives all seats back.
    this.#book.keep(place.id, release);
    try {
      const ticket = await this.#sign(place, presented);
      bus.emit("ticketIssued", { room: room.name });
      return { place, ticket, expiresInMs: this.#seconds * 1000 };
    } catch (error) {
      this.#book.giveBack(place.id);
      throw error;
    }
  }

  async #sign(place: TicketPlace, presented: string | undefined): Promise<string | undefined> {
    const { mode, timeOfDay } = this.#options;
    const [key] = this.#keys;
    if (mode === "identified" || key === undefined) return undefined;
    const content = { ...place, ...(presented !== undefined && { presented }) };
    return signTicket(content, key, { seconds: this.#seconds, timeOfDay });
  }

  /** Judges what somebody presented who wants into a game, and a room of it where they named one. */
  async present(
    text: string | undefined,
    game: string,
    roomId: string | undefined,
    address: string,
  ): Promise<Entry | NoEntry> {
    const { mode, node, timeOfDay } = this.#options;
    if (mode === "accepted" && (text === undefined || !claimsToBeTicket(text)))
      return { roomId, ticket: text, identity: undefined, releaseKept: () => {} };
    if (text === undefined) return this.#fault("missing", game, address);
    const read = await readTicket(text, this.#keys, timeOfDay());
    if (typeof read === "string") return this.#fault(read, game, address);
    if (read.node !== node.id || read.epoch !== node.epoch) return this.#fault("other-node", game, address);
    if (read.game !== game || (roomId !== undefined && roomId !== read.room))
      return this.#fault("other-room", game, address);
    if (mode === "identified" && read.user === undefined) return this.#fault("anonymous", game, address);
    const used = this.#book.use(read.id);
    if (used === "used") return this.#fault("used", game, address);
    if (used === "full") return { refused: "server-busy", limit: "maxTickets" };
    return {
      roomId: read.room,
      ticket: read.presented,
      identity: { user: read.user, data: read.data },
      releaseKept: used,
    };
  }

  /** No seat is kept any more. */
  release(): void {
    this.#book.releaseAll();
  }

  #fault(fault: TicketFault, game: string, address: string): NoEntry {
    this.#options.bus.emit("ticketRefused", { game, fault, address });
    return { refused: "bad-token", message: ticketFaults[fault] };
  }
}
