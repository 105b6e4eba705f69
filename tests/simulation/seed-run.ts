import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Coverage } from "./coverage.ts";
import { LEAST_FAULTS } from "./faults.ts";
import type { SeedDone, SeedTask } from "./seed-process.ts";
import type { SimulationOptions } from "./simulate.ts";

const PROCESS = fileURLToPath(new URL("seed-process.js", import.meta.url));

const V8_FLAGS = [
  // What a simulated tick keeps it keeps for seconds: with room for that garbage is rarely looked through.
  "--max-semi-space-size=64",
  // Each core has a process of its own: V8's helper threads would take from the others what they spare theirs (6 %).
  "--single-threaded",
];

export interface SeedRunOptions {
  /** In order; taken until there are no more or the run is stopped. */
  readonly seeds: Iterable<number>;
  readonly options: SimulationOptions;
  readonly processes: number;
  /** Told after each seed. */
  readonly onDone?: (played: number) => void;
}

/** What was played, and the first seed that broke a promise. */
export interface SeedRunResult {
  readonly played: number;
  readonly coverage: Coverage;
  /** Of the last seed: for comparing two runs of the same one. */
  readonly trace: string;
  readonly failed: { readonly seed: number; readonly violations: readonly string[] } | undefined;
}

/** Plays many seeds on several processes, until one fails. */
export class SeedRun {
  readonly #options: SeedRunOptions;
  readonly #seeds: Iterator<number>;
  readonly #children: ChildProcess[] = [];
  readonly #coverage = new Coverage();
  #played = 0;
  #trace = "";
  #failed: SeedRunResult["failed"];
  #isStopped = false;

  constructor(options: SeedRunOptions) {
    this.#options = options;
    this.#seeds = options.seeds[Symbol.iterator]();
  }

  async play(): Promise<SeedRunResult> {
    await Promise.all(Array.from({ length: this.#options.processes }, () => this.#playInProcess()));
    return { played: this.#played, coverage: this.#coverage, trace: this.#trace, failed: this.#failed };
  }

  /** No further seed is begun. */
  stop(): void {
    this.#isStopped = true;
  }

  #playInProcess(): Promise<void> {
    const child = fork(PROCESS, { serialization: "advanced", execArgv: V8_FLAGS });
    this.#children.push(child);
    return new Promise((resolve, reject) => {
      child.on("message", (done: SeedDone) => {
        this.#take(done);
        this.#next(child);
      });
      child.on("exit", (code, signal) => {
        if (code === 0 || child.killed) resolve();
        else reject(new Error(`a process of the simulation ended with ${signal ?? `code ${code}`}`));
      });
      this.#next(child);
    });
  }

  #next(child: ChildProcess): void {
    const next = this.#isStopped ? undefined : this.#seeds.next();
    if (next === undefined || next.done) {
      child.disconnect();
      return;
    }
    child.send({ seed: next.value, options: this.#options.options } satisfies SeedTask);
  }

  #take({ seed, trace, violations, counts }: SeedDone): void {
    this.#played += 1;
    this.#trace = trace;
    this.#coverage.add(counts);
    const faults = [...counts.faults.values()].reduce((sum, times) => sum + times, 0);
    const all =
      faults < LEAST_FAULTS ? [...violations, `only ${faults} faults, not ${LEAST_FAULTS}`] : violations;
    // Of several processes the lowest seed counts: the same run names the same one again.
    if (all.length > 0 && (this.#failed === undefined || seed < this.#failed.seed))
      this.#failed = { seed, violations: all };
    if (this.#failed !== undefined) this.stop();
    this.#options.onDone?.(this.#played);
  }
}
