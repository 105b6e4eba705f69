import { type FileHandle, open } from "node:fs/promises";
import { promisify } from "node:util";
import { crc32, inflateRaw } from "node:zlib";
import { decodeTrusted } from "../protocol/codec.ts";
import {
  BLOCK_HEAD_BYTES,
  type BlockHead,
  BlockKind,
  Compression,
  checkFileHead,
  FILE_HEAD_BYTES,
  RecordingError,
  readBlockHead,
} from "../recording/block.ts";
import type { RecordingEpilogue, RecordingHeader } from "../recording/format.ts";
import type { BlockEntry, RecordingSource } from "../recording/recording.ts";

const inflate = promisify(inflateRaw);

/** No block is larger, whatever a damaged file says. */
const MOST_BLOCK_BYTES = 256 * 1024 * 1024;

/** A recording's file, open for reading. */
export interface RecordingFile extends RecordingSource {
  readonly bytes: number;
  /** Bytes behind the last whole block: of one that was being written when the process ended. */
  readonly cutOffBytes: number;
  /** A block as it is stored, compressed, and the header's. */
  readStored(block: number): Promise<Uint8Array>;
  readonly storedHeader: Uint8Array;
  close(): Promise<void>;
}

interface Place {
  readonly head: BlockHead;
  readonly at: number;
}

/**
 * Opens a recording and finds its blocks. One that was cut off is read up to its last whole block.
 *
 * @throws RecordingError with a sentence for what is no recording, and the system's error where it cannot be read
 */
export async function openRecording(path: string): Promise<RecordingFile> {
  const file = await open(path, "r");
  try {
    return await readRecording(file);
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readRecording(file: FileHandle): Promise<RecordingFile> {
  const { size } = await file.stat();
  checkFileHead(await readAt(file, 0, FILE_HEAD_BYTES));
  const places: Place[] = [];
  let end = FILE_HEAD_BYTES;
  for (;;) {
    const head = readBlockHead(await readAt(file, end, BLOCK_HEAD_BYTES));
    if (head === undefined || head.kind === 0 || head.storedBytes > MOST_BLOCK_BYTES) break;
    const next = end + BLOCK_HEAD_BYTES + head.storedBytes;
    if (next > size) break;
    places.push({ head, at: end + BLOCK_HEAD_BYTES });
    end = next;
  }
  const first = places[0];
  if (first?.head.kind !== BlockKind.header)
    throw new RecordingError("the recording was cut off before its header was written");
  const stored = ({ head, at }: Place): Promise<Uint8Array> => readStored(file, head, at);
  const header = (await decoded(first.head, await stored(first))) as RecordingHeader;
  const last = places.find(({ head }) => head.kind === BlockKind.epilogue);
  const epilogue = last && ((await decoded(last.head, await stored(last))) as RecordingEpilogue);
  const ticks = places.filter(({ head }) => head.kind === BlockKind.ticks);
  const placeOf = (block: number): Place => {
    const place = ticks[block];
    if (place === undefined) throw new RangeError(`the recording has no block ${block}`);
    return place;
  };
  return {
    header,
    epilogue,
    bytes: size,
    cutOffBytes: size - end,
    blocks: ticks.map(({ head }): BlockEntry => head),
    storedHeader: await stored(first),
    readStored: (block) => stored(placeOf(block)),
    async read(block) {
      const place = placeOf(block);
      return decompressed(place.head, await stored(place));
    },
    close: () => file.close(),
  };
}

async function readStored(file: FileHandle, head: BlockHead, at: number): Promise<Uint8Array> {
  const bytes = await readAt(file, at, head.storedBytes);
  if (crc32(bytes) !== head.crc)
    throw new RecordingError(
      `the recording is damaged at byte ${at}: ticks ${head.firstTick} to ${head.lastTick} cannot be read`,
    );
  return bytes;
}

async function decoded(head: BlockHead, stored: Uint8Array): Promise<unknown> {
  return decodeTrusted(await decompressed(head, stored));
}

async function decompressed({ compression }: BlockHead, stored: Uint8Array): Promise<Uint8Array> {
  if (compression === Compression.none) return stored;
  if (compression === Compression.deflateRaw) return inflate(stored);
  throw new RecordingError(`the recording is compressed in the unknown way ${compression}`);
}

/** Fewer bytes where the file ends. */
async function readAt(file: FileHandle, at: number, length: number): Promise<Uint8Array> {
  const buffer = new Uint8Array(length);
  let read = 0;
  while (read < length) {
    const { bytesRead } = await file.read(buffer, read, length - read, at + read);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  return buffer.subarray(0, read);
}
