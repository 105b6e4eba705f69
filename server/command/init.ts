import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { installedFrom } from "./installed-from.ts";
import { makeStarter } from "./starter.ts";

/** The package's own folder, three above this one in the build. */
const fromPackage = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

const help = `
The project has a game, its page, a bot and a test; its README says what is where. It is yours: nothing in it
needs Tickcast's own repository.

Examples:
  $ tickcast init my-game
  $ tickcast init . --name my-game
`;

/** Adds `tickcast init` to the program. */
export function addInitCommand(program: Command): void {
  program
    .command("init")
    .description("make a new project: a small game with its page, a bot and a test")
    .argument("[folder]", "a new or empty folder", ".")
    .option("--name <name>", "the project's name (default: the folder's)")
    .addHelpText("after", help)
    .action((folder: string, { name }: { readonly name?: string }) => {
      const { version } = JSON.parse(readFileSync(fromPackage("package.json"), "utf8")) as {
        readonly version: string;
      };
      const made = makeStarter({ template: fromPackage("templates/starter"), folder, name, version });
      console.log(nextSteps(made.name, relative(".", made.folder), installedFrom(fromPackage(""))));
    });
}

function nextSteps(name: string, folder: string, packed: string | undefined): string {
  const quoted = (path: string): string => (/\s/.test(path) ? `"${path}"` : path);
  const steps = [
    ...(folder === "" ? [] : [`cd ${quoted(folder)}`]),
    `npm install${packed === undefined ? "" : ` ${quoted(packed)}`}`,
    "npm run dev    # then open http://127.0.0.1:3000 in two windows",
  ];
  return [
    `Made ${name} ${folder === "" ? "here" : `in ${folder}/`}: a small game, "meadow", to be changed into yours. Next:`,
    ...steps.map((step) => `  ${step}`),
  ].join("\n");
}
