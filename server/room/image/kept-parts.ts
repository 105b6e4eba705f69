import type { SeededRandom } from "../../../shared/random/seeded-random.ts";
import type { RestingIds } from "../../../shared/state/resting-ids.ts";
import type { Tick } from "../../../shared/tick/tick.ts";
import type { AnyRoomConfig } from "../define-room.ts";
import type { RoomPublisher } from "../room-publisher.ts";

/** What of a room's own is saved with it, and given back to it. */
export interface KeptParts {
  readonly config: AnyRoomConfig;
  readonly publisher: RoomPublisher;
  readonly streamIds: RestingIds;
  readonly random: SeededRandom;
  readonly horizonTicks: number;
  readonly firstTick: Tick;
}
