/** How often rooms are saved, and how much of it there may be. */
export interface CheckpointOptions {
  /** At the earliest so long after the last one, in milliseconds. A crash costs a room so much at most, and the time of writing. */
  readonly intervalMs: number;
  /** Bytes of one room. Beyond: it is not saved, which is told; it is tried again, less and less often. */
  readonly maxBytes: number;
  /** Rooms that are being written at a time. With `maxBytes` it bounds the memory that waits for the store. */
  readonly atOnce: number;
  /** How long a server that stops waits for the store, in milliseconds. Beyond: what is not written is lost. */
  readonly stopWithinMs: number;
}

export const checkpointDefaults: CheckpointOptions = {
  intervalMs: 1_000,
  maxBytes: 8 * 1024 * 1024,
  atOnce: 4,
  stopWithinMs: 5_000,
};

/** @throws RangeError that names the option, its value and what is allowed */
export function validateCheckpointOptions(options: CheckpointOptions): CheckpointOptions {
  for (const [name, value] of Object.entries(options)) {
    if (!(name in checkpointDefaults))
      throw new RangeError(
        `checkpoints.${name} is no option; there are ${Object.keys(checkpointDefaults).join(", ")}`,
      );
    if (!(Number.isFinite(value) && value > 0))
      throw new RangeError(`checkpoints.${name} is ${String(value)}; it must be a number above 0`);
  }
  return options;
}
