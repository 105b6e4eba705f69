import type { CloseName } from "../../shared/protocol/close-codes.ts";
import type { Release } from "../../shared/tick/clock.ts";
import type { FAILED } from "./containment.ts";
import type { RoomImage } from "./image/room-image.ts";

/** How a room is handed over to another process. */
export interface HandOver {
  /** What its players are told, which has to invite them to come back. */
  readonly reason: CloseName;
  /** Gets the room as it is behind its last tick. */
  readonly take: (image: RoomImage | "not-now" | typeof FAILED) => void;
  /**
   * Gets the way to send the players away: until it is called they stay connected and hear nothing, so that they come
   * when there is something to come to. Absent: they go with the last tick.
   */
  readonly keep?: (letGo: Release) => void;
}
