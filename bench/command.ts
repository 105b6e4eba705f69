import type { Command } from "commander";
import { addAllCommand } from "./commands/all-command.ts";
import { addCodecCommand } from "./commands/codec-command.ts";
import { addCompareCommand } from "./commands/compare-command.ts";
import { addDirectoryCommand } from "./commands/directory-command.ts";
import { addEchoCommand } from "./commands/echo-command.ts";
import { addFanoutCommand } from "./commands/fanout-command.ts";
import { addGameCommand } from "./commands/game-command.ts";
import { addGateCommand } from "./commands/gate-command.ts";
import { addHttpCommand } from "./commands/http-command.ts";
import { addJoinStormCommand } from "./commands/join-storm-command.ts";
import { addReconnectStormCommand } from "./commands/reconnect-storm-command.ts";
import { addSlowReadersCommand } from "./commands/slow-readers-command.ts";
import { addWorkersCommand } from "./commands/workers-command.ts";
import { scenarioNamed } from "./scenarios/catalogue.ts";
import { crowd } from "./scenarios/crowd.ts";
import { fanout } from "./scenarios/fanout.ts";
import { rooms } from "./scenarios/rooms.ts";

/** Adds `tickcast bench`, a command for each scenario. Exit code 1: a run failed, or did not come to its end. */
export function addBenchCommand(program: Command): void {
  const bench = program
    .command("bench")
    .description(
      "measure fan-out, interest and many rooms beside a bare server, round trips, or HTTP beside players",
    )
    .usage("[scenario] [options]")
    .addHelpText(
      "after",
      `
Each run has fresh processes: a server on one core, all clients on another. Without a scenario it is fanout.
"tickcast bench <scenario> --help" shows the options of one. "tickcast bench ./my-game.js" measures a game of your own.`,
    )
    .hook("preSubcommand", ({ args: [scenario] }) => {
      const isCommand = bench.commands.some((command) => command.name() === scenario);
      if (scenario !== undefined && !scenario.startsWith("-") && !isCommand) scenarioNamed(scenario);
    });
  addFanoutCommand(bench, fanout, { isDefault: true });
  addFanoutCommand(bench, crowd, { isDefault: false });
  addFanoutCommand(bench, rooms, { isDefault: false });
  addEchoCommand(bench);
  addHttpCommand(bench);
  addSlowReadersCommand(bench);
  addReconnectStormCommand(bench);
  addJoinStormCommand(bench);
  addGameCommand(bench);
  addCodecCommand(bench);
  addDirectoryCommand(bench);
  addWorkersCommand(bench);
  addAllCommand(bench);
  addCompareCommand(bench);
  addGateCommand(bench);
}
