import type { Group } from "../../shared/state/groups.ts";
import type { Cell } from "../../shared/state/sight-grid.ts";
import type { Focus, SeatInterest } from "./interest.ts";
import type { SeatGroups } from "./seat-groups.ts";

/** What a player can follow beside the room's stream and their own. */
export type Followed = Cell | Group;

/** What a player follows from this tick on, and what no more. */
export interface FollowChange<Of extends Followed = Followed> {
  readonly entered: readonly Of[];
  readonly released: readonly Of[];
}

export const UNCHANGED: FollowChange<never> = { entered: [], released: [] };

/**
 * Frames that one socket may get in a tick: 32 pending ones force uWebSockets to write in mid-tick (measured:
 * 9.6 µs a client and tick at 30, 16.5 at 34). Two are the room's and the player's own.
 */
export const MAX_FOLLOWED = 28;

export function isGroup(followed: Followed): followed is Group {
  return followed.stream.audience === "group";
}

/** The streams that one player follows beside the room's and their own. */
export class Following {
  readonly #interest: SeatInterest | undefined;
  readonly #groups: SeatGroups;

  constructor(interest: SeatInterest | undefined, groups: SeatGroups) {
    this.#interest = interest;
    this.#groups = groups;
  }

  /** What is followed now. */
  get held(): readonly Followed[] {
    const groups = this.#groups.held;
    const cells = this.#interest?.held;
    if (cells === undefined) return groups;
    return groups.length === 0 ? cells : [...cells, ...groups];
  }

  /** Where the player looks. */
  get focus(): Focus {
    return this.#interest?.focus ?? "own-row";
  }

  /** Follows what the player is to see as of this tick: their groups, and cells as far as there is room for them. */
  update(tick: number): FollowChange {
    const groups = this.#groups.update();
    const cells = this.#interest?.update(tick, MAX_FOLLOWED - this.#groups.held.length) ?? UNCHANGED;
    if (groups === UNCHANGED) return cells;
    if (cells === UNCHANGED) return groups;
    return {
      entered: [...cells.entered, ...groups.entered],
      released: [...cells.released, ...groups.released],
    };
  }

  /** The player is gone: nothing is followed any more. */
  releaseAll(): void {
    this.#interest?.releaseAll();
    this.#groups.releaseAll();
  }
}
