/** `npm run simulate`: plays whole games in memory, each from a seed, until one breaks a promise. */
import { availableParallelism } from "node:os";
import { SingleBar } from "cli-progress";
import { Command, Option } from "commander";
import { seconds, wholeNumber } from "../../bots/option-values.ts";
import { missingFrom } from "./due-coverage.ts";
import { failureText } from "./failure-text.ts";
import { SeedRun } from "./seed-run.ts";
import { WORLDS, type World } from "./simulate.ts";

interface Options {
  readonly seeds: number;
  readonly seed?: number;
  readonly first: number;
  readonly minutes?: number;
  readonly ticks: number;
  readonly players: number;
  readonly world?: World;
  readonly processes: number;
}

const LARGEST_SEED = 2 ** 32 - 1;
const LEAST_FOR_COVERAGE = 100;
/** Where there is no terminal, a line now and then. */
const PLAIN_LINE_EVERY_MS = 10_000;

const help = `
Server, SDK clients and the links between them run in memory, on a clock moved by hand, and everything that could be
otherwise is drawn from the seed. After every closed tick of every client its mirror is held against what that tick
committed in the player's sight; events, messages and requests are counted over all connections of a stay; at the end
nothing may be left. The run fails, too, where a change of state, a cause of a resync or a kind of fault never occurred.

The worlds: a pasture, one room with one of everything that crosses the wire and all faults of lines; and a town, several
games with matchmaking, game code that throws, processes that pause, crash, stop and drain, and a store that is slow, fails,
is down, loses what was under way, and holds older checkpoints and foreign ones.

Examples:
  $ npm run simulate -- --seeds 10000
  $ npm run simulate -- --seed 7            the same again, to the byte: it prints a digest
  $ npm run simulate -- --minutes 30 --first 100000
`;

await new Command("simulate")
  .description("play whole games in simulated time, each from a seed, and check what is promised")
  .option("--seeds <number>", "how many", wholeNumber(1, 10_000_000), 1_000)
  .option("--seed <number>", "this one alone", wholeNumber(0, LARGEST_SEED))
  .option("--first <number>", "the first seed", wholeNumber(0, LARGEST_SEED), 1)
  .option("--minutes <time>", "as many seeds as can be begun in this time, in place of --seeds", seconds)
  .option("--ticks <number>", "of each seed", wholeNumber(1, 100_000), 400)
  .option("--players <number>", "at once, in each seed", wholeNumber(1, 100), 8)
  .addOption(
    new Option(
      "--world <name>",
      "where all seeds play (default: of three seeds one in the pasture, two in the town)",
    ).choices(WORLDS),
  )
  .option("--processes <number>", "to play on", wholeNumber(1, 64), availableParallelism())
  .addHelpText("after", help)
  .action(async (options: Options) => {
    const { seed, minutes, ticks, players, world, processes } = options;
    const endsAt = minutes === undefined ? undefined : performance.now() + minutes * 60_000;
    const total = seed === undefined ? options.seeds : 1;
    const progress = endsAt === undefined ? progressOf(total) : progressOf(undefined);
    const played = { ticks, players, ...(world !== undefined && { world }) };
    const run = new SeedRun({
      seeds: seedsOf(options, endsAt),
      options: played,
      processes: Math.min(processes, endsAt === undefined ? total : processes),
      onDone: (count) => progress.show(count),
    });
    process.once("SIGINT", () => run.stop());
    const began = performance.now();
    const { played: count, coverage, trace, failed } = await run.play();
    progress.clear();
    const took = (performance.now() - began) / 1000;
    console.info(`${count} seeds in ${took.toFixed(0)} s, ${ticks} ticks and ${players} players each`);
    console.info(coverage.table());
    if (seed !== undefined) console.info(`digest       ${trace}`);
    if (failed !== undefined) {
      console.error(failureText(failed, played));
      process.exitCode = 1;
      return;
    }
    // One world alone tries a part of it, and few seeds cannot try all.
    const missing = count < LEAST_FOR_COVERAGE || world !== undefined ? [] : missingFrom(coverage, count);
    for (const what of missing) console.error(`never occurred: ${what}`);
    if (missing.length > 0) process.exitCode = 1;
  })
  .parseAsync();

function* seedsOf({ seed, seeds, first }: Options, endsAt: number | undefined): Generator<number> {
  if (seed !== undefined) yield seed;
  else if (endsAt === undefined) for (let n = 0; n < seeds; n++) yield first + n;
  else for (let n = first; performance.now() < endsAt; n++) yield n;
}

/** @param total `undefined` where it is not known beforehand */
function progressOf(total: number | undefined): { show(played: number): void; clear(): void } {
  if (!process.stderr.isTTY || total === undefined) {
    let nextAt = performance.now() + PLAIN_LINE_EVERY_MS;
    return {
      show(played) {
        if (performance.now() < nextAt) return;
        nextAt = performance.now() + PLAIN_LINE_EVERY_MS;
        console.error(total === undefined ? `${played} seeds` : `${played} of ${total} seeds`);
      },
      clear() {},
    };
  }
  const bar = new SingleBar({
    stream: process.stderr,
    format: "{bar} {value} of {total} seeds, {eta_formatted} to go",
    barsize: 24,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    hideCursor: true,
    clearOnComplete: true,
    gracefulExit: false,
  });
  bar.start(total, 0);
  return { show: (played) => bar.update(played), clear: () => bar.stop() };
}
