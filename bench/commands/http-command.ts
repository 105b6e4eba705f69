import { type Command, Option } from "commander";
import { wholeNumber } from "../../bots/option-values.ts";
import { loadAutocannon } from "../load/autocannon.ts";
import { MIN_CONNECTIONS } from "../load/endpoints.ts";
import { numberBetween } from "../option-values.ts";
import { httpReport } from "../report/http-report.ts";
import { httpTerminalReport } from "../report/http-terminal.ts";
import { runHttp } from "../run/run-http.ts";
import { type HttpLoad, http, MAX_ROOMS } from "../scenarios/http.ts";
import { type CommonOptions, carryOut, withCommonOptions } from "./carry-out.ts";

/** Adds the HTTP scenario. */
export function addHttpCommand(bench: Command): void {
  const { rooms, players, seconds, connections } = http.defaults;
  const option = (flags: string, says: string, parse: (value: string) => number, usually: number): Option =>
    new Option(flags, says).argParser(parse).default(usually);
  const command = bench
    .command(http.name)
    .description(http.says)
    .addOption(option("--rooms <count>", "rooms that are played in", wholeNumber(1, MAX_ROOMS), rooms))
    .addOption(option("--players <count>", "players of each", wholeNumber(1, 100), players))
    .addOption(option("--seconds <time>", "of each of two windows", numberBetween(1, 3600), seconds))
    .addOption(
      option(
        "--connections <count>",
        "HTTP connections, all endpoints together",
        wholeNumber(MIN_CONNECTIONS, 1000),
        connections,
      ),
    );
  withCommonOptions(command)
    .addHelpText(
      "after",
      `
First the players play alone, then, on the same server, requests come as fast as they are answered; rooms are
made at a low rate, and go after a while without players. Needs autocannon.

Example:
  tickcast bench http --rooms 20 --players 4 --seconds 5 --connections 50 --json report.json`,
    )
    .action((options: HttpLoad & CommonOptions) => measureHttp(options));
}

async function measureHttp({ rooms, players, seconds, connections, ...common }: HttpLoad & CommonOptions) {
  // The load process needs it; here a person can still be told in a sentence.
  await loadAutocannon();
  await carryOut(common, async (environment) => {
    const run = await runHttp({ rooms, players, seconds, connections }, environment);
    return (machine) => {
      const report = httpReport(run, machine);
      return { report, shown: (paint) => httpTerminalReport(report, paint) };
    };
  });
}
