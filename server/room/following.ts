import type { Cell } from "../../shared/state/sight-grid.ts";
import type { SeatInterest } from "./interest.ts";

/** What a player can follow beside the room's stream and their own. */
export type Followed = Cell;

/** What a player follows from this tick on, and what no more. */
export interface FollowChange {
  readonly entered: readonly Followed[];
  readonly released: readonly Followed[];
}

export const UNCHANGED: FollowChange = { entered: [], released: [] };

const NOTHING: readonly Followed[] = [];

/** The streams that one player follows beside the room's and their own. */
export class Following {
  readonly #interest: SeatInterest | undefined;

  constructor(interest: SeatInterest | undefined) {
    this.#interest = interest;
  }

  /** What is followed now. */
  get held(): readonly Followed[] {
    return this.#interest?.held ?? NOTHING;
  }

  /** Follows what the player is to see as of this tick. */
  update(tick: number): FollowChange {
    return this.#interest?.update(tick) ?? UNCHANGED;
  }

  /** The player is gone: nothing is followed any more. */
  releaseAll(): void {
    this.#interest?.releaseAll();
  }
}
