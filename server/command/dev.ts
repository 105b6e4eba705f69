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
 * signal, all do; on a second signal at once.
 */
function dev(pages: readonly string[], startArguments: readonly string[]): void {
  if (!existsSync("tsconfig.json"))
    throw new Complaint("There is no tsconfig.json here: run tickcast dev in the folder of your project.");
  for (const page of pages)
    if (!existsSync(page))
      throw new Complaint(`There is no folder ${page}: name the page's own with --page.`);

  const children = new Map<ChildProcess, Hearer>();
  const stop = (code: number): void => {
    process.exitCode = code;
    for (const [child, hearer] of children) end(child, hearer);
  };
  const env = { ...process.env, TICKCAST_CHECKPOINTS: process.env.TICKCAST_CHECKPOINTS ?? sessionFolder() };
  const run = (command: string, args: readonly string[], hearer: Hearer): void => {
    const child = spawn(command, args, { stdio: "inherit", env, detached: GROUPS });
    child.once("error", (error) => {
      console.error(`tickcast: ${command} could not be started: ${error.message}`);
      stop(1);
    });
    child.once("exit", (code) => stop(code ?? 0));
    children.set(child, hearer);
  };

  // npx may end without what it started, which would then watch for ever.
  run("npx", ["--no-install", "tsc", "-b", "--watch", "--preserveWatchOutput"], "group");
  // The server starts meanwhile, with the page as it was built before: it must not be missing for a moment.
  const vite = ["--no-install", "vite", "build", "--watch", "--logLevel", "warn", "--emptyOutDir", "false"];
  for (const page of pages) run("npx", [...vite, page], "group");
  // Source maps, so that an error of the game names its line as its author wrote it.
  const node = ["--watch", "--watch-preserve-output", "--enable-source-maps"];
  run(process.execPath, [...node, BINARY, "start", ...startArguments], "leader");
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => {
      stop(0);
      process.once(signal, () => {
        for (const child of children.keys()) endGroup(child, "SIGKILL");
      });
    });
  }
}

/** Whether a signal is for all that a process started too, or for it alone, which hands it on and waits. */
type Hearer = "leader" | "group";

/** Windows has no groups of processes. */
const GROUPS = process.platform !== "win32";

function end(child: ChildProcess, hearer: Hearer): void {
  const ended = child.exitCode !== null || child.signalCode !== null;
  // Node's watcher may end in the moment of a restart, and leave the server that it just started.
  if (hearer === "group" || ended) endGroup(child, "SIGTERM");
  else child.kill("SIGTERM");
}

function endGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  if (!GROUPS) {
    child.kill(signal);
    return;
  }
  try {
    process.kill(-child.pid, signal);
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
