import { type Command, Option } from "commander";
import { wholeNumber } from "../../bots/option-values.ts";
import { numberBetween } from "../option-values.ts";
import { reconnectStormReport } from "../report/reconnect-storm-report.ts";
import { reconnectStormTerminalReport } from "../report/reconnect-storm-terminal.ts";
import { runReconnectStorm } from "../run/run-reconnect-storm.ts";
import { type ReconnectStormLoad, reconnectStorm } from "../scenarios/reconnect-storm.ts";
import { type CommonOptions, carryOut, withTargets } from "./carry-out.ts";

/** Adds the scenario of cut connections. */
export function addReconnectStormCommand(bench: Command): void {
  const { clients, seconds, cuts } = reconnectStorm.defaults;
  const option = (flags: string, says: string, parse: (value: string) => number, usually: number): Option =>
    new Option(flags, says).argParser(parse).default(usually);
  const command = bench
    .command(reconnectStorm.name)
    .description(reconnectStorm.says)
    .addOption(option("--clients <count>", "clients of the real SDK", wholeNumber(1, 1000), clients))
    .addOption(option("--seconds <time>", "of the storm", numberBetween(1, 3600), seconds))
    .addOption(
      option("--cuts <count>", "of all connections, evenly over that time", wholeNumber(0, 1000), cuts),
    );
  withTargets(command)
    .addHelpText(
      "after",
      `
The connections of all clients are cut at once, in turn by the clients, which destroy their TCP sockets, and by the
server. Everything that is told and said is numbered, and counted at both ends.

Example:
  tickcast bench reconnect-storm --clients 100 --cuts 10 --seconds 60 --json report.json`,
    )
    .action((options: ReconnectStormLoad & CommonOptions) => measure(options));
}

async function measure({
  clients,
  seconds,
  cuts,
  ...common
}: ReconnectStormLoad & CommonOptions): Promise<void> {
  await carryOut(common, async (environment) => {
    const run = await runReconnectStorm({ clients, seconds, cuts }, environment);
    return (machine) => {
      const report = reconnectStormReport(run, machine);
      return { report, shown: (paint) => reconnectStormTerminalReport(report, paint) };
    };
  });
}
