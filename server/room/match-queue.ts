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

/** Whether a room's match has begun. Counted in ticks and by who is there alone, so that a recording runs again as it was. */
export class MatchQueue {
  readonly #options: QueueOptions;
  readonly #periodMs: number;
  #hasBegun = false;
  /** Since the first came. */
  #ticks = 0;

  constructor(options: QueueOptions, periodMs: number) {
    this.#options = options;
    this.#periodMs = periodMs;
  }

  /** The room is restored: its match goes on, or it goes on waiting. */
  goOn({ waits }: Pick<RoomImage, "waits">): void {
    this.#hasBegun = waits !== true;
  }

  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /**
   * To be called once a tick.
   *
   * @param present players who have a seat
   * @returns how many are missing, in the tick in which the match begins
   */
  missing(present: number): number | undefined {
    if (this.#hasBegun) return undefined;
    const { players, withinMs = Number.POSITIVE_INFINITY } = this.#options;
    this.#ticks = present === 0 ? 0 : this.#ticks + 1;
    const isDue = present > 0 && this.#ticks * this.#periodMs >= withinMs;
    if (present < players && !isDue) return undefined;
    this.#hasBegun = true;
    return Math.max(0, players - present);
  }
}
