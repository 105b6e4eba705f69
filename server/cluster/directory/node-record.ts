import type { MonotonicMs } from "../../../shared/tick/clock.ts";

/** A game that a node hosts rooms of, by the hash of its definition: clients of other builds go elsewhere. */
export interface ServedGame {
  readonly game: string;
  readonly build: string;
}

/** How busy a node is: what placement goes by. */
export interface NodeLoad {
  readonly rooms: number;
  readonly players: number;
  /** Share of its time that the event loop is busy, 0 to 1. */
  readonly eventLoopUse: number;
  /** The p99 of tick lateness, in milliseconds. */
  readonly tickLatenessMs: number;
}

/** How a node presents itself. */
export interface NodeRegistration {
  /** 1 to 64 letters, digits, `.`, `_` and `-`. Whoever registers an id that is held takes it over. */
  readonly id: string;
  /** Where clients reach it, as in `wss://play-3.example.com`. */
  readonly url: string;
  readonly games: readonly ServedGame[];
  readonly maxRooms: number;
  readonly maxPlayers: number;
  /** The epoch that this node had last, if any: the new one is higher even where the directory lost everything. */
  readonly formerEpoch?: number;
}

/** One incarnation of a node: nothing but this id and epoch together may write for it. */
export interface NodeIncarnation {
  readonly node: string;
  readonly epoch: number;
}

/** The right to own rooms, for a while. */
export interface NodeLease extends NodeIncarnation {
  /**
   * When it ends, by the clock of this handle: counted from before the question was sent, so never after the
   * directory's own end. How far two clocks may drift apart within a lease is for the holder to leave as a margin.
   */
  readonly validUntil: MonotonicMs;
}

/** A node as others see it. */
export interface NodeRecord {
  readonly id: string;
  readonly epoch: number;
  readonly url: string;
  readonly games: readonly ServedGame[];
  readonly maxRooms: number;
  readonly maxPlayers: number;
  readonly load: NodeLoad;
  /** It takes no new rooms and no new players, for the rest of this epoch. */
  readonly draining: boolean;
}

export const idle: NodeLoad = { rooms: 0, players: 0, eventLoopUse: 0, tickLatenessMs: 0 };
