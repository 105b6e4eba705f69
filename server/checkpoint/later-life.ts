import type { RoomCore } from "../room/room-core.ts";
import type { CheckpointStore } from "./checkpoint-store.ts";

/** What tells the lives of a room apart. */
export type LivingRoom = Pick<RoomCore, "name"> & { readonly lineage: Pick<RoomCore["lineage"], "timeline"> };

/**
 * Whether a room was saved in a life behind the one that runs: somebody else went on with it. A store that does not answer
 * knows of none.
 */
export async function hasLaterLife(store: CheckpointStore, { name, lineage }: LivingRoom): Promise<boolean> {
  try {
    const found = await store.load({ game: name.game, room: name.id });
    return found.state === "found" && found.checkpoint.epoch > lineage.timeline;
  } catch {
    return false;
  }
}
