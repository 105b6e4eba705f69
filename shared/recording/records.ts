import { decodeTrusted, encode } from "../protocol/codec.ts";
import { trimFrame } from "../protocol/trim-frame.ts";
import type { Wire } from "../state/field-codec.ts";
import { RecordingError } from "./block.ts";
import {
  type AnyRecord,
  type InputRecord,
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
  if (record[0] === RecordType.keyframe) return encode(trimFrame(record, KEPT_PARTS[record[0]]));
  const [type, tick, lateness, arrivals, inputs, ...rest] = record;
  const stored = [type, tick, lateness, arrivals, inputs.map(toward(tick)), ...rest];
  return encode(trimFrame(stored, KEPT_PARTS[type]));
}

/** An input's ticks, told from the step's: a tenth of a file. A view tick that would be rounded stands as `[viewTick]`. */
const toward =
  (step: number) =>
  ([player, tick, view, ...values]: InputRecord): readonly unknown[] => {
    const behind = view - step;
    return [player, tick - step, step + behind === view ? behind : [view], ...values];
  };

const awayFrom =
  (step: number) =>
  ([player, tick, view, ...values]: readonly [number, number, number | [number], ...Wire[]]): InputRecord => [
    player,
    step + tick,
    typeof view === "number" ? step + view : view[0],
    ...values,
  ];

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
      return [type, tick, lateness, arrivals, inputs.map(awayFrom(tick))];
    }
    case RecordType.tick: {
      const [type, tick, lateness, arrivals, inputs, digest, base, rows = [], leaves = [], events = []] =
        record;
      return [type, tick, lateness, arrivals, inputs.map(awayFrom(tick)), digest, base, rows, leaves, events];
    }
    case RecordType.keyframe: {
      const [type, tick, digest, rows = []] = record;
      return [type, tick, digest, rows];
    }
    default:
      throw new RecordingError(`a record of the recording has the unknown type ${String(record[0])}`);
  }
}
