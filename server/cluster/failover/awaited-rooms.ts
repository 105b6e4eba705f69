import type { Clock } from "../../../shared/tick/clock.ts";
import type { NoRoom } from "../../matchmaking/matchmaker.ts";
import type { PlacedSeat } from "../placement/placement.ts";

export type FindRoom = (game: string, roomId: string) => Promise<PlacedSeat | NoRoom>;

/** Within what the SDK waits for an answer: a lease that has just begun is over by then, and the room is elsewhere. */
const WAIT_MS = 3_000;
const LOOK_MS = 40;

/**
 * Answers players who ask for their room while it is on its way to another node, or while its node does not answer them
 * and may be dead: not before it is there, as far as they can wait. So they come at once when they can, instead of guessing
 * when that is. However many wait for a room, it is looked for once.
 */
export class AwaitedRooms {
  readonly #find: FindRoom;
  readonly #clock: Clock;
  readonly #waiting = new Map<string, Promise<PlacedSeat | NoRoom>>();

  constructor(find: FindRoom, clock: Clock) {
    this.#find = find;
    this.#clock = clock;
  }

  /** @param unreachable the owner that did not answer the player */
  async find(game: string, roomId: string, unreachable?: string): Promise<PlacedSeat | NoRoom> {
    const found = await this.#find(game, roomId);
    if (!isOnItsWay(found, unreachable)) return found;
    const key = JSON.stringify([game, roomId, "refused" in found ? undefined : unreachable]);
    let waiting = this.#waiting.get(key);
    if (waiting === undefined) {
      waiting = this.#await(game, roomId, unreachable).finally(() => this.#waiting.delete(key));
      this.#waiting.set(key, waiting);
    }
    return waiting;
  }

  async #await(game: string, roomId: string, unreachable: string | undefined): Promise<PlacedSeat | NoRoom> {
    const until = this.#clock.now() + WAIT_MS;
    for (;;) {
      await new Promise<void>((resolve) => this.#clock.after(LOOK_MS, resolve));
      const found = await this.#find(game, roomId);
      if (!isOnItsWay(found, unreachable) || this.#clock.now() >= until) return found;
    }
  }
}

const isOnItsWay = (found: PlacedSeat | NoRoom, unreachable: string | undefined): boolean =>
  "refused" in found
    ? found.refused === "room-restarting"
    : found.owner !== undefined && found.owner === unreachable;
