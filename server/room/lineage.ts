import type { ImageKind, RoomPast } from "./image/room-image.ts";

/** A timeline that ended, and the last of its ticks that still counts. */
export interface Ancestor {
  readonly timeline: number;
  readonly tick: number;
  /** `exact`: nothing came after that tick. */
  readonly kind: ImageKind;
}

/** How one who comes from another timeline stands to this one. */
export interface Migration {
  /** The last tick that both have. */
  readonly base: number;
  /** Of the ticks that they saw those after `base` did not happen. */
  readonly isUndone: boolean;
  /** Whether calls may have been undone that were acknowledged. */
  readonly forgetsCalls: boolean;
}

/** So many lives of a room are told apart; who comes from an older one is sent back to where the oldest ended. */
const MOST_ANCESTORS = 32;

/** The timeline of a room and those that it comes from, oldest first. A room that was never restored is in timeline 0. */
export class Lineage {
  readonly timeline: number;
  readonly ancestors: readonly Ancestor[];

  constructor(timeline = 0, ancestors: readonly Ancestor[] = []) {
    this.timeline = timeline;
    this.ancestors = ancestors.slice(-MOST_ANCESTORS);
  }

  /** Of a room that was restored, or begins. */
  static of(past: RoomPast | undefined): Lineage {
    if (past === undefined) return new Lineage();
    const { timeline, tick, kind, ancestors } = past.image;
    return new Lineage(past.timeline, [...ancestors, { timeline, tick, kind }]);
  }

  /**
   * @param tick the last tick that the client closed
   * @returns `undefined` for one of this timeline
   */
  from(timeline: number, tick: number): Migration | undefined {
    if (timeline === this.timeline) return undefined;
    const at = this.ancestors.findIndex((ancestor) => ancestor.timeline === timeline);
    // One that nobody saved anything of began where the last before it had ended, and so did the next.
    const before = this.ancestors.findLast((ancestor) => ancestor.timeline <= timeline) ?? this.ancestors[0];
    const shared = before?.tick ?? 0;
    const since = at === -1 ? [] : this.ancestors.slice(at);
    return {
      base: Math.min(tick, shared),
      isUndone: tick > shared,
      forgetsCalls: at === -1 || since.some(({ kind }) => kind === "running"),
    };
  }
}
