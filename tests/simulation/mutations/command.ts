/** `npm run simulate:mutations`: breaks a copy of the source in one way after the other, and looks whether it shows. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { wholeNumber } from "../../../bots/option-values.ts";
import { type Mutation, mutations } from "./mutations.ts";

interface Options {
  readonly seeds: number;
  readonly only?: string;
}

const REPOSITORY = fileURLToPath(new URL("../../../../", import.meta.url));
/** What the simulation is built of, and what was built of it: only what changes is built again. */
const COPIED = ["shared", "server", "client", "bots", "tests/kit", "tests/simulation", "dist"];
const COPIED_FILES = ["package.json", "tsconfig.base.json"];
/** Where a line is taken out something may be left that is not used any more; that is no reason not to build. */
const UNUSED = /("noUnused(?:Locals|Parameters)": )true/g;
const FOUND = /seed (\d+) breaks what is promised/;
/** A mutation may well lead to a world that never ends. */
const WITHIN_MS = 15 * 60_000;

await new Command("simulate:mutations")
  .description("break a copy of the source in known ways, and look whether the simulation finds each")
  .option("--seeds <number>", "within which each is to be found", wholeNumber(1, 10_000_000), 10_000)
  .option("--only <words>", "mutations whose sentence has these words")
  .action(({ seeds, only }: Options) => {
    const chosen = mutations.filter(({ says }) => only === undefined || says.includes(only));
    if (chosen.length === 0) throw new Error(`no mutation says "${only}"`);
    const copy = mkdtempSync(join(tmpdir(), "tickcast-mutations-"));
    try {
      for (const folder of COPIED) cpSync(join(REPOSITORY, folder), join(copy, folder), { recursive: true });
      for (const file of COPIED_FILES)
        writeFileSync(
          join(copy, file),
          readFileSync(join(REPOSITORY, file), "utf8").replace(UNUSED, "$1false"),
        );
      symlinkSync(join(REPOSITORY, "node_modules"), join(copy, "node_modules"));
      const missed = chosen.filter((mutation) => !isFound(copy, mutation, seeds));
      console.info(`${chosen.length - missed.length} of ${chosen.length} found`);
      if (missed.length > 0) process.exitCode = 1;
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  })
  .parseAsync();

function isFound(copy: string, { world, says, file, find, replace }: Mutation, seeds: number): boolean {
  const path = join(copy, file);
  const source = readFileSync(path, "utf8");
  const places = source.split(find).length - 1;
  if (places !== 1)
    throw new Error(`"${says}" fits ${places} places of ${file}: its text is to be brought up to date`);
  writeFileSync(
    path,
    source.replace(find, () => replace),
  );
  try {
    const built = run(copy, join(copy, "node_modules/typescript/bin/tsc"), ["-b", "tests/simulation"]);
    if (built.code !== 0) throw new Error(`"${says}" does not build:\n${built.output}`);
    const began = performance.now();
    const played = run(copy, join(copy, "dist/tests/simulation/command.js"), [
      "--seeds",
      String(seeds),
      ...(world === undefined ? [] : ["--world", world]),
    ]);
    const took = `${((performance.now() - began) / 1000).toFixed(0)} s`;
    const seed = FOUND.exec(played.output)?.[1];
    const broke = seed === undefined && played.code !== 0;
    if (broke) console.info(`found, since the run broke   ${took.padStart(6)}   ${says}`);
    else if (seed === undefined) console.info(`NOT FOUND by ${seeds} seeds   ${took.padStart(6)}   ${says}`);
    else console.info(`found by seed ${seed.padEnd(12)} ${took.padStart(6)}   ${says}`);
    return seed !== undefined || broke;
  } finally {
    writeFileSync(path, source);
  }
}

function run(folder: string, script: string, options: readonly string[]): { code: number; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...options], {
    cwd: folder,
    encoding: "utf8",
    timeout: WITHIN_MS,
  });
  return { code: status ?? 1, output: `${stdout}${stderr}` };
}
