import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { drills } from "../bench/drills/catalogue.ts";
import type { DrillsReport } from "../bench/drills/report.ts";

const PROGRAM = fileURLToPath(new URL("../dist/bin/tickcast.js", import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tickcast-drills-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** How it ended, and what it said. */
async function run(command: string, words: readonly string[]) {
  const child = spawn(command, words, { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (bytes) => {
      said += String(bytes);
    });
  const [code] = await once(child, "close");
  return { code: code as number, said };
}

const drill = (...words: readonly string[]) => run(process.execPath, [PROGRAM, "drill", ...words]);

// That all of them pass is for `npm run drill -- all --short`, which wants the machine to itself.
test("[DRL-10] a drill in real processes says what it measured, to a person and to a machine", async () => {
  const file = join(folder, "report.json");
  const { said } = await drill("reconnect-storm", "--short", "--players", "40", "--json", file);
  const report = JSON.parse(await readFile(file, "utf8")) as DrillsReport;
  const [only] = report.drills;
  expect(only).toMatchObject({ drill: "reconnect-storm", extent: "short" });
  const back = only?.checks.find(({ says }) => says.startsWith("players who were back"));
  expect(back).toMatchObject({ measured: 40, bound: { exactly: 40 } });
  expect(said).toContain("back in their seats");
}, 60_000);

test.runIf(process.platform === "linux")(
  "[DRL-10] a drill that cannot come to its end is exit code 1, with what to do",
  async () => {
    const { code, said } = await run("sh", [
      "-c",
      'ulimit -n 400 && exec "$0" "$@"',
      process.execPath,
      ...[PROGRAM, "drill", "connect-storm", "--short"],
    ]);
    expect(code).toBe(1);
    expect(said).toMatch(/1000 connections need as many open files, and this shell allows 400: "ulimit/);
  },
);

test("[DRL-11] an unknown drill is told with the names of those that there are, and help shows them", async () => {
  const unknown = await drill("flood");
  expect(unknown.code).toBe(1);
  expect(unknown.said).toContain('There is no drill "flood"');
  const help = await drill("--help");
  expect(help.code).toBe(0);
  for (const name of Object.keys(drills)) expect(help.said).toContain(name);
});

test("[DRL-12] a size that a drill does not have is told before the drill begins", async () => {
  const { code, said } = await drill("soak", "--connections", "4");
  expect([code, said]).toEqual([1, expect.stringContaining("--connections is of connect-storm")]);
});

test("[DRL-11] every drill has the name under which it is found", async () => {
  for (const [name, load] of Object.entries(drills)) expect((await load()).name).toBe(name);
});
