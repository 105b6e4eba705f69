/** Times and bounds of a directory. Every node of a cluster is to have the same. */
export interface DirectoryOptions {
  /** How long a node lives without renewing, in milliseconds: the longest part of a failover. */
  readonly leaseMs: number;
  /** How long a seat is held for somebody who was told of a room. As long as a ticket is good. */
  readonly holdMs: number;
  /** How long a node may take to open a room whose creation was claimed, its `load` included. */
  readonly claimMs: number;
  /** How long what nobody renews is kept: rooms of nodes that never came back, epochs. */
  readonly recordMs: number;
  /** How long a question may take. Beyond: `directory-unavailable`, and a new connection. */
  readonly deadlineMs: number;
  /** How often those who watch ask for changes, and how late they hear of a node that died. */
  readonly pollMs: number;
  /** So many changes are kept for those who watch. Beyond: who has not read them is told to resync. */
  readonly changesKept: number;
}

/**
 * For so long, in milliseconds, a room that was made known again behind a loss of everything may still become another
 * node's: one that owned it later, and came back later. Whoever must not be one of two waits as long.
 */
export const REMADE_MS = 2_000;

export const directoryDefaults: DirectoryOptions = {
  leaseMs: 2_000,
  holdMs: 10_000,
  claimMs: 15_000,
  recordMs: 24 * 60 * 60 * 1000,
  deadlineMs: 500,
  pollMs: 100,
  changesKept: 10_000,
};

/** @throws RangeError that names the option and what is allowed */
export function directoryOptions(given: Partial<DirectoryOptions> = {}): DirectoryOptions {
  const options = { ...directoryDefaults, ...given };
  for (const [name, number] of Object.entries(options))
    if (!(Number.isSafeInteger(number) && number >= 1))
      throw new RangeError(`${name} is ${number}; it must be a whole number, 1 at least`);
  for (const name of ["holdMs", "claimMs", "leaseMs"] as const)
    if (options.recordMs < 4 * options[name])
      throw new RangeError(`recordMs is ${options.recordMs}; it must be 4 times ${name} at least`);
  return options;
}
