import { type Command, Option } from "commander";
import { wholeNumber } from "../../bots/option-values.ts";
import { numberBetween } from "../option-values.ts";
import { echoReport } from "../report/echo-report.ts";
import { echoTerminalReport } from "../report/echo-terminal.ts";
import { runEcho } from "../run/run-echo.ts";
import { type EchoLoad, echo } from "../scenarios/echo.ts";
import { type CommonOptions, carryOut, withTargets } from "./carry-out.ts";

/** Adds the echo scenario. */
export function addEchoCommand(bench: Command): void {
  const { clients, hz, rate, seconds } = echo.defaults;
  const option = (flags: string, says: string, parse: (value: string) => number, usually: number): Option =>
    new Option(flags, says).argParser(parse).default(usually);
  const command = bench
    .command(echo.name)
    .description(echo.says)
    .addOption(option("--clients <count>", "connections", wholeNumber(1, 10_000), clients))
    .addOption(option("--hz <rate>", "ticks a second", wholeNumber(1, 240), hz))
    .addOption(
      option(
        "--rate <count>",
        "requests of each client a second, and as many pings",
        wholeNumber(1, 100),
        rate,
      ),
    )
    .addOption(option("--seconds <time>", "what is measured", numberBetween(0.1, 3600), seconds));
  withTargets(command)
    .addHelpText(
      "after",
      `
A request waits for the room's next tick, so its p50 is about half a period; a ping does not wait. Nobody waits
for an answer before asking again.

Example:
  tickcast bench echo --clients 100 --hz 20 --seconds 5 --json report.json`,
    )
    .action((options: EchoLoad & CommonOptions) => {
      const { clients, hz, rate, seconds, ...common } = options;
      return carryOut(common, async (environment) => {
        const run = await runEcho({ clients, hz, rate, seconds }, environment);
        return (machine) => {
          const report = echoReport(run, machine);
          return { report, shown: (paint) => echoTerminalReport(report, paint) };
        };
      });
    });
}
