/** A process that plays the seeds that its parent names, one after the other. */
import type { Counts } from "./coverage.ts";
import { type SimulationOptions, simulate } from "./simulate.ts";

export interface SeedTask {
  readonly seed: number;
  readonly options: SimulationOptions;
}

/** Maps cross as they are: the processes talk in the structured clone format. */
export interface SeedDone {
  readonly seed: number;
  readonly trace: string;
  readonly violations: readonly string[];
  readonly counts: Counts;
}

process.on("message", (task: SeedTask) => {
  void simulate(task.seed, task.options).then(({ seed, trace, violations, coverage }) => {
    const counts: Counts = { ...coverage };
    process.send?.({ seed, trace, violations, counts } satisfies SeedDone);
  });
});
