import { type Command, Option } from "commander";
import { wholeNumber } from "../../bots/option-values.ts";
import { oneOf } from "../../server/command/option-values.ts";
import { Complaint } from "../../shared/complaint.ts";
import { numberBetween } from "../option-values.ts";
import { againstOption, withPeers } from "../peers/against-option.ts";
import { expectInstalled } from "../peers/installed.ts";
import { isPeer, type PeerName, peers } from "../peers/peers.ts";
import { summarise } from "../report/summarise.ts";
import { terminalReport } from "../report/terminal.ts";
import { runPairs } from "../run/run-pairs.ts";
import type { FanoutScenario, Load, SystemName } from "../scenarios/scenario.ts";
import { systemNames } from "../systems/systems.ts";
import { type CommonOptions, carryOut, withCommonOptions } from "./carry-out.ts";

interface FanoutOptions extends CommonOptions {
  readonly clients?: number;
  readonly hz?: number;
  readonly seconds?: number;
  readonly warmup?: number;
  readonly mirrors?: number;
  readonly repeat: number;
  readonly only?: SystemName;
  readonly against: readonly PeerName[];
}

/** Adds a scenario that is measured beside other systems. */
export function addFanoutCommand(bench: Command, scenario: FanoutScenario, as: { isDefault: boolean }): void {
  const { clients, hz, seconds, warmupSeconds, mirrors } = scenario.defaults;
  const command = bench
    .command(scenario.name, as)
    .description(`${scenario.says}; beside a bare uWebSockets server that sends the same bytes`)
    .option(
      "--clients <count>",
      `connections, mirrors included (default: ${clients})`,
      wholeNumber(1, 50_000),
    )
    .option("--hz <rate>", `ticks a second (default: ${hz})`, wholeNumber(1, 240))
    .option("--seconds <time>", `what is measured (default: ${seconds})`, numberBetween(0.1, 3600))
    .option(
      "--warmup <seconds>",
      `thrown away before that (default: ${warmupSeconds})`,
      numberBetween(0, 600),
    )
    .option(
      "--mirrors <count>",
      `clients of the real SDK, which compare their state (default: ${mirrors})`,
      wholeNumber(0, 1000),
    )
    .addOption(
      new Option("--repeat <pairs>", "runs the systems in turn so often and reports the median of the ratios")
        .argParser(wholeNumber(1, 100))
        .default(1),
    )
    .addOption(againstOption())
    .option("--only <system>", "one system alone, a peer or not", oneOf("--only", systemNames));
  withCommonOptions(command)
    .addHelpText(
      "after",
      `
Latency counts from the time at which a tick was to begin, so whatever delays a tick shows.

Examples:
  tickcast bench fanout --clients 200 --hz 20 --seconds 5 --json report.json
  tickcast bench fanout --clients 1000 --repeat 5        the median of five pairs
  tickcast bench fanout --against ws,socketio            beside peers; "npm run bench:peers" installs them
  tickcast bench fanout --only tickcast --profile out/   where the server's time goes`,
    )
    .action((options: FanoutOptions) => fanOut(scenario, options));
}

async function fanOut(scenario: FanoutScenario, options: FanoutOptions): Promise<void> {
  const load = loadOf(scenario, options);
  const { only, against } = options;
  const systems = only === undefined ? withPeers(scenario.systems, against) : [only];
  expectInstalled(systems.flatMap((system) => (isPeer(system) ? [peers[system]] : [])));
  return carryOut(options, async (environment) => {
    const pairs = await runPairs(scenario, load, {
      systems,
      repeat: options.repeat,
      environment,
    });
    return (machine) => {
      const report = summarise(scenario, load, pairs, machine);
      return { report, shown: (paint) => terminalReport(scenario, report, paint) };
    };
  });
}

function loadOf({ defaults }: FanoutScenario, options: FanoutOptions): Load {
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
