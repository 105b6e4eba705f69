/**
 * What a node does that cannot renew its lease, so that others may own its rooms by now:
 *
 * - `fence`: its rooms stand still before the lease ends, and go on where they were once it has one again. Never are
 *   there two owners.
 * - `continue`: they play on. Others ask the node itself before they take its rooms over.
 */
export type OnDirectoryLoss = "fence" | "continue";

/** Times and bounds of failover, in milliseconds. */
export interface FailoverOptions {
  /** So long before a lease ends nothing is published any more: for clocks that differ, and for what is on its way. */
  readonly marginMs: number;
  /** How often a node looks for rooms without an owner, besides when it hears of them. */
  readonly lookMs: number;
  /** After so long a room may be taken by others than its turn is, and than its former owner. */
  readonly strayMs: number;
  /** Behind an outage of the directory nodes have so long to come back before their rooms are claimed. */
  readonly returnMs: number;
  /** For so long a room that no node serves is kept. Then it is forgotten. */
  readonly unservedMs: number;
  /** Rooms that are restored at once. */
  readonly restoresAtOnce: number;
  /** For so long a checkpoint that does not come is asked for again. Then the room is forgotten. */
  readonly restoreWithinMs: number;
  /** Rooms that move to another node at once. */
  readonly movesAtOnce: number;
  /** For so long players of a room that moves stay connected, waiting for its new place. */
  readonly arriveWithinMs: number;
  /** How long a node that seems gone has to answer for itself. Under `continue` alone. */
  readonly probeMs: number;
}

export const failoverDefaults: FailoverOptions = {
  marginMs: 100,
  lookMs: 1_000,
  strayMs: 500,
  returnMs: 2_500,
  unservedMs: 5_000,
  restoresAtOnce: 8,
  restoreWithinMs: 10_000,
  movesAtOnce: 8,
  arriveWithinMs: 2_000,
  probeMs: 500,
};

/** @throws RangeError that names the option and what is allowed */
export function failoverOptions(given: Partial<FailoverOptions> = {}): FailoverOptions {
  const options = { ...failoverDefaults, ...given };
  for (const [name, number] of Object.entries(options))
    if (!(Number.isSafeInteger(number) && number >= 1))
      throw new RangeError(`${name} is ${number}; it must be a whole number, 1 at least`);
  return options;
}
