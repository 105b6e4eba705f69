import type { LeaveReason } from "../../server/room/define-room.ts";
import type { GroupName } from "../../shared/state/groups.ts";
import type { Point } from "../../shared/state/sight-grid.ts";

/** Who is to hear of an event. */
export type Audience = "all" | Point | { readonly player: number } | { readonly group: GroupName };

/** An event that the author told, numbered in the order of telling. */
export interface Told {
  readonly n: number;
  readonly to: Audience;
  /** The tick that ran: not always one that was published, where the server was late. */
  readonly tick: number;
}

/** What the server's author has of one player, from joining to leaving. */
export interface Stay {
  readonly notes: number[];
  readonly asked: number[];
  /** By all clients that had the seat, as are calls that fail. */
  presses: number;
  stumbles: number;
  /** The game sent the player away: what still waits is not heard any more. */
  isSentAway: boolean;
  left: { readonly reason: LeaveReason; readonly hops: number } | undefined;
}

interface Known {
  readonly id: number;
}

/** The books of the server's author: what reached the room, and what it told. */
export class Ledger {
  /** The tick that runs in the room. */
  readonly #tick: () => number;
  /** By number of the event, so that listeners and history agree on each. */
  #told: Told[] = [];
  #lastTold = 0;
  /** The last stay under each id: ids are given again, after a rest. */
  readonly #stays = new Map<number, Stay>();

  constructor(tick: () => number) {
    this.#tick = tick;
  }

  joined({ id }: Known): undefined {
    this.#stays.set(id, {
      notes: [],
      asked: [],
      presses: 0,
      stumbles: 0,
      isSentAway: false,
      left: undefined,
    });
  }

  left(player: Known, reason: LeaveReason, hops: number): undefined {
    this.stay(player.id).left = { reason, hops };
  }

  sentAway({ id }: Known): void {
    this.stay(id).isSentAway = true;
  }

  noted(player: Known, n: number): undefined {
    this.stay(player.id).notes.push(n);
  }

  asked(player: Known, n: number): undefined {
    this.stay(player.id).asked.push(n);
  }

  stay(id: number): Stay {
    const stay = this.#stays.get(id);
    if (stay === undefined) throw new Error(`player ${id} never joined`);
    return stay;
  }

  tell(to: Audience, send: (value: { readonly n: number; readonly from: undefined }) => void): void {
    this.#lastTold += 1;
    this.#told.push({ n: this.#lastTold, to, tick: this.#tick() });
    send({ n: this.#lastTold, from: undefined });
  }

  /** What was told since the last call: with the tick that publishes it. */
  takeTold(): readonly Told[] {
    const told = this.#told;
    this.#told = [];
    return told;
  }
}
