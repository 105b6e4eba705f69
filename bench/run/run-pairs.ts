import type { Load, Scenario, SystemName } from "../scenarios/scenario.ts";
import type { RunEnvironment } from "./processes.ts";
import { type RawRun, runSystem } from "./run-system.ts";

export interface PairsOptions {
  readonly systems: readonly SystemName[];
  readonly repeat: number;
  readonly environment: RunEnvironment;
}

/**
 * Runs the systems in turn, A B A B …: what slows the machine down for a while then weighs on both of a pair,
 * and their ratio keeps its meaning.
 */
export async function runPairs(
  scenario: Scenario,
  load: Load,
  { systems, repeat, environment }: PairsOptions,
): Promise<RawRun[][]> {
  const pairs: RawRun[][] = [];
  for (let pair = 1; pair <= repeat; pair++) {
    const progress = (says: string): void =>
      environment.progress(repeat === 1 ? says : `pair ${pair} of ${repeat}, ${says}`);
    const runs: RawRun[] = [];
    for (const system of systems)
      runs.push(await runSystem(scenario, system, load, { ...environment, progress }));
    pairs.push(runs);
  }
  return pairs;
}
