import { createHash } from "node:crypto";
import { canonicalOptions } from "../../matchmaking/canonical-options.ts";
import type { RoomMetadata } from "../../room/room.ts";
import type { Json } from "./room-record.ts";

/** Longer strings are indexed by their beginning: an index is no place for a description. */
const INDEXED_CHARACTERS = 128;

/** Equal for equal options, whatever the order of their keys; short, whatever they are. */
export function filterOf(options: Json): string {
  return digest(canonicalOptions(options));
}

/** One for each entry of the metadata: what a query for it reads. */
export function tagsOf(metadata: RoomMetadata): string[] {
  return Object.entries(metadata).map(([key, entry]) =>
    digest(JSON.stringify([key, typeof entry === "string" ? entry.slice(0, INDEXED_CHARACTERS) : entry])),
  );
}

/** 96 bits: by chance none of a million million filters is another's. */
function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, 16);
}
