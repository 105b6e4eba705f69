import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Command, Option } from "commander";
import { loadRecordedPlayers } from "../../bots/load-recording.ts";
import { wholeNumber } from "../../bots/option-values.ts";
import { loadGame } from "../game/load-game.ts";
import { GAME_COMMAND } from "../game/module-word.ts";
import { runGame } from "../game/run-game.ts";
import { numberBetween } from "../option-values.ts";
import { summarise } from "../report/summarise.ts";
import { terminalReport } from "../report/terminal.ts";
import type { RawRun } from "../run/run-system.ts";
import type { Load } from "../scenarios/scenario.ts";
import { type CommonOptions, carryOut, withCommonOptions } from "./carry-out.ts";

interface GameOptions extends CommonOptions {
  readonly bot?: string;
  readonly recording?: string;
  readonly clients: number;
  readonly seconds: number;
  readonly warmup: number;
  readonly repeat: number;
  readonly seed: number;
}

/** The SDK does not see frames as they are on the wire. */
const BYTES_REMARK = "bytes are those of messages, without WebSocket headers";

/** Adds the measurement of a game of one's own. */
export function addGameCommand(bench: Command): void {
  const command = bench
    .command(`${GAME_COMMAND} <module>`)
    .description("measure fan-out of a game of your own, played by its bots")
    .option("--bot <file>", "the module that exports `bot`, where it is another")
    .option(
      "--recording <file>",
      "let the bots do what a recording's players did, instead of what they do by themselves",
    )
    .addOption(
      new Option("--clients <count>", "bots, each a whole SDK").argParser(wholeNumber(1, 10_000)).default(50),
    )
    .addOption(
      new Option("--seconds <time>", "what is measured").argParser(numberBetween(0.1, 3600)).default(5),
    )
    .addOption(
      new Option("--warmup <seconds>", "thrown away before that").argParser(numberBetween(0, 600)).default(2),
    )
    .addOption(
      new Option("--repeat <runs>", "reports the median of so many")
        .argParser(wholeNumber(1, 100))
        .default(1),
    )
    .addOption(
      new Option("--seed <number>", "what the bots' chance derives from")
        .argParser(wholeNumber(0, 0xffff_ffff))
        .default(1),
    );
  withCommonOptions(command)
    .addHelpText(
      "after",
      `
The module is compiled JavaScript that exports a room and a bot:
  export const room = defineRoom(myGame, { … });    from "tickcast/server"
  export const bot = defineBot(myGame, { … });      from "tickcast/bots"

Rooms are made by matchmaking, as many as the bots need. Latency counts from the time at which a tick was to begin to
when it has closed at a bot; bots of the SDK decode every frame, so a core carries fewer of them than of the lean clients
of "fanout". The JSON has the same shape, so "bench compare" compares two of them.

Examples:
  tickcast bench ./dist/my-game.js --clients 100
  tickcast bench ./dist/room.js --bot ./dist/bot.js --recording match.tickrec
  tickcast bench ./dist/room.js --bot ./dist/bot.js --repeat 5 --json before.json`,
    )
    .action((module: string, options: GameOptions) => measureGame(module, options));
}

async function measureGame(module: string, options: GameOptions): Promise<void> {
  const room = pathToFileURL(resolve(module));
  const modules = { room, bot: options.bot === undefined ? room : pathToFileURL(resolve(options.bot)) };
  // The processes load it again; a mistake is better met here.
  const { room: definition } = await loadGame(modules);
  const recording = options.recording === undefined ? undefined : resolve(options.recording);
  if (recording !== undefined) await loadRecordedPlayers(recording, definition.game);
  const { name, tickRate } = definition.game.spec;
  const load: Load = {
    clients: options.clients,
    hz: tickRate,
    seconds: options.seconds,
    warmupSeconds: options.warmup,
    mirrors: 0,
  };
  await carryOut(options, async (environment) => {
    const runs: RawRun[][] = [];
    for (let run = 1; run <= options.repeat; run++) {
      const progress = (says: string): void =>
        environment.progress(options.repeat === 1 ? says : `run ${run} of ${options.repeat}, ${says}`);
      runs.push([await runGame({ ...modules, recording }, load, options.seed, { ...environment, progress })]);
    }
    return (machine) => {
      const scenario = {
        name: GAME_COMMAND,
        says: `${name}, played by ${recording === undefined ? "its own bots" : "the players of a recording"}`,
        targets: [],
      };
      const summary = summarise(scenario, load, runs, [], machine);
      const systems = summary.systems.map((system) => ({ ...system, remarks: [BYTES_REMARK] }));
      const report = { ...summary, systems, game: name };
      return { report, shown: (paint) => terminalReport(scenario, report, paint) };
    };
  });
}
