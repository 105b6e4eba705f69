import { access, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Command } from "commander";
import { Complaint } from "../../shared/complaint.ts";
import { jsonText } from "../report/json-text.ts";
import { type MachineFacts, machineFacts } from "../report/machine.ts";
import { coloured, type Paint, plain } from "../report/paint.ts";
import { Progress } from "../report/progress.ts";
import { placement, unpinned } from "../run/placement.ts";
import type { RunEnvironment } from "../run/processes.ts";

/** What every scenario can be told. */
export interface CommonOptions {
  readonly json?: string;
  readonly profile?: string;
  readonly pin: boolean;
}

/** Adds the options of every scenario, after its own. */
export function withCommonOptions(command: Command): Command {
  return command
    .option("--json <file>", "writes the report there, too")
    .option("--profile <folder>", "writes CPU profiles of the servers there; makes them slower")
    .option("--no-pin", "leaves the choice of cores to the system");
}

/** What was measured, for a machine and for a person. */
export interface Outcome {
  readonly report: { readonly failures: readonly string[] };
  readonly shown: (paint: Paint) => string;
}

/** Measures with what a run is done with, and reports with the facts of the machine. */
export type Measure = (environment: RunEnvironment) => Promise<(machine: MachineFacts) => Outcome>;

/** After being interrupted a shell expects 128 + SIGINT. */
const INTERRUPTED = 130;

/** Carries out a scenario: places it, shows its progress and its report, and sets the exit code. */
export async function carryOut({ json, profile, pin }: CommonOptions, measure: Measure): Promise<void> {
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
    if (report.failures.length > 0) process.exitCode = 1;
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
