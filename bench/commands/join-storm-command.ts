import { type Command, Option } from "commander";
import { wholeNumber } from "../../bots/option-values.ts";
import { numberBetween } from "../option-values.ts";
import { joinStormReport } from "../report/join-storm-report.ts";
import { joinStormTerminalReport } from "../report/join-storm-terminal.ts";
import { runJoinStorm } from "../run/run-join-storm.ts";
import { type JoinStormLoad, joinStorm, MAX_JOINERS } from "../scenarios/join-storm.ts";
import { type CommonOptions, carryOut, withTargets } from "./carry-out.ts";

/** Adds the scenario of a storm of joins. */
export function addJoinStormCommand(bench: Command): void {
  const { clients, joiners, seconds } = joinStorm.defaults;
  const option = (flags: string, says: string, parse: (value: string) => number, usually: number): Option =>
    new Option(flags, says).argParser(parse).default(usually);
  const command = bench
    .command(joinStorm.name)
    .description(joinStorm.says)
    .addOption(option("--clients <count>", "players who are there", wholeNumber(1, 10_000), clients))
    .addOption(option("--joiners <count>", "who join within a second", wholeNumber(1, MAX_JOINERS), joiners))
    .addOption(option("--seconds <time>", "of each of two windows", numberBetween(2, 60), seconds));
  withTargets(command)
    .addHelpText(
      "after",
      `
First a quiet window, then one that begins with the storm. What counts is that ticks stay punctual for those who are
there, and that however many join, a stream's keyframe is encoded once a tick.

Example:
  tickcast bench join-storm --clients 200 --joiners 1000 --json report.json`,
    )
    .action((options: JoinStormLoad & CommonOptions) => measure(options));
}

async function measure({
  clients,
  joiners,
  seconds,
  ...common
}: JoinStormLoad & CommonOptions): Promise<void> {
  await carryOut(common, async (environment) => {
    const run = await runJoinStorm({ clients, joiners, seconds }, environment);
    return (machine) => {
      const report = joinStormReport(run, machine);
      return { report, shown: (paint) => joinStormTerminalReport(report, paint) };
    };
  });
}
