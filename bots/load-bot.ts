import { stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Complaint } from "../shared/complaint.ts";
import type { BotDefinition } from "./define-bot.ts";

/** The games that come with Tickcast, beside this folder in the build. */
const GAMES = new URL("../games/", import.meta.url);

/**
 * The module of a built-in game's bot.
 *
 * @throws Complaint where there is none
 */
export async function builtInBot(game: string): Promise<URL> {
  const module = new URL(`${encodeURIComponent(game)}/bot.js`, GAMES);
  if (await isFile(module)) return module;
  throw new Complaint(
    `There are no bots for "${game}" among the games that come with Tickcast: ` +
      "pass --bot FILE, a compiled module that exports `bot`.",
  );
}

/**
 * Loads the bot that a module exports.
 *
 * @throws Complaint where it is missing or exports none
 */
export async function loadBot(module: URL): Promise<BotDefinition> {
  const file = fileURLToPath(module);
  if (!(await isFile(module)))
    throw new Complaint(`There is no file ${file}: name the compiled module that exports your bot.`);
  const { bot }: { bot?: unknown } = await import(module.href);
  if (!isBot(bot))
    throw new Complaint(
      `${file} exports no bot: write "export const bot = defineBot(yourGame, { … });" there.`,
    );
  return bot;
}

function isFile(url: URL): Promise<boolean> {
  return stat(url).then(
    (entry) => entry.isFile(),
    () => false,
  );
}

function isBot(value: unknown): value is BotDefinition {
  return typeof value === "object" && value !== null && "game" in value && "behaviour" in value;
}
