import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

// These run the build, as a person at a terminal does: `npm test` builds first.
const dist = (path: string): string => fileURLToPath(new URL(`../dist/${path}`, import.meta.url));
const SERVES = /^Tickcast serves .* at (http:\/\/\S+)$/m;

let folder = "";
const children = new Set<ChildProcess>();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tickcast-watchdog-"));
  const url = (path: string): string => JSON.stringify(pathToFileURL(dist(path)).href);
  writeFileSync(
    join(folder, "app.mjs"),
    `import { execFileSync } from "node:child_process";
import { defineRoom } from ${url("server/index.js")};
import { defineGame, record, u8 } from ${url("shared/game.js")};
const tiny = defineGame({ name: "tiny", tickRate: 20, state: { match: record({ round: u8 }) } });
const hangs = {
  loop() { for (;;); },
  native() { execFileSync("sleep", ["5"]); },
};
const { HANGS, OUTSIDE } = process.env;
if (OUTSIDE) setTimeout(() => hangs.loop(), 500);
export const app = { rooms: [defineRoom(tiny, { tick: (room) => { if (room.tick === 3) hangs[HANGS]?.(); } })] };
`,
  );
});

afterEach(() => {
  for (const child of children) child.kill("SIGKILL");
  children.clear();
});

afterAll(() => rmSync(folder, { recursive: true }));

/** A server that has said where it is, with a room that ticks. */
async function serving(env: Record<string, string>, args: readonly string[] = ["--watchdog-ms", "400"]) {
  const all = [dist("bin/tickcast.js"), "start", join(folder, "app.mjs"), "--port", "0", ...args];
  const child = spawn(process.execPath, all, { env: { ...process.env, ...env } });
  children.add(child);
  const output = { stdout: "", stderr: "" };
  const exited = new Promise<{ code: number | null; signal: string | null }>((resolve) =>
    child.once("close", (code, signal) => resolve({ code, signal })),
  );
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    output.stderr += text;
  });
  await new Promise<void>((resolve) =>
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output.stdout += text;
      if (SERVES.test(output.stdout)) resolve();
    }),
  );
  const [, url = ""] = SERVES.exec(output.stdout) ?? [];
  const created = await fetch(`${url}/rooms`, { method: "POST", body: '{ "game": "tiny" }' });
  const { id } = (await created.json()) as { id: string };
  return { child, output, exited, url, id };
}

const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("[WAT-3] a process whose event loop stands still is ended, with a sentence and code 70", () => {
  test("a tick that loops: the room is named, and where its code stands", async () => {
    const { exited, output, id } = await serving({ HANGS: "loop" });
    expect(await exited).toEqual({ code: 70, signal: null });
    const lines = output.stderr.trimEnd().split("\n");
    expect(lines[0]).toBe(
      `tickcast: the tick of room tiny/${id} has not ended for 400 ms and holds all others; the process is ended.`,
    );
    expect(lines[1]).toMatch(/^ {4}at loop \(file:.*\/app\.mjs:6:\d+\)$/);
    expect(lines[2]).toMatch(/^ {4}at tick \(file:.*\/app\.mjs:11:\d+\)$/);
    expect(lines.length).toBe(6);
  });

  test("a tick that waits outside of JavaScript cannot be asked: killed, and the room is named", async () => {
    const { exited, output, id } = await serving({ HANGS: "native" });
    expect(await exited).toEqual({ code: null, signal: "SIGKILL" });
    expect(output.stderr).toContain(`the tick of room tiny/${id} has not ended`);
  });

  test("what hangs outside of a tick", async () => {
    const { exited, output } = await serving({ OUTSIDE: "1" });
    expect(await exited).toEqual({ code: 70, signal: null });
    expect(output.stderr).toContain("outside of any room's tick");
    expect(output.stderr).toMatch(/^ {4}at loop \(/m);
  });

  test("in production also while an inspector listens", async () => {
    const args = ["--watchdog-ms", "400", "--mode", "production"];
    const { exited } = await serving({ HANGS: "loop", NODE_OPTIONS: "--inspect=127.0.0.1:0" }, args);
    expect((await exited).code).toBe(70);
  });
});

describe("[WAT-4] a process that is well, stopped, debugged or not watched is left alone", () => {
  test.runIf(process.platform !== "win32")("one that was stopped as a whole goes on", async () => {
    const { child, exited, url, output } = await serving({});
    child.kill("SIGSTOP");
    await later(1_200);
    child.kill("SIGCONT");
    await later(800);
    expect((await fetch(`${url}/health`)).status).toBe(200);
    child.kill("SIGTERM");
    expect(await exited).toEqual({ code: 0, signal: null });
    expect(output.stderr).toBe("");
  });

  test.each([
    ["in development while an inspector listens", { NODE_OPTIONS: "--inspect=127.0.0.1:0" }, "400"],
    ["with 0 for its time", {}, "0"],
  ])("%s", async (_, env, watchdogMs) => {
    const { child, output } = await serving({ HANGS: "loop", ...env }, ["--watchdog-ms", watchdogMs]);
    await later(1_000);
    expect(child.exitCode ?? child.signalCode).toBeNull();
    expect(output.stderr).not.toContain("tickcast:");
  });
});
