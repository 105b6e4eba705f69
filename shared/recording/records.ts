import { decodeTrusted, encode } from "../protocol/codec.ts";
import { trimFrame } from "../protocol/trim-frame.ts";
import { RecordingError } from "./block.ts";
import {
  type AnyRecord,
  type KeyframeRecord,
  RecordType,
  type StepRecord,
  type TickRecord,
} from "./format.ts";

/** Parts that stand in every record; empty ones behind them are left out. */
const KEPT_PARTS = { [RecordType.step]: 3, [RecordType.tick]: 7, [RecordType.keyframe]: 3 } as const;

/** The records of a block: a keyframe, then every step of the room up to the next block's. */
export interface RecordedBlock {
  readonly keyframe: KeyframeRecord;
  readonly steps: readonly (StepRecord | TickRecord)[];
}

export function encodeRecord(record: AnyRecord): Uint8Array {
  return encode(trimFrame(record, KEPT_PARTS[record[0]]));
}

/** @throws RecordingError for what are no records */
export function decodeBlock(payload: Uint8Array): RecordedBlock {
  const records = decodeTrusted(payload);
  if (!Array.isArray(records)) throw new RecordingError("a block of the recording holds no records");
  const [first, ...rest] = records.map(whole);
  if (first?.[0] !== RecordType.keyframe)
    throw new RecordingError("a block of the recording does not begin with a keyframe");
  return {
    keyframe: first,
    steps: rest.filter((record): record is StepRecord | TickRecord => record[0] !== RecordType.keyframe),
  };
}

/** A record with the empty parts that were left out. */
function whole(record: unknown): AnyRecord {
  if (!Array.isArray(record)) throw new RecordingError("a record of the recording is no array");
  switch (record[0]) {
    case RecordType.step: {
      const [type, tick, lateness, arrivals = [], inputs = []] = record;
      return [type, tick, lateness, arrivals, inputs];
    }
    case RecordType.tick: {
      const [type, tick, lateness, arrivals, inputs, digest, base, rows = [], leaves = [], events = []] =
        record;
      return [type, tick, lateness, arrivals, inputs, digest, base, rows, leaves, events];
    }
    case RecordType.keyframe: {
      const [type, tick, digest, rows = []] = record;
      return [type, tick, digest, rows];
    }
    default:
      throw new RecordingError(`a record of the recording has the unknown type ${String(record[0])}`);
  }
}
