import { type FileHandle, open } from "node:fs/promises";
import { promisify } from "node:util";
import { crc32, deflateRaw } from "node:zlib";
import { encode } from "../../shared/protocol/codec.ts";
import {
  BLOCK_HEAD_BYTES,
  BlockKind,
  Compression,
  recordsHead,
  writeBlockHead,
  writeFileHead,
} from "../../shared/recording/block.ts";
import type { RecordingEnd, RecordingEpilogue, RecordingHeader } from "../../shared/recording/format.ts";

const deflate = promisify(deflateRaw);

/** What may wait to be compressed and written. Beyond: the recording ends as `disk-too-slow`. */
const MOST_WAITING_BYTES = 32 * 1024 * 1024;

/** How a file came to its end, where that was not asked for. */
export interface WriterFault {
  readonly end: Extract<RecordingEnd, "max-bytes" | "disk-too-slow" | "disk-failed">;
  readonly error?: unknown;
}

export interface RecordingWriterOptions {
  readonly path: string;
  readonly maxBytes: number;
  /** Called once: nothing more is taken. */
  readonly onFault: (fault: WriterFault) => void;
}

/**
 * Writes a recording, block by block. Compressing and writing happen in threads of the system's: whoever hands over
 * records never waits, and what waits here is bounded.
 */
export class RecordingWriter {
  readonly #options: RecordingWriterOptions;
  readonly #file: Promise<FileHandle>;
  #tail: Promise<void>;
  #records: Uint8Array[] = [];
  #firstTick = 0;
  #waitingBytes = 0;
  #bytes = 0;
  /** Nothing more is taken: it was ended, or came to its end by a fault. */
  #isOver = false;
  #hasFailed = false;

  constructor(options: RecordingWriterOptions) {
    this.#options = options;
    this.#file = open(options.path, "wx");
    this.#tail = this.#file.then((file) => this.#write(file, [writeFileHead()])).catch(this.#failed);
  }

  /** In the file by now. */
  get bytes(): number {
    return this.#bytes;
  }

  header(header: RecordingHeader): void {
    this.#queue(BlockKind.header, encode(header).slice(), 0, 0);
  }

  /** A block begins with its keyframe, as of tick `tick`. */
  begin(keyframe: Uint8Array, tick: number): void {
    this.#records = [keyframe];
    this.#firstTick = tick;
  }

  add(record: Uint8Array): void {
    this.#records.push(record);
  }

  /** The block is complete: it tells of all up to tick `lastTick`. */
  endBlock(lastTick: number): void {
    const records = this.#records;
    this.#records = [];
    if (records.length <= 1) return;
    this.#queue(
      BlockKind.ticks,
      Buffer.concat([recordsHead(records.length), ...records]),
      this.#firstTick,
      lastTick,
    );
  }

  /** Writes the epilogue behind all that waits, and closes the file. Resolves with its size. */
  async end(epilogue: RecordingEpilogue): Promise<number> {
    if (epilogue.end !== "disk-failed" && epilogue.end !== "disk-too-slow")
      this.#queue(BlockKind.epilogue, encode(epilogue).slice(), 0, 0, "whatever its size");
    this.#isOver = true;
    await this.#tail;
    await this.#file.then(
      (file) => file.close(),
      () => {},
    );
    return this.#bytes;
  }

  #queue(
    kind: number,
    payload: Uint8Array,
    firstTick: number,
    lastTick: number,
    room: "as bounded" | "whatever its size" = "as bounded",
  ): void {
    if (this.#isOver && room === "as bounded") return;
    this.#waitingBytes += payload.length;
    if (this.#waitingBytes > MOST_WAITING_BYTES) {
      this.#fault({ end: "disk-too-slow" });
      return;
    }
    this.#tail = this.#tail
      .then(async () => {
        const stored = await deflate(payload);
        const size = BLOCK_HEAD_BYTES + stored.length;
        if (this.#hasFailed && room === "as bounded") return;
        if (room === "as bounded" && this.#bytes + size > this.#options.maxBytes) {
          this.#fault({ end: "max-bytes" });
          return;
        }
        const head = writeBlockHead({
          kind,
          compression: Compression.deflateRaw,
          storedBytes: stored.length,
          crc: crc32(stored),
          firstTick,
          lastTick,
          rawBytes: payload.length,
        });
        await this.#write(await this.#file, [head, stored]);
      })
      .catch(this.#failed)
      .finally(() => {
        this.#waitingBytes -= payload.length;
      });
  }

  async #write(file: FileHandle, parts: readonly Uint8Array[]): Promise<void> {
    const bytes = parts.reduce((sum, part) => sum + part.length, 0);
    // In one call, so that a process that ends leaves whole blocks or the beginning of one.
    const { bytesWritten } = await file.writev([...parts], this.#bytes);
    if (bytesWritten !== bytes) throw new Error("the disk took a part of a block only");
    this.#bytes += bytes;
  }

  #fault(fault: WriterFault): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    this.#isOver = true;
    this.#options.onFault(fault);
  }

  readonly #failed = (error: unknown): void => this.#fault({ end: "disk-failed", error });
}
