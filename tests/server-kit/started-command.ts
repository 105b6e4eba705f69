import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, expect } from "vitest";

// These run the build, as a person at a terminal does: `npm test` builds first.
export const dist = (path: string): string => fileURLToPath(new URL(`../../dist/${path}`, import.meta.url));
const BINARY = dist("bin/tickcast.js");
const SERVES = /^Tickcast serves (.*) at (http:\/\/\S+)$/m;

/** A folder of its own for each file of tests, with an app of one small game in it. */
export let folder = "";
const children = new Set<ChildProcess>();

/** Registers the hooks of a file of tests. */
export function runsCommands(): void {
  beforeAll(() => {
    expect(existsSync(BINARY), "there is no build: run `npm run build`").toBe(true);
    folder = mkdtempSync(join(tmpdir(), "tickcast-start-"));
    const url = (path: string): string => JSON.stringify(pathToFileURL(dist(path)).href);
    writeFileSync(
      join(folder, "app.mjs"),
      `import { defineRoom } from ${url("server/index.js")};
import { defineGame, record, u8 } from ${url("shared/game.js")};
const tiny = defineGame({ name: "tiny", tickRate: 20, state: { match: record({ round: u8 }) } });
export const app = { rooms: [defineRoom(tiny, {})] };
`,
    );
    writeFileSync(join(folder, "no-app.mjs"), "export const application = {};\n");
    writeFileSync(
      join(folder, "no-page.mjs"),
      'import { app as tiny } from "./app.mjs";\nexport const app = { ...tiny, pages: { "/": "no/such/page" } };\n',
    );
  });

  afterEach(() => {
    for (const child of children) child.kill("SIGKILL");
    children.clear();
  });

  afterAll(() => rmSync(folder, { recursive: true }));
}

export interface Run {
  readonly child: ChildProcess;
  readonly output: { stdout: string; stderr: string };
  readonly exited: Promise<number | null>;
}

export function run(args: readonly string[], env: Record<string, string> = {}, binary = BINARY): Run {
  const {
    PORT: _p,
    HOST: _h,
    TICKCAST_MODE: _m,
    TICKCAST_ADMIN_TOKEN: _t,
    NODE_ENV: _e,
    ...inherited
  } = process.env;
  const child = spawn(process.execPath, [binary, ...args], { cwd: folder, env: { ...inherited, ...env } });
  children.add(child);
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    output.stderr += text;
  });
  const exited = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  return { child, output, exited };
}

/** Starts a server and waits until it says where it is. */
export async function started(args: readonly string[], env: Record<string, string> = {}) {
  const running = run(["start", join(folder, "app.mjs"), ...args], env);
  await new Promise<void>((resolve, reject) => {
    const look = (): void => {
      if (SERVES.test(running.output.stdout)) resolve();
    };
    running.child.stdout?.on("data", look);
    running.child.once("close", () => reject(new Error(`it ended: ${running.output.stderr}`)));
  });
  const [, games = "", url = ""] = SERVES.exec(running.output.stdout) ?? [];
  return { ...running, games, url: new URL(url) };
}

/** One sentence on stderr, nothing on stdout, exit code 1. */
export async function expectComplaint({ output, exited }: Run, sentence: string | RegExp): Promise<void> {
  expect(await exited).toBe(1);
  expect(output.stdout).toBe("");
  expect(output.stderr.trimEnd()).toMatch(sentence);
  expect(output.stderr).not.toMatch(/^\s+at /m);
}
