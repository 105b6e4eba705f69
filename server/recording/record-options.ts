/** Which rooms are recorded, and how much of them. */
export interface RecordOptions {
  /** Made where it is missing. Each recording is a file of its own there. */
  readonly folder: string;
  /** Names of games. Default: every game's rooms. */
  readonly games?: readonly string[];
  /** Bytes of one file, default 1 GiB. Beyond: that recording ends, and the game goes on. */
  readonly maxBytes?: number;
  /** How long one recording may last, in seconds, default 4 hours. Beyond: as above. */
  readonly maxSeconds?: number;
}

export type RecordBounds = Required<Pick<RecordOptions, "maxBytes" | "maxSeconds">>;

export const defaultRecordBounds: RecordBounds = { maxBytes: 1024 ** 3, maxSeconds: 4 * 3_600 };

/** @throws RangeError that names the option */
export function validateRecordBounds(bounds: RecordBounds): RecordBounds {
  for (const [name, value] of Object.entries(bounds))
    if (!(Number.isFinite(value) && value > 0))
      throw new RangeError(`record.${name} is ${value}; it must be a positive number`);
  return bounds;
}
