import { RecordingError } from "./block.ts";
import {
  type RecordingEpilogue,
  type RecordingHeader,
  RecordType,
  type StepRecord,
  type TickRecord,
} from "./format.ts";
import { RecordedState } from "./recorded-state.ts";
import { decodeBlock, type RecordedBlock } from "./records.ts";

/** One block of ticks in the order of the file. */
export interface BlockEntry {
  readonly firstTick: number;
  readonly lastTick: number;
  readonly storedBytes: number;
  readonly rawBytes: number;
}

/** Where a recording is read from: a file, or the addresses of `tickcast replay`. */
export interface RecordingSource {
  readonly header: RecordingHeader;
  readonly blocks: readonly BlockEntry[];
  /** Absent where the file was cut off, as by a crash. */
  readonly epilogue: RecordingEpilogue | undefined;
  /** A block's records, decompressed. */
  read(block: number): Promise<Uint8Array>;
}

/** Blocks that are kept decoded: the one that plays, its neighbours, and some for whoever seeks to and fro. */
const MOST_KEPT = 6;

/** A recording to be played from any of its ticks. */
export class Recording {
  readonly header: RecordingHeader;
  readonly blocks: readonly BlockEntry[];
  readonly epilogue: RecordingEpilogue | undefined;
  readonly #source: RecordingSource;
  readonly #kept = new Map<number, Promise<RecordedBlock>>();

  /** @throws RecordingError where there is no whole block of ticks */
  constructor(source: RecordingSource) {
    if (source.blocks.length === 0)
      throw new RecordingError(
        "the recording holds no tick: it was cut off before its first block was written",
      );
    this.header = source.header;
    this.blocks = source.blocks;
    this.epilogue = source.epilogue;
    this.#source = source;
  }

  /** The first tick whose state is known. */
  get firstTick(): number {
    return (this.blocks[0] as BlockEntry).firstTick;
  }

  get lastTick(): number {
    return (this.blocks.at(-1) as BlockEntry).lastTick;
  }

  /** Of the block that tells of a tick; ticks before the first are in the first, those after the last in the last. */
  blockOf(tick: number): number {
    let low = 0;
    let high = this.blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.blocks[middle] as BlockEntry).firstTick < tick) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** @throws RecordingError for a block that is damaged, as does whatever reads blocks */
  block(index: number): Promise<RecordedBlock> {
    const kept = this.#kept.get(index);
    // Behind the others, as the one that was used last.
    this.#kept.delete(index);
    const block = kept ?? this.#source.read(index).then(decodeBlock);
    this.#kept.set(index, block);
    // What could not be read is asked for again next time.
    block.catch(() => this.#kept.delete(index));
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= MOST_KEPT) break;
      this.#kept.delete(oldest);
    }
    return block;
  }

  /** The state as of the last published tick up to `tick`. */
  async stateAt(tick: number): Promise<RecordedState> {
    const { keyframe, steps } = await this.block(this.blockOf(tick));
    const state = new RecordedState(this.header.description.tables.length);
    state.reset(keyframe);
    for (const step of steps) {
      if (step[1] > tick) break;
      if (step[0] === RecordType.tick) state.apply(step);
    }
    return state;
  }

  /** Every step of the room after tick `after`, in order. */
  async *steps(after = 0): AsyncIterableIterator<StepRecord | TickRecord> {
    for (let index = this.blockOf(after + 1); index < this.blocks.length; index++)
      for (const step of (await this.block(index)).steps) if (step[1] > after) yield step;
  }
}
