import { join } from "node:path";
import { type Command, Option } from "commander";
import { wholeNumber } from "../../bots/option-values.ts";
import type { Collection, StepResult } from "../all/collection.ts";
import { makeFolder, readCollection, stepFile, writeFolder } from "../all/folder.ts";
import { peersShort, plan, type Step } from "../all/plan.ts";
import { runStep } from "../all/run-step.ts";
import { runSteps } from "../all/run-steps.ts";
import { duration } from "../all/time-left.ts";
import { measuredVersions } from "../all/versions.ts";
import { againstOption } from "../peers/against-option.ts";
import { expectInstalled } from "../peers/installed.ts";
import { type PeerName, peers } from "../peers/peers.ts";
import { Progress } from "../report/progress.ts";
import { fanout } from "../scenarios/fanout.ts";

interface AllOptions {
  readonly html: string;
  readonly against: readonly PeerName[];
  readonly quick?: true;
  readonly repeat?: number;
  readonly resume?: true;
}

/** After being interrupted a shell expects 128 + the signal's number. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** Adds the run of everything, and the making of its page from what was measured before. */
export function addAllCommand(bench: Command): void {
  bench
    .command("all")
    .description("run every scenario, and write one page with all that was measured")
    .option("--html <folder>", "where index.html, report.md, report.json and the chart go", "report")
    .addOption(againstOption(fanout.peers))
    .option("--quick", "some three minutes: smaller crowds, two seconds and one round of each")
    .addOption(
      new Option(
        "--repeat <rounds>",
        "of each scenario beside others (default: 5, or 1 with --quick)",
      ).argParser(wholeNumber(1, 100)),
    )
    .option(
      "--resume",
      "measures what the folder does not have of these commands, and again what is not trustworthy",
    )
    .addHelpText(
      "after",
      `
What it runs, in this order: fanout with 50, 200, 500, 1,000 and 2,000 clients; crowd with 200 and 1,000, spread evenly
and clustered; rooms; echo; http; slow-readers; reconnect-storm; join-storm; codec. With --quick there are fewer of these
loads, and no trials (the three before the last): some three minutes with all peers, instead of some fifty.

A step that fails is told and shown; the others run all the same. Interrupted, it writes what it has.

Examples:
  tickcast bench all --against all --html report/
  tickcast bench all --quick --html report/
  tickcast bench report report/                    the page again, from the figures in the folder`,
    )
    .action((options: AllOptions) => all(options));
  bench
    .command("report <folder>")
    .description('write the page of "bench all" again from its report.json, without measuring')
    .action(async (folder: string) => {
      await writeFolder(folder, await readCollection(folder));
      console.log(join(folder, "index.html"));
    });
}

async function all(options: AllOptions): Promise<void> {
  const { html: folder, against, repeat, resume } = options;
  const extent = options.quick === true ? "quick" : "full";
  expectInstalled(against.map((name) => peers[name]));
  await makeFolder(folder);
  const steps = plan({ extent, against, ...(repeat !== undefined && { repeat }) });
  const before = resume === true ? await resultsIn(folder) : [];
  const interruption = new AbortController();
  const interrupt = (signal: keyof typeof EXIT_CODES): void => {
    if (interruption.signal.aborted) process.exit(EXIT_CODES[signal]);
    interruption.abort(signal);
    process.exitCode = EXIT_CODES[signal];
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  const line = new Progress(process.stderr);
  const versions = measuredVersions(against);
  const earlier = (step: Step): StepResult | undefined =>
    before.find(({ command, outcome }) => outcome.kind === "report" && command === commandOfStep(step));
  const write = (measured: readonly StepResult[]): Promise<void> => {
    const results = steps.flatMap((step) => measured.find(({ id }) => id === step.id) ?? earlier(step) ?? []);
    const collection: Collection = {
      command: commandOf(options),
      extent,
      versions,
      results,
      missing: steps
        .filter(({ id }) => results.every((result) => result.id !== id))
        .map(({ scenario, title }) => `${scenario}, ${title}`),
    };
    return writeFolder(folder, collection);
  };
  const planned = steps.reduce((sum, { seconds }) => sum + seconds, 0);
  console.log(`${steps.length} steps, about ${duration(planned)}`);
  try {
    const results = await runSteps(steps, {
      run: (step) => runStep(step, stepFile(folder, step), interruption.signal),
      known: (step) => {
        const result = earlier(step);
        return result !== undefined && isKept(result) ? result : undefined;
      },
      collected: write,
      commandOf: commandOfStep,
      signal: interruption.signal,
      now: () => performance.now(),
      says: (text) => {
        line.done();
        console.log(text);
      },
      everySecond: (tell) => {
        const timer = setInterval(tell, 1000);
        return () => clearInterval(timer);
      },
      progress: line.says,
    });
    await write(results);
    const failed = results.filter(
      ({ outcome }) => outcome.kind === "none" || outcome.report.failures.length > 0,
    );
    console.log(`\n${join(folder, "index.html")}`);
    if (failed.length > 0) {
      console.log(`${failed.length} of ${steps.length} steps failed; the page says how.`);
      process.exitCode ??= 1;
    }
  } finally {
    line.done();
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
}

/** One that failed is a result, too: to repeat it until it does not would be to choose. */
function isKept({ outcome }: StepResult): boolean {
  return outcome.kind === "report" && outcome.report.trustworthy !== false;
}

/** None where nothing was measured yet. */
async function resultsIn(folder: string): Promise<readonly StepResult[]> {
  return readCollection(folder).then(
    ({ results }) => results,
    () => [],
  );
}

function commandOf({ html, against, quick, repeat }: AllOptions): string {
  return [
    "npm run bench -- all",
    ...(quick === true ? ["--quick"] : []),
    ...(against.length === 0 ? [] : [`--against ${peersShort(against)}`]),
    ...(repeat === undefined ? [] : [`--repeat ${repeat}`]),
    `--html ${html}`,
  ].join(" ");
}

const commandOfStep = ({ words }: Step): string => `npm run bench -- ${words.join(" ")}`;
