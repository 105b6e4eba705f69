import { crc32 } from "node:zlib";
import { decodeTrusted, encode } from "../../shared/protocol/codec.ts";
import type { RandomState } from "../../shared/random/seeded-random.ts";
import type { Wire } from "../../shared/state/field-codec.ts";
import type { RoomImage, SeatImage, TableColumns } from "../room/image/room-image.ts";
import type { Ancestor } from "../room/lineage.ts";
import type { RoomMetadata } from "../room/room.ts";

/** Rises when a checkpoint of before could be misread. */
export const FORMAT_VERSION = 1;

/** What a checkpoint says of a room. */
export interface SavedRoom {
  /** Of the definition of the game: another one's columns would be other fields. */
  readonly hash: string;
  /** When it was, in milliseconds since 1970. */
  readonly savedAt: number;
  readonly image: RoomImage;
}

export type ReadCheckpoint =
  | { readonly ok: true; readonly saved: SavedRoom }
  /** A sentence without its subject: "… is damaged." */
  | { readonly ok: false; readonly problem: string };

/** Bytes before the value: "TCKP", the version, three of nothing, the CRC-32 of what follows. */
const HEAD_BYTES = 12;
const MAGIC = "TCKP";

/**
 * A room as bytes: {@link HEAD_BYTES} and one MessagePack value, `[hash, savedAt, image]`. Columns of numbers are
 * float64 as the machine has them, which is little-endian wherever Node runs but on IBM Z.
 */
export function writeCheckpoint({ hash, savedAt, image }: SavedRoom): Uint8Array {
  const tables = image.tables.map(({ ids, columns }) => [
    ids,
    columns.map((column) => (column instanceof Float64Array ? new Uint8Array(column.buffer) : column)),
  ]);
  const value = encode([hash, savedAt, { ...image, tables, seats: image.seats.map(packedSeat) }]);
  const bytes = new Uint8Array(HEAD_BYTES + value.length);
  bytes.set(Buffer.from(MAGIC, "latin1"));
  bytes[MAGIC.length] = FORMAT_VERSION;
  bytes.set(value, HEAD_BYTES);
  new DataView(bytes.buffer).setUint32(HEAD_BYTES - 4, crc32(value));
  return bytes;
}

/** Reads what {@link writeCheckpoint} wrote. Nothing that is found there makes it throw. */
export function readCheckpoint(bytes: Uint8Array): ReadCheckpoint {
  if (bytes.length < HEAD_BYTES || Buffer.from(bytes.subarray(0, 4)).toString("latin1") !== MAGIC)
    return { ok: false, problem: "is none of Tickcast's." };
  const version = bytes[MAGIC.length];
  if (version !== FORMAT_VERSION)
    return {
      ok: false,
      problem: `was written by another version of Tickcast: its format is ${version}, this one reads ${FORMAT_VERSION}.`,
    };
  const value = bytes.subarray(HEAD_BYTES);
  const sum = new DataView(bytes.buffer, bytes.byteOffset).getUint32(HEAD_BYTES - 4);
  if (crc32(value) !== sum) return { ok: false, problem: "is damaged: its checksum is another." };
  try {
    const [hash, savedAt, image] = decodeTrusted(value) as [string, number, PackedImage];
    return { ok: true, saved: { hash, savedAt, image: unpacked(image) } };
  } catch (error) {
    return { ok: false, problem: `cannot be read: ${(error as Error).message}.` };
  }
}

type PackedColumn = Uint8Array | readonly Wire[];
type PackedImage = Omit<RoomImage, "tables" | "seats"> & {
  readonly seats: readonly PackedSeat[];
  readonly tables: readonly (readonly [readonly number[], readonly PackedColumn[]])[];
};

/** The checksum says that it is what we wrote, so shapes are taken for what they are; nil stands for `undefined`. */
function unpacked(image: PackedImage): RoomImage {
  return {
    ...image,
    options: image.options ?? undefined,
    metadata: image.metadata as RoomMetadata,
    random: image.random as RandomState,
    ancestors: image.ancestors as readonly Ancestor[],
    saved: image.saved ?? undefined,
    seats: image.seats.map(unpackedSeat),
    tables: image.tables.map(
      ([ids, columns]): TableColumns => ({
        ids,
        columns: columns.map((column) => (column instanceof Uint8Array ? floats(column) : column)),
      }),
    ),
  };
}

/** By place: of a thousand seats the names of their parts would be most of the bytes, and of the time. */
type PackedSeat = readonly [
  id: number,
  digest: string,
  voice: number,
  attempt: number,
  sequence: number,
  mayJump: boolean,
  stream: number,
  row: number,
  groups: SeatImage["groups"],
  focus: SeatImage["focus"],
  data: unknown,
  away: boolean,
  knownSince: number,
  told: SeatImage["told"],
  replies: SeatImage["replies"],
];

function packedSeat(seat: SeatImage): PackedSeat {
  return [
    seat.id,
    seat.digest,
    seat.voice,
    seat.attempt,
    seat.sequence,
    seat.mayJump,
    seat.stream,
    seat.row,
    seat.groups,
    seat.focus,
    seat.data,
    seat.away,
    seat.knownSince,
    seat.told,
    seat.replies,
  ];
}

function unpackedSeat(packed: PackedSeat): SeatImage {
  const [id, digest, voice, attempt, sequence, mayJump, stream, row, groups, focus, data, ...rest] = packed;
  const [away, knownSince, told, replies] = rest;
  return {
    id,
    digest,
    voice,
    attempt,
    sequence,
    mayJump,
    stream,
    row,
    groups,
    focus,
    data: data ?? undefined,
    away,
    knownSince,
    told,
    replies,
  };
}

/** A copy, because float64 must be aligned. */
function floats(bytes: Uint8Array): Float64Array {
  return new Float64Array(bytes.slice().buffer);
}
