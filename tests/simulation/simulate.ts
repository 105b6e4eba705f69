import type { Coverage } from "./coverage.ts";
import { Simulation } from "./simulation.ts";
import { Town } from "./town/town.ts";

/** Of every seed. */
export const LEAST_FAULTS = 3;

/**
 * `pasture`: one room with one of everything that crosses the wire, and all faults of lines. `town`: several games,
 * matchmaking, game code that throws, processes that pause, crash, stop and drain, and a store with faults.
 */
export const WORLDS = ["pasture", "town"] as const;
export type World = (typeof WORLDS)[number];

export interface SimulationOptions {
  /** Default: odd seeds play the pasture, even ones the town. */
  readonly world?: World;
  /** Default 400. */
  readonly ticks?: number;
  /** Default 8. */
  readonly players?: number;
}

/** What one seed came to. */
export interface SimulationResult {
  readonly seed: number;
  /** Of every frame that reached a client, when, and how it ended: equal seeds have equal traces. */
  readonly trace: string;
  /** What was not as promised; empty on a good day. */
  readonly violations: readonly string[];
  readonly coverage: Coverage;
}

/** Plays one seed to its end. Never rejects for what the simulated world does: that is in `violations`. */
export async function simulate(
  seed: number,
  { ticks = 400, players = 8, world = seed % 2 === 1 ? "pasture" : "town" }: SimulationOptions = {},
): Promise<SimulationResult> {
  const simulation = world === "pasture" ? new Simulation(seed) : new Town(seed);
  const { violations, coverage, trace } = simulation;
  try {
    await simulation.run(ticks, players);
  } catch (error) {
    violations.push(`it broke: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
  return { seed, trace: trace.hex(), violations, coverage };
}
