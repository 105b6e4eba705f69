import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Command } from "commander";
import { matchmakingUrl, socketUrl } from "../client/connect-url.ts";
import { Complaint } from "../shared/complaint.ts";
import { NodeClock } from "../shared/platform/node-clock.ts";
import { builtInBot, loadBot } from "./load-bot.ts";
import { loadRecordedPlayers } from "./load-recording.ts";
import {
  addConditionOptions,
  type ConditionOptions,
  conditionsOf,
  duration,
} from "./network/condition-options.ts";
import { perSecond, seconds, wholeNumber } from "./option-values.ts";
import { progressLine } from "./progress-line.ts";
import { reportOf, type Verdict, verdictOf } from "./report.ts";
import { expectWritable, writeReport } from "./report-file.ts";
import { summaryOf } from "./summary.ts";
import { threadsFor } from "./swarm-plan.ts";
import { type SwarmOptions, type SwarmResult, SwarmRun } from "./swarm-run.ts";
import { openWorkerThread } from "./worker-thread.ts";

interface BotsOptions extends ConditionOptions {
  readonly url: string;
  readonly bots?: number;
  readonly seconds: number;
  readonly ramp: number;
  readonly threads?: number;
  readonly bot?: string;
  readonly recording?: string;
  readonly reconnect?: true;
  readonly maxSlip: number;
  readonly seed: number;
  readonly json?: string;
  readonly quiet?: true;
}

/** After being interrupted a shell expects 128 + the signal's number. */
const INTERRUPTED = { SIGINT: 130, SIGTERM: 143 } as const;

type InterruptSignal = keyof typeof INTERRUPTED;

/** Errors of bots that are shown in full: a fault of the behaviour strikes them all. */
const ERRORS_SHOWN = 3;

/** A machine that others use, too, takes its processor away for about as long. Players hardly notice. */
const MAX_SLIP_MS = 250;

/** As long as the SDK tries by default. */
const RETURN_WITHIN_MS = 60_000;

const help = `
The bots join one after the other; when the last has joined (or was refused) they play and are measured
for --seconds, then they leave. Latency is counted from the time at which a tick was intended, so a server
that falls behind cannot hide it; a bot's first tick is its warm-up. Where a room slips, which is to begin a
new schedule instead of catching up, every period that it skips counts as a tick that came with the next.
Missed ticks, slips, refusals and disconnects count over the whole run.

The exit code is 1 if a bot could not join, missed a tick, was disconnected or threw an error, if a room
slipped by more than --max-slip, or if ticks that were due for more than a second when the bots left had
not come. A run that Ctrl-C or SIGTERM ends before its --seconds are over shows what was measured so far and
exits with 130 or 143, or with 1 if something had failed by then.

With --latency, --jitter, --rate, --stall-* or --cut-every each bot plays through a bad network of its own, within
this process; who is cut returns. With --reconnect so does everybody who is lost, for as long as a page would try:
it shows what a restart or a drain of the server does to players. Latencies are those of the bots, the network's with them.

Examples:
  $ tickcast bots --url ws://127.0.0.1:3000/arena --bots 100
  $ tickcast bots --url https://play.example.com/join/arena --bots 100 --seconds 60 --reconnect
  $ tickcast bots --url ws://127.0.0.1:3000/arena --latency 75 --jitter 30 --stall-every 5s --stall-for 400ms
  $ tickcast bots --url ws://127.0.0.1:3000/arena --recording match.tickrec
  $ tickcast bots --url ws://127.0.0.1:3000/arena/k3x9 --bots 1000 --ramp 200/s --threads 4
  $ tickcast bots --url wss://play.example.com/chess --bot dist/chess-bot.js --seconds 60 --json result.json
`;

