import type { TimeOfDay } from "../../shared/tick/clock.ts";
import { notPlain } from "../plain-value.ts";
import { FAILED } from "../room/containment.ts";
import type { ImageKind, RoomImage } from "../room/image/room-image.ts";
import type { RoomCore } from "../room/room-core.ts";
import { writeCheckpoint } from "./checkpoint-format.ts";

/** A room as bytes, or why not. */
export type TakenCheckpoint =
  | { readonly state: "taken"; readonly tick: number; readonly kind: ImageKind; readonly bytes: Uint8Array }
  /** The last tick was not published: the next one will be. */
  | { readonly state: "not-now" }
  | { readonly state: "failed"; readonly reason: CheckpointFailure; readonly message: string };

/** Why there is no checkpoint: the game's `save` threw, something is no plain data, it is too large, the store failed, another owner has the room. */
export type CheckpointFailure = "save-threw" | "not-plain" | "too-large" | "store" | "stale";

/** Between two ticks. */
export function takeCheckpoint(
  room: RoomCore,
  kind: ImageKind,
  parts: { readonly timeOfDay: TimeOfDay; readonly maxBytes: number },
): TakenCheckpoint {
  return imageCheckpoint(room, room.image(kind), parts);
}

/** The same of an image that was taken already. */
export function imageCheckpoint(
  room: RoomCore,
  image: ReturnType<RoomCore["image"]>,
  { timeOfDay, maxBytes }: { readonly timeOfDay: TimeOfDay; readonly maxBytes: number },
): TakenCheckpoint {
  if (image === "not-now") return { state: "not-now" };
  if (image === FAILED) return failed("save-threw", "the game's save threw.");
  const problem = impurity(image);
  if (problem !== undefined)
    return failed("not-plain", `${problem}, which cannot be saved: it must be plain data.`);
  const asBytes = (of: RoomImage): Uint8Array =>
    writeCheckpoint({ hash: room.game.hash, savedAt: timeOfDay(), image: of });
  let bytes = asBytes(image);
  // Where it helps players are told that events are lost, instead of losing all.
  if (bytes.length > maxBytes && image.kind === "exact") bytes = asBytes(withoutEvents(image));
  if (bytes.length > maxBytes)
    return failed("too-large", `it takes ${bytes.length} bytes, more than the ${maxBytes} that a room may.`);
  return { state: "taken", tick: image.tick, kind: image.kind, bytes };
}

const failed = (reason: CheckpointFailure, message: string): TakenCheckpoint => ({
  state: "failed",
  reason,
  message,
});

/** The game's own values go through MessagePack, which would change in silence what is no plain data. */
function impurity({ saved, options, metadata, seats }: RoomImage): string | undefined {
  const own =
    notPlain("what save returned", saved) ??
    notPlain("the room's options", options) ??
    notPlain("the room's metadata", metadata);
  if (own !== undefined) return own;
  for (const { id, data } of seats) {
    const problem = notPlain(`data of player ${id}`, data);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function withoutEvents(image: RoomImage): RoomImage {
  const seats = image.seats.map((seat) => ({
    ...seat,
    knownSince: image.tick,
    told: [],
    replies: [...seat.told.flatMap(([, , replies]) => replies), ...seat.replies],
  }));
  return { ...image, events: [], seats };
}
