import { ClusterSimulation } from "./cluster/cluster-simulation.ts";
import type { Coverage } from "./coverage.ts";
import { Simulation } from "./simulation.ts";
import { Town } from "./town/town.ts";

/**
 * `pasture`: one room with one of everything that crosses the wire, and all faults of lines. `town`: several games,
 * matchmaking, game code that throws, processes that pause, crash, stop and drain, and a store with faults. `cluster`:
 * several nodes on one directory, which crash, pause, drain and are cut off.
 */
export const WORLDS = ["pasture", "town", "cluster"] as const;
export type World = (typeof WORLDS)[number];

export interface SimulationOptions {
  /**
   * Default: of three seeds one plays the pasture and two the town, whose rarest events take more of them; the cluster is
   * played where it is asked for.
   */
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
  { ticks = 400, players = 8, world = seed % 3 === 1 ? "pasture" : "town" }: SimulationOptions = {},
): Promise<SimulationResult> {
  const simulation = worldOf(world, seed);
  const { violations, coverage, trace } = simulation;
  try {
    await simulation.run(ticks, players);
  } catch (error) {
    violations.push(`it broke: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
  return { seed, trace: trace.hex(), violations, coverage };
}

function worldOf(world: World, seed: number): Simulation | Town | ClusterSimulation {
  switch (world) {
    case "pasture":
      return new Simulation(seed);
    case "town":
      return new Town(seed);
    case "cluster":
      return new ClusterSimulation(seed);
  }
}