/** Adds `tickcast bots` to the program. */
export function addBotsCommand(program: Command): void {
  const command = program
    .command("bots")
    .description("let headless players join a room, play as the game's bots do, and measure what they get")
    .requiredOption(
      "-u, --url <url>",
      "address of the game, of one of its rooms, or of matchmaking (…/join/<game>)",
    )
    .option(
      "-b, --bots <number>",
      "how many players (default: 10, or as many as the recording has)",
      wholeNumber(1, 100_000),
    )
    .option("-s, --seconds <number>", "how long they play once all have joined", seconds, 10)
    .option("--ramp <rate>", "how many join in a second, like 50/s", perSecond, 100)
    .option(
      "--threads <number>",
      "worker threads (default: one for 250 bots, at most one a core)",
      wholeNumber(1, 256),
    )
    .option("--bot <file>", "compiled module that exports `bot` (default: the built-in game's)")
    .option(
      "--recording <file>",
      "do what its players did: their inputs, messages and requests, again and again",
    )
    .option("--reconnect", "who is lost returns to the seat, as a page does")
    .option(
      "--max-slip <time>",
      "how much a room may slip by in all, like 1s; 0 is nothing",
      duration,
      MAX_SLIP_MS,
    )
    .option("--seed <number>", "what the bots' chance derives from", wholeNumber(0, 0xffff_ffff), 1)
    .option("--json <file>", "write the figures to this file, too")
    .option("-q, --quiet", "neither progress nor summary; errors and the exit code remain");
  addConditionOptions(command).addHelpText("after", help).action(bots);
}

async function bots(options: BotsOptions): Promise<void> {
  const url = addressOf(options.url);
  const network = conditionsOf(options);
  if (options.json !== undefined) await expectWritable(options.json);
  const module =
    options.bot === undefined ? await builtInBot(gameOf(url)) : pathToFileURL(resolve(options.bot));
  // The threads load it again; a mistake is better met here, once and before they start.
  const { game } = await loadBot(module);
  const recording = options.recording === undefined ? undefined : resolve(options.recording);
  const players = recording === undefined ? 10 : (await loadRecordedPlayers(recording, game)).length;
  const count = options.bots ?? players;
  const { result, signal } = await run(
    {
      module: module.href,
      url,
      ...(recording !== undefined && { recording }),
      ...(options.reconnect && { returnWithinMs: RETURN_WITHIN_MS }),
      bots: count,
      seconds: options.seconds,
      rampPerSecond: options.ramp,
      threads: options.threads ?? threadsFor(count, availableParallelism()),
      seed: options.seed,
      maxSlipMs: options.maxSlip,
      network,
    },
    options.quiet === undefined,
  );
  const report = reportOf(result);
  if (!options.quiet) console.log(summaryOf(report, url, result.outcomes));
  if (options.json !== undefined) await writeReport(options.json, report);
  process.exitCode = exitCodeOf(verdictOf(report).outcome, signal);
}

interface Run {
  readonly result: SwarmResult;
  /** What interrupted it. */
  readonly signal: InterruptSignal | undefined;
}

/** Plays to the end, or to the first SIGINT or SIGTERM; a second one does not wait for the bots to leave. */
async function run(options: SwarmOptions, showsProgress: boolean): Promise<Run> {
  const clock = new NodeClock();
  const line = showsProgress ? progressLine(options, () => clock.now()) : undefined;
  let errors = 0;
  const swarm = new SwarmRun(
    options,
    { openThread: openWorkerThread, clock, cpuMs },
    {
      progressed: (phase, progress, playedSeconds) => line?.show(phase, progress, playedSeconds),
      failed(index, error) {
        errors += 1;
        if (errors > ERRORS_SHOWN) return;
        line?.clear();
        console.error(`bot${index === undefined ? "" : ` ${index}`} failed: ${error}`);
      },
    },
  );
  let signal: InterruptSignal | undefined;
  const interrupt = (its: InterruptSignal): void => {
    if (signal !== undefined) process.exit(INTERRUPTED[signal]);
    signal = its;
    swarm.stop();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  try {
    const result = await swarm.finished;
    return { result, signal };
  } finally {
    line?.clear();
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
}

/** A time limit that ends a run is no success, and whoever waits for the exit code is not to take it for one. */
function exitCodeOf(outcome: Verdict["outcome"], signal: InterruptSignal = "SIGINT"): number {
  switch (outcome) {
    case "ok":
      return 0;
    case "failed":
      return 1;
    case "interrupted":
      return INTERRUPTED[signal];
  }
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

function addressOf(written: string): string {
  try {
    return matchmakingUrl(written, undefined) ?? socketUrl(written, undefined);
  } catch (error) {
    throw error instanceof TypeError ? new Complaint(error.message) : error;
  }
}

function gameOf(url: string): string {
  const { pathname } = new URL(url);
  const game = (matchmakingUrl(url, undefined) ? pathname.split("/join/")[1] : pathname.slice(1))?.split(
    "/",
  )[0];
  if (!game) throw new Complaint(`${url} names no game: write it like ws://127.0.0.1:3000/arena.`);
  return game;
}
