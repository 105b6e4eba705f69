import type { LeaveReason } from "./define-room.ts";
import type { Migration } from "./lineage.ts";
import type { SeatLink } from "./seat-link.ts";

/** Why a player fell behind: ticks go unacknowledged, or bytes wait in this process. */
export type StallCause = "unacknowledged" | "backlog";

/** Why a player is to get everything since some tick at once. */
export type ResyncCause = StallCause | "reconnected";

/**
 * How a seat stands to its room. `entering` gets the welcome with the next tick, `following` gets every tick;
 * `stalled` gets nothing until its client is ready again, `returning` gets a resync with the next tick, `away`
 * has no connection and keeps the seat for a while; `gone` is the end.
 */
export type PresenceState =
  | { readonly state: "entering"; readonly link: SeatLink }
  | { readonly state: "following"; readonly link: SeatLink }
  /** `base` was the last tick that was sent. */
  | { readonly state: "stalled"; readonly link: SeatLink; readonly base: number; readonly cause: StallCause }
  /** `base` is the last tick that the client closed, and that counts. */
  | {
      readonly state: "returning";
      readonly link: SeatLink;
      readonly base: number;
      readonly cause: ResyncCause;
      /** Of one who comes from another timeline. */
      readonly migration?: Migration | undefined;
    }
  /** In tick `until` the player leaves, for the reason for which the connection ended. */
  | { readonly state: "away"; readonly until: number; readonly reason: LeaveReason }
  | { readonly state: "gone" };

export type PresenceName = PresenceState["state"];

/** Which state may follow which. A newer connection takes a seat over in any of them. */
export const presenceTransitions: Readonly<Record<PresenceName, readonly PresenceName[]>> = {
  entering: ["following", "entering", "returning", "away", "gone"],
  following: ["stalled", "entering", "returning", "away", "gone"],
  stalled: ["returning", "entering", "away", "gone"],
  returning: ["following", "returning", "entering", "away", "gone"],
  away: ["returning", "entering", "gone"],
  gone: [],
};

/** The state of one seat, and the only way to change it. */
export class Presence {
  readonly #changed: (from: PresenceName, to: PresenceState) => void;
  #now: PresenceState;

  constructor(first: PresenceState, changed: (from: PresenceName, to: PresenceState) => void) {
    this.#now = first;
    this.#changed = changed;
  }

  get now(): PresenceState {
    return this.#now;
  }

  /** The connection that has the seat, if any. */
  get link(): SeatLink | undefined {
    return "link" in this.#now ? this.#now.link : undefined;
  }

  become(next: PresenceState): void {
    const { state: from } = this.#now;
    if (!presenceTransitions[from].includes(next.state))
      throw new Error(`a seat cannot go from ${from} to ${next.state}`);
    this.#now = next;
    this.#changed(from, next);
  }
}
