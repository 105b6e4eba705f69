import type { Load, Scenario, SystemName } from "../scenarios/scenario.ts";
import type { RunEnvironment } from "./processes.ts";
import { type RawRun, runSystem } from "./run-system.ts";

export interface PairsOptions {
  readonly systems: readonly SystemName[];
  /** Run once, after the first pair. */
  readonly beside: readonly SystemName[];
  readonly repeat: number;
  readonly environment: RunEnvironment;
}

/**
 * Runs the systems in turn, A B B A A B …: what slows the machine down for a while then weighs on both of a pair, what
 * changes slowly on the one as often as on the other, and their ratio keeps its meaning.
 */
export async function runPairs(
  scenario: Scenario,
  load: Load,
  { systems, beside, repeat, environment }: PairsOptions,
): Promise<{ readonly pairs: readonly RawRun[][]; readonly beside: readonly RawRun[] }> {
  const pairs: RawRun[][] = [];
  const once: RawRun[] = [];
  for (let pair = 1; pair <= repeat; pair++) {
    const progress = (says: string): void =>
      environment.progress(repeat === 1 ? says : `pair ${pair} of ${repeat}, ${says}`);
    const isForwards = pair % 2 === 1;
    const runs: RawRun[] = [];
    for (const system of isForwards ? systems : systems.toReversed())
      runs.push(await runSystem(scenario, system, load, { ...environment, progress }));
    pairs.push(isForwards ? runs : runs.toReversed());
    if (pair > 1) continue;
    for (const system of beside) once.push(await runSystem(scenario, system, load, environment));
  }
  return { pairs, beside: once };
}
