import { type Command, Option } from "commander";
import { wholeNumber } from "../../bots/option-values.ts";
import { Complaint } from "../../shared/complaint.ts";
import { numberBetween } from "../option-values.ts";
import { slowReadersReport } from "../report/slow-readers-report.ts";
import { slowReadersTerminalReport } from "../report/slow-readers-terminal.ts";
import { runSlowReaders } from "../run/run-slow-readers.ts";
import { type SlowReadersLoad, slowReaders } from "../scenarios/slow-readers.ts";
import { type CommonOptions, carryOut, withTargets } from "./carry-out.ts";

/** Adds the scenario of players who do not read. */
export function addSlowReadersCommand(bench: Command): void {
  const { clients, slow, mirrors, seconds, pairs } = slowReaders.defaults;
  const option = (flags: string, says: string, parse: (value: string) => number, usually: number): Option =>
    new Option(flags, says).argParser(parse).default(usually);
  const command = bench
    .command(slowReaders.name)
    .description(slowReaders.says)
    .addOption(option("--clients <count>", "all players", wholeNumber(2, 10_000), clients))
    .addOption(option("--slow <count>", "of these, who do not read at times", wholeNumber(1, 9_999), slow))
    .addOption(
      option("--mirrors <count>", "of the slow ones, clients of the real SDK", wholeNumber(0, 1000), mirrors),
    )
    .addOption(
      option(
        "--seconds <time>",
        "of each window; in the last one all read again",
        numberBetween(3, 15),
        seconds,
      ),
    )
    .addOption(option("--pairs <count>", "of windows with and without", wholeNumber(1, 100), pairs));
  withTargets(command)
    .addHelpText(
      "after",
      `
On one server, windows in which the slow players stop reading their sockets and windows in which everyone reads take
turns. What counts is the latency of the others, what the slow ones cost in memory, and how they come back.

Example:
  tickcast bench slow-readers --clients 500 --slow 100 --pairs 10 --json report.json`,
    )
    .action((options: SlowReadersLoad & CommonOptions) => measure(options));
}

async function measure({
  clients,
  slow,
  mirrors,
  seconds,
  pairs,
  ...common
}: SlowReadersLoad & CommonOptions) {
  if (slow >= clients)
    throw new Complaint(`of ${clients} players ${slow} cannot be slow: somebody has to be timed.`);
  if (mirrors > slow) throw new Complaint(`of ${slow} slow players ${mirrors} cannot be clients of the SDK.`);
  await carryOut(common, async (environment) => {
    const run = await runSlowReaders({ clients, slow, mirrors, seconds, pairs }, environment);
    return (machine) => {
      const report = slowReadersReport(run, machine);
      return { report, shown: (paint) => slowReadersTerminalReport(report, paint) };
    };
  });
}
