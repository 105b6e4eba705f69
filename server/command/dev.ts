import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { Complaint } from "../../shared/complaint.ts";

const BINARY = fileURLToPath(new URL("../../bin/tickcast.js", import.meta.url));

interface DevOptions {
  readonly page: readonly string[];
}

/** What `tickcast dev` runs: pages to build, and the arguments of `tickcast start`. */
export type RunDev = (pages: readonly string[], startArguments: readonly string[]) => void;

/** Adds `tickcast dev`: what is saved is built, and the server restarts with it. */
export function addDevCommand(program: Command, run: RunDev = dev): void {
  program
    .command("dev")
    .description("like start, but rebuilds and restarts when a source file is saved")
    .argument("[arguments...]", "those of tickcast start, its options included")
    .option(
      "--page <folder>",
      "folder of a page that Vite builds; can be given several times",
      (folder: string, folders: readonly string[]) => [...folders, folder],
      [],
    )
    .allowUnknownOption()
    .action((_arguments: readonly string[], { page }: DevOptions, command: Command) =>
      run(page, command.args),
    );
}

/**
 * Three kinds of processes: the compiler and Vite watch the sources, Node watches what they write and
 * restarts the server, which finds its rooms and players where the one before left them. When one of them ends, or on a
 * signal, all do.
 */
function dev(pages: readonly string[], startArguments: readonly string[]): void {
  if (!existsSync("tsconfig.json"))
    throw new Complaint("There is no tsconfig.json here: run tickcast dev in the folder of your project.");
  for (const page of pages)
    if (!existsSync(page))
      throw new Complaint(`There is no folder ${page}: name the page's own with --page.`);

  const children = new Map<ChildProcess, Kin>();
  const stop = (code: number): void => {
    process.exitCode = code;
    for (const [child, kin] of children) end(child, kin);
  };
  const env = { ...process.env, TICKCAST_CHECKPOINTS: process.env.TICKCAST_CHECKPOINTS ?? sessionFolder() };
  const run = (command: string, args: readonly string[], kin: Kin): void => {
    const child = spawn(command, args, { stdio: "inherit", env, detached: kin === "group" });
    child.once("error", (error) => {
      console.error(`tickcast: ${command} could not be started: ${error.message}`);
      stop(1);
    });
    child.once("exit", (code) => stop(code ?? 0));
    children.set(child, kin);
  };

  run("npx", ["--no-install", "tsc", "-b", "--watch", "--preserveWatchOutput"], GROUPED);
  for (const page of pages)
    run("npx", ["--no-install", "vite", "build", "--watch", "--logLevel", "warn", page], GROUPED);
  // Source maps, so that an error of the game names its line as its author wrote it.
  const node = ["--watch", "--watch-preserve-output", "--enable-source-maps"];
  run(process.execPath, [...node, BINARY, "start", ...startArguments], "alone");
  process.once("SIGINT", () => stop(0));
  process.once("SIGTERM", () => stop(0));
}

/** Whether a signal is for the process alone, which hands it on, or for all that it started. */
type Kin = "alone" | "group";

/** npx may end without what it started, which would then watch for ever. Windows has no groups of processes. */
const GROUPED: Kin = process.platform === "win32" ? "alone" : "group";

function end(child: ChildProcess, kin: Kin): void {
  if (child.pid === undefined) return;
  if (kin === "alone") {
    if (child.exitCode === null) child.kill("SIGTERM");
    return;
  }
  try {
    process.kill(-child.pid, "SIGTERM");
  } catch (error) {
    // Nobody of the group is left.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

/** Where rooms stay over restarts: a folder of this session's own, gone with it. */
function sessionFolder(): string {
  const cache = join("node_modules", ".cache", "tickcast");
  if (existsSync("node_modules")) mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(existsSync(cache) ? cache : tmpdir(), "dev-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
