import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { SwarmReport } from "../../bots/report.ts";
import type { RecordingSummary } from "../../server/recording/summary.ts";

const dist = (path: string): string => fileURLToPath(new URL(`../../dist/${path}`, import.meta.url));
const WITHIN_MS = 60_000;

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

let folder: string;
const running = new Set<ChildProcess>();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tickcast-recorded-"));
});

afterEach(async () => {
  for (const child of running) child.kill("SIGKILL");
  await rm(folder, { recursive: true });
});

function tickcast(...args: readonly string[]): {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
} {
  const child = spawn(process.execPath, [dist("bin/tickcast.js"), ...args], { cwd: folder });
  running.add(child);
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (text) => {
    stdout += text;
  });
  child.stderr.on("data", (text) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((resolve) => {
    child.once("close", (code) => {
      running.delete(child);
      resolve({ code, stdout, stderr });
    });
  });
  return { child, ended };
}

/** Starts what says an address; resolves with it. */
async function started(says: RegExp, ...args: readonly string[]) {
  const { child, ended } = tickcast(...args);
  const address = await new Promise<string>((resolve, reject) => {
    let output = "";
    child.stdout?.on("data", (text) => {
      output += text;
      const found = says.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    });
    void ended.then(({ stderr }) => reject(new Error(stderr)));
  });
  return { child, ended, address };
}

const serve = (...args: readonly string[]) =>
  started(/Tickcast serves .* at http(:\S+)/, "start", "--port", "0", ...args);
const bots = (address: string, ...args: readonly string[]) =>
  tickcast("bots", "--url", `ws${address}/arena`, "--quiet", "--max-slip", "10s", ...args).ended;
const replay = (file: string, ...args: readonly string[]) => tickcast("replay", file, ...args).ended;

async function onlyFile(): Promise<string> {
  const [name = "", ...others] = await readdir(join(folder, "recordings"));
  expect(others).toEqual([]);
  expect(name).toMatch(/^arena-[^-]+-\d{8}T\d{6}Z\.tickrec$/);
  return join(folder, "recordings", name);
}

test(
  "[REC-20] twenty bots for three seconds are recorded by a real server, the same when run again, and drive bots",
  async () => {
    const server = await serve("--record", "recordings", "--record-games", "arena");
    expect(await bots(server.address, "--bots", "20", "--seconds", "3")).toMatchObject({
      code: 0,
      stderr: "",
    });
    server.child.kill("SIGTERM");
    expect(await server.ended).toMatchObject({ code: 0 });
    const file = await onlyFile();

    const summary = JSON.parse((await replay(file, "--info", "--json")).stdout) as RecordingSummary;
    expect(summary).toMatchObject({
      game: "arena",
      from: "room",
      end: "room-closed",
      players: 20,
      mostPlayers: 20,
    });
    expect(summary.ticks).toBeGreaterThan(55);
    expect(summary.inputs).toBeGreaterThan(200);

    const same = await replay(file, "--verify");
    expect(same).toMatchObject({ code: 0, stderr: "" });
    expect(same.stdout).toMatch(/^The same: \d+ ticks, each with the state that was recorded\.\n$/);

    const other = await serve();
    const json = join(folder, "report.json");
    const driven = await bots(other.address, "--recording", file, "--seconds", "2", "--json", json);
    expect(driven).toMatchObject({ code: 0, stderr: "" });
    const report = (await import(pathToFileURL(json).href, { with: { type: "json" } })) as {
      default: SwarmReport;
    };
    expect(report.default.bots).toBe(20);
    expect(report.default.sentBytesPerBotPerSecond).toBeGreaterThan(20);
    other.child.kill("SIGTERM");
    await other.ended;
  },
  WITHIN_MS,
);

test(
  "[REC-20] a game of which one line is another is found, and the exit code says so",
  async () => {
    const server = await serve("--record", "recordings");
    await bots(server.address, "--bots", "5", "--seconds", "1");
    server.child.kill("SIGTERM");
    await server.ended;
    const file = await onlyFile();
    const app = join(folder, "app.mjs");
    await writeFile(
      app,
      `import { arenaRoom } from ${JSON.stringify(pathToFileURL(dist("games/arena/room.js")).href)};
const { game, config } = arenaRoom;
const join = (room, player, join) => {
  config.join(room, player, join);
  player.row.deaths = 3;
};
export const app = { rooms: [{ game, config: { ...config, join } }] };
`,
    );
    const verdict = await replay(file, "--verify", "--app", app);
    expect(verdict.code).toBe(1);
    expect(verdict.stdout).toMatch(
      /^Another game since tick \d+: players\.deaths of row 1 was 0 in the recording and is 3 now\.\n$/,
    );
    const nothing = await replay(join(folder, "none.tickrec"), "--info");
    expect(nothing).toMatchObject({ code: 1, stderr: expect.stringMatching(/^tickcast: There is no file/) });
    expect((await replay(app, "--info")).stderr).toMatch(
      /cannot be played: this is no recording of Tickcast's\./,
    );
  },
  WITHIN_MS,
);

test(
  "[REC-20] a process that is killed leaves a recording that is read to its last whole block",
  async () => {
    const server = await serve("--record", "recordings");
    const playing = bots(server.address, "--bots", "5", "--seconds", "20");
    await new Promise((resolve) => setTimeout(resolve, 8_000));
    server.child.kill("SIGKILL");
    await Promise.all([server.ended, playing]);
    const summary = JSON.parse(
      (await replay(await onlyFile(), "--info", "--json")).stdout,
    ) as RecordingSummary;
    expect(summary).toMatchObject({ end: "cut-off", players: 5 });
    expect(summary.ticks).toBeGreaterThanOrEqual(100);
    expect(await replay(await onlyFile(), "--verify")).toMatchObject({ code: 0 });
  },
  WITHIN_MS,
);

test(
  "[REC-21] tickcast replay serves the page of the game and the recording, and nothing to join",
  async () => {
    const server = await serve("--record", "recordings");
    await bots(server.address, "--bots", "3", "--seconds", "1");
    server.child.kill("SIGTERM");
    await server.ended;
    const { child, ended, address } = await started(/plays at (\S+)/, "replay", await onlyFile());
    const at = (path: string): Promise<Response> => fetch(new URL(path, address));
    expect(address).toMatch(/\/replay\.html$/);
    expect(await (await at("")).text()).toContain("Arena replay");
    const index = (await (await at("/recording/index")).json()) as {
      blocks: readonly { storedBytes: number }[];
    };
    expect(index.blocks.length).toBeGreaterThan(0);
    expect((await (await at("/recording/blocks/0")).arrayBuffer()).byteLength).toBe(
      index.blocks[0]?.storedBytes,
    );
    expect((await at("/recording/blocks/99")).status).toBe(404);
    expect((await at("/recording/blocks/../../package.json")).status).toBe(404);
    child.kill("SIGTERM");
    expect(await ended).toMatchObject({ code: 0 });

    const app = join(folder, "pageless.mjs");
    await writeFile(
      app,
      `import { app as all } from ${JSON.stringify(pathToFileURL(dist("games/app.js")).href)};
export const app = { rooms: all.rooms };
`,
    );
    const any = await started(/plays at (\S+)/, "replay", await onlyFile(), "--app", app);
    expect(any.address).toMatch(/\/replay\/$/);
    expect(await (await fetch(any.address)).text()).toContain("Tickcast replay");
    any.child.kill("SIGTERM");
    expect(await any.ended).toMatchObject({ code: 0 });
  },
  WITHIN_MS,
);
