import { RECORDING_VERSION } from "./format.ts";

/** What a block holds. */
export const BlockKind = { header: 1, ticks: 2, epilogue: 3 } as const;

/** How a block's payload is stored. */
export const Compression = { none: 0, deflateRaw: 1 } as const;

/** `tickcast-rec`, then the version as an unsigned integer of 32 bits, little-endian as everything here. */
export const FILE_HEAD_BYTES = 16;
const MAGIC = "tickcast-rec";

/** Kind (u8), compression (u8), 0 (u16), then u32: stored bytes, their CRC-32, first tick, last tick, raw bytes. */
export const BLOCK_HEAD_BYTES = 24;

export interface BlockHead {
  readonly kind: number;
  readonly compression: number;
  readonly storedBytes: number;
  readonly crc: number;
  /** The first and the last tick that the block tells of; 0 where it tells of none. */
  readonly firstTick: number;
  readonly lastTick: number;
  readonly rawBytes: number;
}

/** The bytes are no recording, or one of another version; `message` is a sentence. */
export class RecordingError extends Error {
  override readonly name = "RecordingError";
}

export function writeFileHead(): Uint8Array {
  const bytes = new Uint8Array(FILE_HEAD_BYTES);
  for (let i = 0; i < MAGIC.length; i++) bytes[i] = MAGIC.charCodeAt(i);
  new DataView(bytes.buffer).setUint32(MAGIC.length, RECORDING_VERSION, true);
  return bytes;
}

/** @throws RecordingError */
export function checkFileHead(bytes: Uint8Array): void {
  const magic = String.fromCharCode(...bytes.subarray(0, MAGIC.length));
  if (bytes.length < FILE_HEAD_BYTES || magic !== MAGIC)
    throw new RecordingError("this is no recording of Tickcast's");
  const version = view(bytes).getUint32(MAGIC.length, true);
  if (version !== RECORDING_VERSION)
    throw new RecordingError(
      `this recording has version ${version} of the format, and this Tickcast reads version ${RECORDING_VERSION}`,
    );
}

export function writeBlockHead(head: BlockHead): Uint8Array {
  const bytes = new Uint8Array(BLOCK_HEAD_BYTES);
  const at = view(bytes);
  at.setUint8(0, head.kind);
  at.setUint8(1, head.compression);
  [head.storedBytes, head.crc, head.firstTick, head.lastTick, head.rawBytes].forEach((value, i) => {
    at.setUint32(4 + 4 * i, value, true);
  });
  return bytes;
}

/** `undefined` where the bytes are too few: the file was cut off here. */
export function readBlockHead(bytes: Uint8Array): BlockHead | undefined {
  if (bytes.length < BLOCK_HEAD_BYTES) return undefined;
  const at = view(bytes);
  const word = (i: number): number => at.getUint32(4 + 4 * i, true);
  return {
    kind: at.getUint8(0),
    compression: at.getUint8(1),
    storedBytes: word(0),
    crc: word(1),
    firstTick: word(2),
    lastTick: word(3),
    rawBytes: word(4),
  };
}

/** Records as one MessagePack array: its head, with the number of records in 32 bits. The records follow. */
export function recordsHead(count: number): Uint8Array {
  const bytes = new Uint8Array(5);
  bytes[0] = 0xdd;
  view(bytes).setUint32(1, count);
  return bytes;
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
