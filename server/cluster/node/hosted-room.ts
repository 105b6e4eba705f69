import type { RoomName } from "../../bus.ts";
import type { RoomMetadata } from "../../room/room.ts";
import type { RoomCore } from "../../room/room-core.ts";
import type { Json, NewRoom } from "../directory/room-record.ts";

/** What a node has to know of a room that it hosts. */
export interface HostedRoom
  extends Pick<
    RoomCore,
    "options" | "metadata" | "visibility" | "shut" | "maxPlayers" | "closedBy" | "shutDown"
  > {
  readonly name: RoomName;
  readonly seats: { readonly size: number; readonly taken: number };
  readonly lineage: { readonly timeline: number };
  readonly game: { readonly hash: string };
}

/** What its owner says of a room, all of which may change while it lives. */
export interface Said {
  readonly metadata: RoomMetadata;
  readonly listed: boolean;
  readonly locked: boolean;
  /** Occupied, and kept for those who are on their way by a ticket. */
  readonly seats: number;
  readonly timeline: number;
}

/** The directory indexes no more. */
const MOST_METADATA = 32;

export function saidOf(room: HostedRoom): Said {
  return {
    metadata: room.metadata,
    listed: room.visibility === "public",
    // One that is closing lets nobody in either.
    locked: room.shut !== undefined,
    seats: Math.min(room.seats.taken, room.maxPlayers),
    timeline: room.lineage.timeline,
  };
}

/** Whether what was said last still holds. Metadata is replaced as a whole, so that its identity tells. */
export function stillHolds(said: Said, room: HostedRoom): boolean {
  return (
    said.seats === Math.min(room.seats.taken, room.maxPlayers) &&
    said.locked === (room.shut !== undefined) &&
    said.metadata === room.metadata &&
    said.listed === (room.visibility === "public") &&
    said.timeline === room.lineage.timeline
  );
}

/** For the directory: metadata beyond its 32 entries stays at home. */
export function written(said: Said): Said {
  const entries = Object.entries(said.metadata);
  return entries.length <= MOST_METADATA
    ? said
    : { ...said, metadata: Object.fromEntries(entries.slice(0, MOST_METADATA)) };
}

export function newRoomOf(room: HostedRoom): NewRoom {
  return {
    id: room.name.id,
    game: room.name.game,
    build: room.game.hash,
    options: room.options as Json,
    maxSeats: room.maxPlayers,
    ...written(saidOf(room)),
  };
}
