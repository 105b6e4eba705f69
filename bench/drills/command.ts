import { type Command, InvalidArgumentError, Option } from "commander";
import { wholeNumber } from "../../bots/option-values.ts";
import { type CommonOptions, carryOut, withCommonOptions } from "../commands/carry-out.ts";
import { numberBetween } from "../option-values.ts";
import { machineLine } from "../report/machine.ts";
import { drills } from "./catalogue.ts";
import type { DrillEnvironment, Sizes } from "./drill.ts";
import { brokenReport, type DrillReport, drillReport, drillsReport, drillText } from "./report.ts";
import { drillsWith, refuseForeignSizes } from "./sizes.ts";

interface DrillOptions extends CommonOptions, Sizes {
  readonly short?: true;
}

const ALL = "all";
/** As tests in real time are: where others had the core, a short drill that failed is repeated so often at most. */
const SHORT_TRIES = 3;

/** Adds `tickcast drill`. Exit code 1: a bound was missed, or a drill did not come to its end. */
export function addDrillCommand(program: Command): void {
  const names = Object.keys(drills);
  const size = (name: keyof Sizes, value: string, parse: (value: string) => number): Option =>
    new Option(`--${name} <${value}>`, `of ${drillsWith[name].join(" and ")}`).argParser(parse);
  const command = program
    .command("drill")
    .description("let something go wrong on purpose, and see that it costs no more than it may")
    .argument(
      "<names...>",
      `${names.join(", ")}, or ${ALL}`,
      (name: string, before: string[] | undefined) => {
        if (name !== ALL && !(name in drills))
          throw new InvalidArgumentError(
            `There is no drill "${name}": it is one of ${names.join(", ")}, or ${ALL}.`,
          );
        return [...(before ?? []), name];
      },
    )
    .option("--short", "a few seconds of each, as in CI")
    .addOption(size("connections", "count", wholeNumber(1, 60_000)))
    .addOption(size("players", "count", wholeNumber(1, 10_000)))
    .addOption(size("minutes", "time", numberBetween(0.1, 1_440)))
    .addOption(size("messages", "count", wholeNumber(100, 100_000_000)))
    .addOption(size("seed", "number", wholeNumber(0, 2 ** 32 - 1)));
  withCommonOptions(command)
    .addHelpText(
      "after",
      `
Each drill has fresh processes: a server on one core, all others on another. It says what was measured and what it was
to be. Exit code 1: a bound was missed, or a drill did not come to its end.

Examples:
  tickcast drill connect-storm
  tickcast drill soak --minutes 60 --json soak.json
  tickcast drill all --short`,
    )
    .action((asked: string[], options: DrillOptions) => carryOutDrills(asked, options));
}

async function carryOutDrills(asked: readonly string[], options: DrillOptions): Promise<void> {
  const names = asked.includes(ALL) ? Object.keys(drills) : asked;
  refuseForeignSizes(names, options);
  await carryOut(options, async (run) => {
    const environment: DrillEnvironment = {
      ...run,
      extent: options.short ? "short" : "full",
      sizes: options,
    };
    const reports: DrillReport[] = [];
    for (const name of names) {
      const progress = (says: string): void => run.progress(`${name}: ${says}`);
      reports.push(await carryOutOne(name, { ...environment, progress }));
    }
    return (machine) => {
      const report = drillsReport(machine, reports);
      const lines = (paint: Parameters<typeof drillText>[1]): string =>
        ["", paint("dim", machineLine(machine)), ...reports.map((each) => drillText(each, paint)), ""].join(
          "\n",
        );
      return { report, shown: lines };
    };
  });
}

async function carryOutOne(name: string, environment: DrillEnvironment): Promise<DrillReport> {
  const tries = environment.extent === "short" ? SHORT_TRIES : 1;
  let report = await attempt(name, environment);
  const isToRepeat = ({ failures, unjudged, doubts }: DrillReport): boolean =>
    doubts.length > 0 && failures.length + unjudged.length > 0;
  for (let again = 1; again < tries && isToRepeat(report); again++) report = await attempt(name, environment);
  return report;
}

/** What goes wrong in one drill is no reason to leave out the others; an interruption is. */
async function attempt(name: string, environment: DrillEnvironment): Promise<DrillReport> {
  const { extent, signal } = environment;
  const beganAt = performance.now();
  const seconds = (): number => (performance.now() - beganAt) / 1000;
  try {
    const drill = await drills[name]?.();
    if (drill === undefined) throw new Error(`there is no drill "${name}"`);
    const findings = await drill.run(environment);
    return drillReport(name, extent, seconds(), findings);
  } catch (error) {
    signal.throwIfAborted();
    return brokenReport(name, extent, seconds(), error instanceof Error ? error.message : String(error));
  }
}
