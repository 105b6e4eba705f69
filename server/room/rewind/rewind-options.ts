import type { Game, GameSpec } from "../../../shared/definition/game.ts";

/** What a room keeps of its past, so that a shot can be judged by what its shooter saw. */
export interface RewindOptions<Name extends string = string> {
  /** The tables whose rows can be looked up as they were. Their number fields are kept, a copy a tick. */
  readonly tables: readonly Name[];
  /**
   * How far back players may reach, in milliseconds. Default 250: a round trip of 100, an input margin of one tick
   * and an interpolation delay of two at 20 Hz. The most is 1,000, which is the most in Valve's Source, too
   * (`sv_maxunlag`; it was 500 in Half-Life). The farther back, the longer after they took cover are players hit
   * by those with slow connections: whoever sees an older world is judged by the oldest that is kept.
   */
  readonly maxMs?: number;
}

export const rewindDefaults = { maxMs: 250 };

const MOST_MS = 1_000;

/** @throws RangeError that names the game, the option, its value and what is allowed */
export function validateRewind<G extends GameSpec>({ spec }: Game<G>, options: RewindOptions): void {
  const { tables, maxMs } = { ...rewindDefaults, ...options };
  const refuse = (option: string, value: unknown, allowed: string): never => {
    throw new RangeError(`room of game "${spec.name}": rewind.${option} is ${value}; it must be ${allowed}`);
  };
  if (tables.length === 0) refuse("tables", "empty", "a list of at least one table");
  for (const name of tables)
    if (spec.state[name]?.kind !== "table")
      refuse("tables", JSON.stringify(tables), "a list of the game's tables");
  if (!(maxMs > 0 && maxMs <= MOST_MS)) refuse("maxMs", maxMs, `above 0 and at most ${MOST_MS}`);
}
