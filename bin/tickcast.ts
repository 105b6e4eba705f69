#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { addBenchCommand } from "../bench/command.ts";
import { addDrillCommand } from "../bench/drills/command.ts";
import { withGameCommand } from "../bench/game/module-word.ts";
import { addBotsCommand } from "../bots/command.ts";
import { addProxyCommand } from "../bots/network/command.ts";
import { addDevCommand } from "../server/command/dev.ts";
import { addInitCommand } from "../server/command/init.ts";
import { addStartCommand } from "../server/command/start.ts";
import { addReplayCommand } from "../server/recording/command.ts";
import { Complaint } from "../shared/complaint.ts";

/** From `dist/bin`. */
const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  readonly version: string;
};

const program = new Command("tickcast")
  .description("Multiplayer game server for TypeScript: serve games, run bot swarms, measure fan-out.")
  .version(version, "-V, --version", "say the version, and end")
  .showHelpAfterError("(add --help for all options)");

addInitCommand(program);
addStartCommand(program);
addDevCommand(program);
addBotsCommand(program);
addProxyCommand(program);
addBenchCommand(program);
addReplayCommand(program);
addDrillCommand(program);

program.parseAsync(withGameCommand(process.argv)).catch((error: unknown) => {
  console.error(error instanceof Complaint ? `tickcast: ${error.message}` : error);
  process.exitCode = 1;
});
