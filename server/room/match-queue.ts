import type { RoomImage } from "./image/room-image.ts";

/** Holds a room back until its match can begin. */
export interface QueueOptions {
  /** Players of a match. The room has as many seats, where `maxPlayers` says nothing else. */
  readonly players: number;
  /**
   * So long after the first came the match begins with those who are there, in milliseconds: the missing seats are for bots,
   * or stay empty. Absent: it waits for all.
   */
  readonly withinMs?: number;
}

/** For so long a match that is due waits for those whose seats are kept: they are on their way. */
const ON_THEIR_WAY_MS = 3_000;

/** Whether a room's match has begun. Counted in ticks: it knows no clock. */
export class MatchQueue {
  readonly #options: QueueOptions;
  readonly #periodMs: number;
  #hasBegun: boolean;
  /** Since the first came. */
  #ticks = 0;

  /** @param past of a room that is restored */
  constructor(options: QueueOptions, periodMs: number, past: Pick<RoomImage, "waits"> | undefined) {
    this.#options = options;
    this.#periodMs = periodMs;
    this.#hasBegun = past !== undefined && past.waits !== true;
  }

  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /**
   * To be called once a tick.
   *
   * @param present players who have a seat
   * @param taken with the seats that are kept
   * @returns how many are missing, in the tick in which the match begins
   */
  missing(present: number, taken: number): number | undefined {
    if (this.#hasBegun) return undefined;
    const { players, withinMs = Number.POSITIVE_INFINITY } = this.#options;
    this.#ticks = present === 0 ? 0 : this.#ticks + 1;
    const overMs = this.#ticks * this.#periodMs - withinMs;
    const isDue = present > 0 && overMs >= 0 && (taken === present || overMs >= ON_THEIR_WAY_MS);
    if (present < players && !isDue) return undefined;
    this.#hasBegun = true;
    return Math.max(0, players - present);
  }
}
