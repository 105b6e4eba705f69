import type { RoomMetadata } from "../../../room/room.ts";
import type { ChangePage, DirectoryChange } from "../change.ts";
import type { NodeRecord } from "../node-record.ts";
import { filterOf, tagsOf } from "../room-index.ts";
import type { Json, RoomRecord } from "../room-record.ts";

/**
 * A room in Redis: flat, and with options and metadata as texts, which Lua carries and does not read: its JSON knows
 * neither an empty list from an empty object nor more than 14 digits. Also `filter` and `tags`, its places in indexes.
 */
interface RoomWire extends Omit<RoomRecord, "options" | "metadata" | "owner"> {
  readonly options: string;
  readonly metadata: string;
  readonly node: string;
  readonly nodeEpoch: number;
}

/** The fields of a room that is not in Redis yet; owner, epoch and time come from there. */
export function wiredRoom(
  room: Pick<
    RoomRecord,
    | "id"
    | "game"
    | "build"
    | "options"
    | "metadata"
    | "listed"
    | "locked"
    | "seats"
    | "maxSeats"
    | "timeline"
    | "state"
  >,
): object {
  return {
    ...room,
    options: optionsText(room.options),
    filter: filterOf(room.options),
    ...wiredMetadata(room.metadata),
  };
}

export function wiredMetadata(metadata: RoomMetadata): {
  readonly metadata: string;
  readonly tags: string[];
} {
  return { metadata: JSON.stringify(metadata), tags: tagsOf(metadata) };
}

export function readRoom(text: string): RoomRecord {
  const wire = JSON.parse(text) as RoomWire;
  return {
    id: wire.id,
    game: wire.game,
    build: wire.build,
    options: wire.options === "" ? undefined : (JSON.parse(wire.options) as Json),
    metadata: JSON.parse(wire.metadata) as RoomMetadata,
    owner: { node: wire.node, epoch: wire.nodeEpoch },
    epoch: wire.epoch,
    timeline: wire.timeline,
    state: wire.state,
    listed: wire.listed,
    locked: wire.locked,
    seats: wire.seats,
    maxSeats: wire.maxSeats,
    createdAt: wire.createdAt,
  };
}

export function readNode(text: string): NodeRecord {
  return JSON.parse(text) as NodeRecord;
}

/** `[gap, birth, sequence, then for each change its kind, id, detail and record]` */
export function readChangePage([gap, birth = "", sequence, ...fields]: readonly string[]): ChangePage {
  const changes: ChangePage["changes"][number][] = [];
  for (let at = 0; at < fields.length; at += 4) {
    const [kind, id = "", detail = "", record = ""] = fields.slice(at, at + 4);
    changes.push(readChange(kind as DirectoryChange["kind"], id, detail, record));
  }
  return { gap: gap !== "", changes, position: { birth, sequence: Number(sequence) } };
}

function readChange(
  kind: DirectoryChange["kind"],
  id: string,
  detail: string,
  record: string,
): ChangePage["changes"][number] {
  switch (kind) {
    case "room-added":
    case "room-changed":
      return { kind, room: readRoom(record) };
    case "room-removed":
      return { kind, id, game: detail };
    case "node-up":
    case "node-changed":
      return { kind, node: readNode(record) };
    case "node-down":
      return { kind, id, epoch: Number(detail) };
    case "resync":
      throw new Error("a resync stands in no list of changes");
  }
}

const optionsText = (options: Json): string => JSON.stringify(options) ?? "";
