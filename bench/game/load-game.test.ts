import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadGame } from "./load-game.ts";
import { withGameCommand } from "./module-word.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tickcast-game-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let written = 0;
async function moduleOf(source: string, ending = "mjs"): Promise<URL> {
  written += 1;
  const file = join(folder, `${written}.${ending}`);
  await writeFile(file, source);
  return pathToFileURL(file);
}

const game = (name: string): string => `{ spec: { name: "${name}", tickRate: 20 }, hash: "${name}" }`;
const room = (name: string): string => `{ game: ${game(name)}, config: {} }`;
const bot = (name: string): string => `{ game: ${game(name)}, behaviour: {} }`;

const loaded = async (source: string, ending?: string) => {
  const module = await moduleOf(source, ending);
  return loadGame({ room: module, bot: module });
};

describe("a game of one's own", () => {
  test("[BEN-89] is the one room that a module exports, or the one called room", async () => {
    const one = await loaded(`export const meadow = ${room("meadow")}; export const bot = ${bot("meadow")};`);
    expect([one.room.game.spec.name, one.bot.game.spec.name]).toEqual(["meadow", "meadow"]);
    const named = await loaded(
      `export const a = ${room("a")}; export const room = ${room("b")}; export const bot = ${bot("b")};`,
    );
    expect(named.room.game.spec.name).toBe("b");
  });

  test.each([
    [
      "exports nothing of use",
      "export const x = 1;",
      /exports no room: write "export const room = defineRoom/,
    ],
    [
      "exports two rooms",
      `export const a = ${room("a")}; export const b = ${room("b")};`,
      /several rooms \(a, b\)/,
    ],
    [
      "exports no bot",
      `export const room = ${room("a")};`,
      /exports no bot: write .* or name its module with --bot/,
    ],
    [
      "has a bot of another game",
      `export const room = ${room("a")}; export const bot = ${bot("b")};`,
      /another game than the room: "b" in .* "a" in/,
    ],
    ["throws", "throw new Error('no database');", /cannot be loaded: no database/],
  ])("[BEN-89] a module that %s is told in a sentence", async (_name, source, sentence) => {
    await expect(loaded(source)).rejects.toThrow(sentence);
  });

  test("[BEN-89] a file that is not there is told in a sentence", async () => {
    const none = pathToFileURL(join(folder, "none.mjs"));
    await expect(loadGame({ room: none, bot: none })).rejects.toThrow(/there is no file .*none\.mjs/);
  });

  test("[BEN-89] a path behind bench is a game, a name is a scenario", () => {
    const words = (...rest: readonly string[]) =>
      withGameCommand(["node", "tickcast", ...rest])
        .slice(2)
        .join(" ");
    expect(words("bench", "./game.js", "--clients", "5")).toBe("bench game ./game.js --clients 5");
    expect(words("bench", "game.mjs")).toBe("bench game game.mjs");
    expect(words("bench", "dist/game")).toBe("bench game dist/game");
    for (const same of [
      "bench",
      "bench fanout",
      "bench --json out/a.js",
      "bench game ./x.js",
      "start ./game.js",
    ])
      expect(words(...same.split(" "))).toBe(same);
  });
});
