import type { CloseName } from "../../shared/protocol/close-codes.ts";
import { type ArrivalRecord, ArrivalType } from "../../shared/recording/format.ts";
import type { Arrival, Arrivals, Membership } from "../room/arrivals.ts";
import type { AnyRoomConfig, LeaveReason } from "../room/define-room.ts";
import type { RoomCore } from "../room/room-core.ts";
import type { Seat } from "../room/seat.ts";
import type { SeatLink } from "../room/seat-link.ts";

/** A player who is there and hears nothing. */
const silentLink: SeatLink = {
  open: true,
  send() {},
  subscribe() {},
  unsubscribe() {},
  bufferedBytes: () => 0,
  joined() {},
  end() {},
};

/** What a recording does not hold, and so the game cannot be run again. */
export class UnkeptError extends Error {
  override readonly name = "UnkeptError";
}

/**
 * The arrivals of a room that is run again: what the recording says, whatever the room itself would have queued, but
 * for changes by `room.run`, which are functions: the game makes those again, and they run where they ran.
 */
export class RecordedArrivals implements Arrivals {
  readonly #seats = new Map<number, Seat>();
  readonly #runs: Arrival[] = [];
  #joining: { readonly player: number; readonly membership: Membership }[] = [];
  #next: readonly ArrivalRecord[] = [];
  readonly #config: AnyRoomConfig;
  readonly #room: () => RoomCore;

  /** @param room the room that they are for */
  constructor(config: AnyRoomConfig, room: () => RoomCore) {
    this.#config = config;
    this.#room = room;
  }

  seat(player: number): Seat | undefined {
    return this.#seats.get(player);
  }

  /** How many changes by `room.run` wait. */
  get waitingRuns(): number {
    return this.#runs.length;
  }

  push(arrival: Arrival): void {
    if (arrival.kind === "run") this.#runs.push(arrival);
  }

  /** What the next step takes. Who is away is so for the whole of it. */
  set(arrivals: readonly ArrivalRecord[]): void {
    this.#next = arrivals;
    for (const [type, player] of arrivals) {
      if (type !== ArrivalType.away && type !== ArrivalType.back) continue;
      const presence = this.#seats.get(player as number)?.presence;
      const away = presence?.now.state === "away";
      if (type === ArrivalType.away && !away)
        presence?.become({ state: "away", until: Number.POSITIVE_INFINITY, reason: "connection-lost" });
      if (type === ArrivalType.back && away) presence?.become({ state: "entering", link: silentLink });
    }
  }

  take(): readonly Arrival[] {
    const arrivals = this.#next;
    this.#next = [];
    return arrivals.flatMap((arrival) => this.#arrival(arrival) ?? []);
  }

  links(): readonly SeatLink[] {
    return [];
  }

  takeAll(): readonly Arrival[] {
    return [];
  }

  /** The step is over: those who joined have their seats. The player whose id is another than it was, if any. */
  settle(): { readonly recorded: number; readonly now: number } | undefined {
    const joining = this.#joining;
    this.#joining = [];
    for (const { player, membership } of joining) {
      const now = membership.seat?.id ?? 0;
      if (now !== player) return { recorded: player, now };
      if (membership.seat !== undefined) this.#seats.set(player, membership.seat);
    }
    return undefined;
  }

  #arrival(arrival: ArrivalRecord): Arrival | undefined {
    switch (arrival[0]) {
      case ArrivalType.join: {
        const [, player, , join, data] = arrival;
        if (join === null || data === null)
          throw new UnkeptError(
            `what ${join === null ? "the join schema made of a join" : "`admit` returned"} for player ${player} is no plain data`,
          );
        const membership: Membership = { seat: undefined, withdrawn: false };
        this.#joining.push({ player, membership });
        return { kind: "join", membership, link: silentLink, join: join[0], data: data[0], release() {} };
      }
      case ArrivalType.leave: {
        const seat = this.#seats.get(arrival[1]);
        this.#seats.delete(arrival[1]);
        return seat && { kind: "leave", seat, reason: arrival[2] as LeaveReason & CloseName };
      }
      case ArrivalType.away:
      case ArrivalType.back: {
        const seat = this.#seats.get(arrival[1]);
        return seat && { kind: arrival[0] === ArrivalType.away ? "away" : "back", seat };
      }
      case ArrivalType.message:
      case ArrivalType.request: {
        const [type, player, index, payload] = arrival;
        const seat = this.#seats.get(player);
        if (seat === undefined) return undefined;
        const kind = type === ArrivalType.message ? "message" : "request";
        const call = {
          kind,
          voice: seat.voice,
          sequence: ++seat.lastSequence,
          index,
          payload: payload?.[0],
        } as const;
        return { kind: "call", seat, call };
      }
      case ArrivalType.run:
        return this.#runs.shift();
      case ArrivalType.drain:
        return this.#hook("drain", (room) => this.#config.drain?.(room.facade, arrival[1]));
      case ArrivalType.announce:
        return this.#hook("announce", (room) => this.#config.announce?.(room.facade, arrival[1]));
    }
  }

  #hook(hook: "drain" | "announce", call: (room: RoomCore) => undefined): Arrival {
    const room = this.#room();
    return { kind: "run", job: () => void room.containment.run({ hook }, () => call(room)) };
  }
}
