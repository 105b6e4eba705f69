import type { Coverage } from "./coverage.ts";
import { Simulation } from "./simulation.ts";

/** Of every seed. */
export const LEAST_FAULTS = 3;

export interface SimulationOptions {
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
  { ticks = 400, players = 8 }: SimulationOptions = {},
): Promise<SimulationResult> {
  const simulation = new Simulation(seed);
  const { violations, coverage, trace } = simulation;
  try {
    await simulation.run(ticks, players);
  } catch (error) {
    violations.push(`it broke: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
  return { seed, trace: trace.hex(), violations, coverage };
}
