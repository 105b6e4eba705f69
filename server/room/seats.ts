import type { CloseName } from "../../shared/protocol/close-codes.ts";
import type { CommittedRow, SourceRow } from "../../shared/state/committed-row.ts";
import type { CommittedState } from "../../shared/state/committed-state.ts";
import type { Groups } from "../../shared/state/groups.ts";
import { RestingIds } from "../../shared/state/resting-ids.ts";
import { RowStream } from "../../shared/state/row-stream.ts";
import type { SightGrid } from "../../shared/state/sight-grid.ts";
import { ticksIn } from "../../shared/tick/tick.ts";
import type { ServerLimits } from "../limits.ts";
import { AckWindow } from "./ack-window.ts";
import type { Agenda } from "./agenda.ts";
import { Following } from "./following.ts";
import type { SeatImage } from "./image/room-image.ts";
import { InputMargin } from "./input-margin.ts";
import { InputQueue } from "./input-queue.ts";
import { SeatInterest } from "./interest.ts";
import { outboxOf } from "./outbox.ts";
import { Presence, type PresenceName, type PresenceState } from "./presence.ts";
import { ViewTicks } from "./rewind/view-ticks.ts";
import type { Player } from "./room.ts";
import type { Seat } from "./seat.ts";
import { SeatGroups } from "./seat-groups.ts";
import { SeatHistory } from "./seat-history.ts";
import type { SeatLink } from "./seat-link.ts";
import { digestOf } from "./seat-token.ts";
import { SeatedPlayer } from "./seated-player.ts";

export interface SeatsOptions {
  readonly state: CommittedState;
  readonly tickRate: number;
  readonly topicPrefix: string;
  readonly limits: ServerLimits;
  /** For how long nobody else gets the id of a player who left. */
  readonly idRestTicks: number;
  /** A new seat's secret. */
  readonly secret: () => string;
  readonly latePresses: "apply" | "drop";
  /** Ids of streams, for private ones. */
  readonly streamIds: RestingIds;
  readonly sight: { readonly grid: SightGrid; readonly radius: number } | undefined;
  readonly groups: Groups;
  readonly agenda: Agenda;
  /** The tick that is running. */
  readonly tick: () => number;
  /** How far back players may reach, in rooms with `rewind`. */
  readonly rewindTicks: number | undefined;
  /** What `player.send` and `player.close` do. */
  readonly send: (seat: Seat, event: string, value: Readonly<Record<string, unknown>>) => void;
  readonly close: (seat: Seat, reason: CloseName) => void;
  readonly presenceChanged: (seat: Seat, from: PresenceName, to: PresenceState) => void;
}

/** What a seat is that is about to be taken, for the first time or again. */
interface SeatBeginning {
  readonly id: number;
  readonly secret: string | undefined;
  readonly digest: () => string;
  readonly stream: RowStream;
  readonly row: SourceRow | undefined;
  readonly data: unknown;
  readonly presence: PresenceState;
}

/** The seats of a room and what comes and goes with each: ids, the player's own row, the private stream. */
export class Seats implements Iterable<Seat> {
  readonly players = new Map<number, Player>();
  readonly #options: SeatsOptions;
  readonly #seats = new Map<number, Seat>();
  readonly #bySecret = new Map<string, Seat>();
  /** Of a restored room, until their secrets are shown. */
  readonly #byDigest = new Map<string, Seat>();
  /** By id of the player's own row. */
  readonly #byRow = new Map<number, Seat>();
  readonly #horizonTicks: number;
  readonly #playerIds: RestingIds;
  #reserved = 0;

  constructor(options: SeatsOptions) {
    this.#options = options;
    this.#horizonTicks = ticksIn(options.limits.horizonMs, options.tickRate);
    this.#playerIds = new RestingIds(options.idRestTicks);
  }

  get size(): number {
    return this.#seats.size;
  }

  /** Occupied and reserved. */
  get taken(): number {
    return this.#seats.size + this.#reserved;
  }

  /** Keeps a seat until the returned function is called; calling it twice is harmless. */
  reserve(): () => void {
    this.#reserved += 1;
    let held = true;
    return () => {
      if (held) this.#reserved -= 1;
      held = false;
    };
  }

  has(seat: Seat): boolean {
    return this.#seats.get(seat.id) === seat;
  }

