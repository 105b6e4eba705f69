import { stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { BotDefinition } from "../../bots/define-bot.ts";
import type { RoomDefinition } from "../../server/room/define-room.ts";
import { Complaint } from "../../shared/complaint.ts";

/** Where a game's room and its bot are exported: one module, or two. */
export interface GameModules {
  readonly room: URL;
  readonly bot: URL;
}

export interface LoadedGame {
  readonly room: RoomDefinition;
  readonly bot: BotDefinition;
}

type Exports = Readonly<Record<string, unknown>>;

/**
 * Loads a game's room and how its bots play.
 *
 * @throws Complaint that says what is missing, and how it is written
 */
export async function loadGame({ room: roomModule, bot: botModule }: GameModules): Promise<LoadedGame> {
  const room = roomOf(await exportsOf(roomModule), fileURLToPath(roomModule));
  const bot = botOf(await exportsOf(botModule), fileURLToPath(botModule));
  if (bot.game.hash !== room.game.hash)
    throw new Complaint(
      `the bot plays another game than the room: "${bot.game.spec.name}" in ${fileURLToPath(botModule)}, ` +
        `"${room.game.spec.name}" in ${fileURLToPath(roomModule)}; make both from one defineGame.`,
    );
  return { room, bot };
}

async function exportsOf(module: URL): Promise<Exports> {
  const file = fileURLToPath(module);
  const isFile = await stat(module).then(
    (entry) => entry.isFile(),
    () => false,
  );
  if (!isFile) throw new Complaint(`there is no file ${file}: name the module that exports your room.`);
  try {
    return (await import(module.href)) as Exports;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Complaint(
      /\.[cm]?tsx?$/.test(file)
        ? `${file} cannot be loaded as it is: compile it, and name the JavaScript file (${why}).`
        : `${file} cannot be loaded: ${why}`,
    );
  }
}

/** The one room that a module exports, or the one it calls `room`. */
function roomOf(exports: Exports, file: string): RoomDefinition {
  const found = Object.entries(exports).filter((entry): entry is [string, RoomDefinition] =>
    isRoom(entry[1]),
  );
  const [first] = found;
  if (first === undefined)
    throw new Complaint(
      `${file} exports no room: write "export const room = defineRoom(yourGame, { … });" there.`,
    );
  const [, room] = found.find(([name]) => name === "room") ?? first;
  if (found.length > 1 && exports.room !== room)
    throw new Complaint(
      `${file} exports several rooms (${found.map(([name]) => name).join(", ")}): export the one to measure as "room".`,
    );
  return room;
}

function botOf({ bot }: Exports, file: string): BotDefinition {
  if (!isBot(bot))
    throw new Complaint(
      `${file} exports no bot: write "export const bot = defineBot(yourGame, { … });" there, or name its module with --bot.`,
    );
  return bot;
}

// By their shape: the module may have a copy of Tickcast of its own.
function isRoom(value: unknown): value is RoomDefinition {
  return isGameWith(value, "config");
}

function isBot(value: unknown): value is BotDefinition {
  return isGameWith(value, "behaviour");
}

function isGameWith(value: unknown, part: string): boolean {
  if (typeof value !== "object" || value === null || !(part in value) || !("game" in value)) return false;
  const { game } = value;
  return typeof game === "object" && game !== null && "spec" in game && "hash" in game;
}
