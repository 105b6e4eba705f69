import { access, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { type Command, Option } from "commander";
import { oneOf } from "../server/command/option-values.ts";
import { Complaint } from "../shared/complaint.ts";
import { numberBetween, wholeNumber } from "./option-values.ts";
import { machineFacts } from "./report/machine.ts";
import { Progress } from "./report/progress.ts";
import { summarise } from "./report/summarise.ts";
import { coloured, plain, terminalReport } from "./report/terminal.ts";
import { placement, unpinned } from "./run/placement.ts";
import { runPairs } from "./run/run-pairs.ts";
import { scenarioNamed, scenarios } from "./scenarios/catalogue.ts";
import type { Load, Scenario, SystemName } from "./scenarios/scenario.ts";

interface BenchOptions {
  readonly clients?: number;
  readonly hz?: number;
  readonly seconds?: number;
  readonly warmup?: number;
  readonly mirrors?: number;
  readonly repeat: number;
  readonly json?: string;
  readonly only?: SystemName;
  readonly profile?: string;
  readonly pin: boolean;
}

/** After being interrupted a shell expects 128 + SIGINT. */
const INTERRUPTED = 130;

/** Adds `tickcast bench` to the program. Exit code 1: a run failed, or did not come to its end. */
export function addBenchCommand(program: Command): void {
  program
    .command("bench")
    .description("measure fan-out beside a bare uWebSockets server that sends the same bytes")
    .argument("[scenario]", scenarios.map(describe).join("\n"), "fanout")
    .option("--clients <count>", "connections, mirrors included", wholeNumber(1, 50_000))
    .option("--hz <rate>", "ticks a second", wholeNumber(1, 240))
    .option("--seconds <time>", "what is measured", numberBetween(0.1, 3600))
    .option("--warmup <seconds>", "thrown away before that", numberBetween(0, 600))
    .option("--mirrors <count>", "clients of the real SDK, which compare their state", wholeNumber(0, 1000))
    .addOption(
      new Option("--repeat <pairs>", "runs the systems in turn so often and reports the median of the ratios")
        .argParser(wholeNumber(1, 100))
        .default(1),
    )
    .option("--json <file>", "writes the report there, too")
    .option("--only <system>", "tickcast or uws alone", oneOf("--only", ["tickcast", "uws"] as const))
    .option("--profile <folder>", "writes CPU profiles of the servers there; makes them slower")
    .option("--no-pin", "leaves the choice of cores to the system")
    .addHelpText(
      "after",
      `
Each run has fresh processes: a server on one core, all clients on another. Latency counts from the time
at which a tick was to begin, so whatever delays a tick shows.

Examples:
  tickcast bench fanout --clients 200 --hz 20 --seconds 5 --json report.json
  tickcast bench fanout --clients 1000 --repeat 5        the median of five pairs
  tickcast bench fanout --only tickcast --profile out/   where the server's time goes`,
    )
    .action((name: string, options: BenchOptions) => bench(scenarioNamed(name), options));
}

async function bench(scenario: Scenario, options: BenchOptions): Promise<void> {
  const load = loadOf(scenario, options);
  if (options.json !== undefined) await expectFolderOf(options.json);
  const where = options.pin ? placement() : unpinned("--no-pin");
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
    const pairs = await runPairs(scenario, load, {
      systems: scenario.systems.filter((system) => options.only === undefined || system === options.only),
      repeat: options.repeat,
      environment: {
        placement: where,
        signal: interruption.signal,
        profileFolder: options.profile === undefined ? undefined : resolve(options.profile),
        progress: progress.says,
      },
    });
    progress.done();
    const report = summarise(scenario, load, pairs, machineFacts(where, new Date()));
    console.log(terminalReport(scenario, report, process.stdout.isTTY ? coloured : plain));
    if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
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

function describe({ name, says, defaults }: Scenario): string {
  const { clients, hz, seconds, warmupSeconds, mirrors } = defaults;
  const usually = `${clients} clients, ${mirrors} of them mirrors, ${hz} Hz, ${seconds} s after ${warmupSeconds} s`;
  return `${name}: ${says} (unless told otherwise ${usually})`;
}

/** Before the measuring, not after it. */
async function expectFolderOf(file: string): Promise<void> {
  const folder = dirname(resolve(file));
  await access(folder).catch(() => {
    throw new Complaint(`there is no folder ${folder} for the report: create it, or name another file.`);
  });
}

function loadOf({ defaults }: Scenario, options: BenchOptions): Load {
  const load: Load = {
    clients: options.clients ?? defaults.clients,
    hz: options.hz ?? defaults.hz,
    seconds: options.seconds ?? defaults.seconds,
    warmupSeconds: options.warmup ?? defaults.warmupSeconds,
    mirrors: options.mirrors ?? defaults.mirrors,
  };
  if (load.mirrors >= load.clients)
    throw new Complaint(
      `of ${load.clients} clients ${load.mirrors} cannot be mirrors: at least one has to be timed.`,
    );
  return load;
}