  /** A row came into another cell: whoever looks at it sees something else now. */
  crossed({ table, id }: CommittedRow): void {
    if (table === this.#options.state.layout.ownerTable) this.#byRow.get(id)?.attend();
  }

  withSecret(secret: string): Seat | undefined {
    const known = this.#bySecret.get(secret);
    if (known !== undefined || this.#byDigest.size === 0) return known;
    const seat = this.#byDigest.get(digestOf(secret));
    if (seat === undefined) return undefined;
    this.#byDigest.delete(seat.digest());
    seat.secret = secret;
    this.#bySecret.set(secret, seat);
    return seat;
  }

  /** Above every id that was given so far. */
  get nextId(): number {
    return this.#playerIds.next;
  }

  /** Ids below were given before the room was restored. */
  beginAt(nextId: number): void {
    this.#playerIds.beginAt(nextId);
  }

  [Symbol.iterator](): IterableIterator<Seat> {
    return this.#seats.values();
  }

  occupy(link: SeatLink, data: unknown, tick: number): Seat {
    const { state, secret: newSecret, streamIds } = this.#options;
    const secret = newSecret();
    const stream = new RowStream(streamIds.take(tick), "owner", this.#horizonTicks);
    const { ownerTable } = state.layout;
    return this.#sit(
      {
        id: this.#playerIds.take(tick),
        secret,
        digest: () => digestOf(secret),
        stream,
        row: ownerTable && state.add(ownerTable, {}, stream),
        data,
        presence: { state: "entering", link },
      },
      tick,
    );
  }

  /** A seat as it was saved; its player is away. The row and its stream are made again already. */
  occupyAgain(
    saved: SeatImage,
    {
      stream,
      row,
      until,
    }: { readonly stream: RowStream; readonly row: SourceRow | undefined; readonly until: number },
    tick: number,
  ): Seat {
    const { id, data, digest } = saved;
    const presence = { state: "away", until, reason: "connection-lost" } as const;
    const seat = this.#sit(
      { id, secret: undefined, digest: () => digest, stream, row, data, presence },
      tick,
    );
    seat.voice = saved.voice;
    seat.attempt = saved.attempt;
    seat.lastSequence = saved.sequence;
    seat.processedSequence = saved.sequence;
    seat.mayJump = saved.mayJump;
    for (const group of saved.groups) seat.player.groups.add(group);
    seat.player.lookAt(saved.focus);
    seat.history.goOn(saved.knownSince, saved.told);
    if (saved.replies.length > 0) outboxOf(seat).replies.push(...saved.replies);
    return seat;
  }

  #sit({ id, secret, digest, stream, row, data, presence }: SeatBeginning, tick: number): Seat {
    const { topicPrefix, tickRate, limits, agenda, send, close, presenceChanged } = this.#options;
    const attend = (): void => agenda.next(seat);
    stream.tell(attend);
    const inputs = this.#inputs();
    const { rewindTicks, tick: tickNow } = this.#options;
    const views = rewindTicks === undefined ? undefined : new ViewTicks(rewindTicks);
    const interest = this.#interest(row);
    const groups = new SeatGroups(this.#options.groups, attend);
    let digested: string | undefined;
    const player = new SeatedPlayer({
      ...{ id, row, data, inputs, views, tick: tickNow, groups: groups.chosen },
      isAway: () => seat.presence.now.state === "away",
      send: (event, value) => send(seat, event, value),
      lookAt: (focus) => {
        interest?.lookAt(focus);
        attend();
      },
      close: (reason) => close(seat, reason),
    });
    const seat: Seat = {
      id,
      secret,
      digest: () => {
        digested ??= digest();
        return digested;
      },
      player,
      row,
      presence: new Presence(presence, (from, to) => {
        attend();
        presenceChanged(seat, from, to);
      }),
      inputs,
      margin: new InputMargin(),
      views,
      stream,
      topic: `${topicPrefix}.${stream.id}`,
      following: new Following(interest, groups),
      acks: new AckWindow(tick, {
        tickRate,
        leastMs: limits.stallAfterMs,
        mostMs: limits.stallAtMostMs,
      }),
      history: new SeatHistory(),
      outbox: undefined,
      attend,
      judgedAt: tick,
      voice: 0,
      attempt: 0,
      lastSequence: 0,
      processedSequence: 0,
      mayJump: false,
      unanswered: new Set(),
      waitingCalls: 0,
      failures: [],
      leaving: undefined,
      farewell: undefined,
      dismissed: false,
    };
    this.#seats.set(id, seat);
    if (secret === undefined) this.#byDigest.set(seat.digest(), seat);
    else this.#bySecret.set(secret, seat);
    this.players.set(id, player);
    if (row !== undefined) this.#byRow.set(row.id, seat);
    attend();
    return seat;
  }

  /** The seat is free. What its player still follows until the tick is out is for the caller to give up. */
  vacate(seat: Seat, tick: number): void {
    const { state } = this.#options;
    if (state.layout.ownerTable !== undefined && seat.row !== undefined)
      state.remove(state.layout.ownerTable, seat.row);
    this.#seats.delete(seat.id);
    if (seat.secret === undefined) this.#byDigest.delete(seat.digest());
    else this.#bySecret.delete(seat.secret);
    if (seat.row !== undefined) this.#byRow.delete(seat.row.id);
    this.players.delete(seat.id);
    this.#playerIds.free(seat.id, tick);
    this.#options.streamIds.free(seat.stream.id, tick);
  }

  #interest(row: SourceRow | undefined): SeatInterest | undefined {
    const { sight, state } = this.#options;
    if (sight === undefined) return undefined;
    const own = row && state.layout.ownerTable && state.committed(state.layout.ownerTable, row.id);
    return new SeatInterest(sight.grid, sight.radius, own);
  }

  #inputs(): InputQueue {
    const { state, tickRate, limits, latePresses } = this.#options;
    return new InputQueue(state.layout, {
      maxLeadTicks: Math.max(2, ticksIn(limits.maxInputLeadMs, tickRate)),
      // At least a few ticks, or a slow room would forget inputs between two of them.
      silenceTicks: Math.max(4, ticksIn(limits.inputSilenceMs, tickRate)),
      latePresses,
    });
  }
}
