import { access, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Command } from "commander";
import { Complaint } from "../../shared/complaint.ts";
import { jsonText } from "../report/json-text.ts";
import { type MachineFacts, machineFacts } from "../report/machine.ts";
import { coloured, type Paint, plain } from "../report/paint.ts";
import { Progress } from "../report/progress.ts";
import type { TargetReport } from "../report/report.ts";
import { placement, unpinned } from "../run/placement.ts";
import type { RunEnvironment } from "../run/processes.ts";

/** What every scenario can be told. */
export interface CommonOptions {
  readonly json?: string;
  readonly profile?: string;
  readonly pin: boolean;
  /** Of those that have targets: a missed one is a failure. */
  readonly failOnTargets?: true;
}

/** Adds the options of every scenario, after its own. */
export function withCommonOptions(command: Command): Command {
  return command
    .option("--json <file>", "writes the report there, too")
    .option("--profile <folder>", "writes CPU profiles of the servers there; makes them slower")
    .option("--no-pin", "leaves the choice of cores to the system");
}

/** Adds the options of a scenario that has targets: the common ones, and what a missed target leads to. */
export function withTargets(command: Command): Command {
  return withCommonOptions(command).option("--fail-on-targets", "exit code 1 where a target is missed, too");
}

/** What a report says of how it went. */
interface Judged {
  readonly failures: readonly string[];
  readonly targets?: readonly TargetReport[];
}

/**
 * Whether the exit code is 1. Targets depend on the machine, so that a missed one is usually told only.
 *
 * @param missedTargets what they are
 */
export function hasFailed({ failures, targets = [] }: Judged, missedTargets: "told" | "failures"): boolean {
  return failures.length > 0 || (missedTargets === "failures" && targets.some(({ met }) => !met));
}

/** What was measured, for a machine and for a person. */
export interface Outcome {
  readonly report: Judged;
  readonly shown: (paint: Paint) => string;
}

/** Measures with what a run is done with, and reports with the facts of the machine. */
export type Measure = (environment: RunEnvironment) => Promise<(machine: MachineFacts) => Outcome>;

/** After being interrupted a shell expects 128 + SIGINT. */
const INTERRUPTED = 130;

/** Carries out a scenario: places it, shows its progress and its report, and sets the exit code. */
export async function carryOut(
  { json, profile, pin, failOnTargets }: CommonOptions,
  measure: Measure,
): Promise<void> {
  if (json !== undefined) await expectFolderOf(json);
  const where = pin ? placement() : unpinned("--no-pin");
  const interruption = new AbortController();
  const interrupt = (): void => {
    // Again: whoever asks twice does not want to wait for anything.
    if (interruption.signal.aborted) process.exit(INTERRUPTED);
    interruption.abort(new Complaint("interrupted"));
    process.exitCode = INTERRUPTED;
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  const progress = new Progress(process.stderr);
  try {
    const outcomeOn = await measure({
      placement: where,
      signal: interruption.signal,
      profileFolder: profile === undefined ? undefined : resolve(profile),
      progress: progress.says,
    });
    progress.done();
    const { report, shown } = outcomeOn(machineFacts(where, new Date()));
    console.log(shown(process.stdout.isTTY ? coloured : plain));
    if (json !== undefined) await writeFile(json, jsonText(report));
    if (hasFailed(report, failOnTargets === true ? "failures" : "told")) process.exitCode = 1;
  } catch (error) {
    progress.done();
    if (interruption.signal.aborted) return;
    throw error instanceof Error && !(error instanceof Complaint)
      ? new Complaint(`the benchmark did not come to its end: ${error.message}`)
      : error;
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
}

/** Before the measuring, not after it. */
async function expectFolderOf(file: string): Promise<void> {
  const folder = dirname(resolve(file));
  await access(folder).catch(() => {
    throw new Complaint(`there is no folder ${folder} for the report: create it, or name another file.`);
  });
}
