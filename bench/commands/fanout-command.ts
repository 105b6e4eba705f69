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
import type { FanoutScenario, Layout, Load, SystemName } from "../scenarios/scenario.ts";
import { type CommonOptions, carryOut, withTargets } from "./carry-out.ts";

interface FanoutOptions extends CommonOptions {
  readonly clients?: number;
  readonly rooms?: number;
  readonly players?: number;
  readonly hz?: number;
  readonly seconds?: number;
  readonly warmup?: number;
  readonly mirrors?: number;
  readonly repeat: number;
  readonly only?: readonly SystemName[];
  readonly layout?: Layout;
  readonly against?: readonly PeerName[];
}

/** Adds a scenario that is measured beside other systems. */
export function addFanoutCommand(bench: Command, scenario: FanoutScenario, as: { isDefault: boolean }): void {
  const { clients, rooms, hz, seconds, warmupSeconds, mirrors, layout } = scenario.defaults;
  const names = [...scenario.systems, ...scenario.beside];
  const command = bench
    .command(scenario.name, as)
    .description(`${scenario.says}; beside ${scenario.comparedWith}`);
  if (rooms === undefined)
    command.option(
      "--clients <count>",
      `connections, mirrors included (default: ${clients})`,
      wholeNumber(1, 50_000),
    );
  else
    command
      .option("--rooms <count>", `rooms that are played in (default: ${rooms})`, wholeNumber(1, 10_000))
      .option(
        "--players <count>",
        `connections of each room, mirrors included (default: ${clients / rooms})`,
        wholeNumber(1, 1000),
      );
  command
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
    .option(
      "--only <systems>",
      `some of ${names.join(", ")}: with a comma between them`,
      (list): SystemName[] => list.split(",").map((name) => oneOf("--only", names)(name)),
    );
  if (scenario.peers.length > 0) command.addOption(againstOption(scenario.peers));
  if (layout !== undefined)
    command.option(
      "--layout <name>",
      `uniform, or clustered: half of the players in 5 % of the area (default: ${layout})`,
      oneOf("--layout", ["uniform", "clustered"] as const),
    );
  const [few, many] =
    rooms === undefined ? ["--clients 200", "--clients 1000"] : ["--rooms 200 --players 4", "--rooms 1000"];
  withTargets(command)
    .addHelpText(
      "after",
      `
Latency counts from the time at which a tick was to begin, so whatever delays a tick shows.

Examples:
  tickcast bench ${scenario.name} ${few} --hz 20 --seconds 5 --json report.json
  tickcast bench ${scenario.name} ${many} --repeat 5        the median of five pairs${
    scenario.peers.length === 0
      ? ""
      : `
  tickcast bench ${scenario.name} --against ${scenario.peers.slice(0, 2).join(",")}            beside peers; "npm run bench:peers" installs them`
  }
  tickcast bench ${scenario.name} --only tickcast --profile out/   where the server's time goes`,
    )
    .action((options: FanoutOptions) => fanOut(scenario, options));
}

async function fanOut(scenario: FanoutScenario, options: FanoutOptions): Promise<void> {
  const load = loadOf(scenario, options);
  const asked = [...(options.against ?? []), ...(options.only ?? []).filter(isPeer)];
  const all = withPeers(scenario.systems, [...new Set(asked)]);
  expectInstalled(asked.map((name) => peers[name]));
  return carryOut(options, async (environment) => {
    const wanted = (system: SystemName): boolean => options.only?.includes(system) ?? true;
    const systems = all.filter(wanted);
    const beside = scenario.beside.filter(wanted);
    const runs = await runPairs(scenario, load, {
      systems: systems.length > 0 ? systems : beside,
      beside: systems.length > 0 ? beside : [],
      repeat: options.repeat,
      environment,
    });
    return (machine) => {
      const report = summarise(scenario, load, runs.pairs, runs.beside, machine);
      return { report, shown: (paint) => terminalReport(scenario, report, paint) };
    };
  });
}

function loadOf({ defaults }: FanoutScenario, options: FanoutOptions): Load {
  const rooms = defaults.rooms && (options.rooms ?? defaults.rooms);
  const players = options.players ?? defaults.clients / (defaults.rooms ?? 1);
  const load: Load = {
    clients: rooms === undefined ? (options.clients ?? defaults.clients) : rooms * players,
    ...(rooms !== undefined && { rooms }),
    hz: options.hz ?? defaults.hz,
    seconds: options.seconds ?? defaults.seconds,
    warmupSeconds: options.warmup ?? defaults.warmupSeconds,
    mirrors: options.mirrors ?? defaults.mirrors,
    ...(defaults.layout !== undefined && { layout: options.layout ?? defaults.layout }),
  };
  const timed = rooms ?? 1;
  if (load.mirrors > load.clients - timed)
    throw new Complaint(
      `of ${load.clients} clients ${load.mirrors} cannot be mirrors: at least one ${timed === 1 ? "" : "of each room "}has to be timed.`,
    );
  return load;
}
