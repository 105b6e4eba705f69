import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SwarmReport } from "../bots/report.ts";

/** Worker threads load compiled modules, so these tests run the build that `npm test` makes first. */
const program = fileURLToPath(new URL("../dist/bin/tickcast.js", import.meta.url));
const WITHIN_MS = 30_000;

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

let server: ChildProcess;
let url: string;
let folder: string;

function tickcast(...args: string[]): ChildProcess {
  return spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "pipe"] });
}

function ended(child: ChildProcess): Promise<Ended> {
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (text) => {
    stdout += text;
  });
  child.stderr?.on("data", (text) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
}

/** Tests share their processor: how the server fares without it is not what they are about. */
const bots = (...args: string[]): Promise<Ended> => ended(tickcast("bots", "--max-slip", "10s", ...args));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tickcast-bots-"));
  server = tickcast("start", "--port", "0");
  url = await new Promise((resolve, reject) => {
    server.stdout?.on("data", (text) => {
      const address = /http:(\/\/\S+)/.exec(String(text))?.[1];
      if (address !== undefined) resolve(`ws:${address}`);
    });
    server.once("error", reject);
    server.once("exit", (code) => reject(new Error(`the server ended with code ${code}`)));
  });
}, WITHIN_MS);

afterAll(async () => {
  const stopped = ended(server);
  server.kill("SIGTERM");
  await stopped;
  await rm(folder, { recursive: true });
});

describe("tickcast bots", { timeout: WITHIN_MS }, () => {
  test("[BOT-7] [BOT-8] 20 bots on two threads play echo for two seconds, and nothing is missed", async () => {
    const file = join(folder, "report.json");
    const args = ["--bots", "20", "--seconds", "2", "--threads", "2", "--json", file];
    const { code, stdout } = await bots("--url", `${url}/echo`, ...args);
    expect(stdout.trimEnd().split("\n").at(-1)).toContain(
      "ok: 20 of 20 bots joined, 0 ticks missed, 0 unexpected disconnects",
    );
    expect(code).toBe(0);
    const report = JSON.parse(await readFile(file, "utf8")) as SwarmReport;
    const distribution = {
      p50: expect.any(Number),
      p90: expect.any(Number),
      p99: expect.any(Number),
      p999: expect.any(Number),
      max: expect.any(Number),
    };
    expect(report).toMatchObject({
      bots: 20,
      joined: 20,
      refused: 0,
      disconnects: 0,
      missedTicks: 0,
      latencyMs: distribution,
      gapMs: distribution,
      bytesPerBotPerSecond: expect.any(Number),
      framesPerBotPerSecond: expect.any(Number),
      clock: process.platform === "linux" ? "shared" : "estimated",
      threads: 2,
      rooms: 1,
      disconnectsByReason: {},
      refusedByReason: {},
      loadCpu: expect.any(Number),
      ending: "completed",
    });
    expect(report.seconds).toBeGreaterThanOrEqual(2);
    expect(report.ticksClosed).toBeGreaterThan(20);
  });

  test("[CON-9] bots play through the network that they are told, return where they are cut, and say so", async () => {
    const flags = ["--latency", "60", "--jitter", "20", "--stall-every", "1s", "--stall-for", "200ms"];
    const args = [
      "--url",
      `${url}/echo`,
      "--bots",
      "4",
      "--seconds",
      "2",
      "--json",
      join(folder, "network.json"),
    ];
    const { code, stdout } = await bots(...args, ...flags, "--cut-every", "1500ms");
    expect(stdout).toContain(
      "network      60 ms each way, up to 20 ms more, still for 200 ms every 1 s, cut every 1.5 s",
    );
    expect(stdout).toContain("ok: 4 of 4 bots joined, 0 ticks missed, 0 unexpected disconnects");
    expect(code).toBe(0);
    const report = JSON.parse(await readFile(join(folder, "network.json"), "utf8")) as SwarmReport;
    expect(report.network).toContain("60 ms each way");
    expect(report.latencyMs?.p50).toBeGreaterThan(55);
  });

  test("[BOT-16] with --reconnect bots that matchmaking let in return to their seats over a restart", async () => {
    const port = String(await unusedPort());
    const serve = async (): Promise<ChildProcess> => {
      const child = tickcast(
        ...["start", "--port", port, "--checkpoints", join(folder, "rooms"), "--tickets", "required"],
        ...["--ticket-secrets", "a secret of thirty-two bytes or so", "--log-level", "silent"],
      );
      await new Promise<void>((resolve, reject) => {
        child.stdout?.on("data", (text) => String(text).includes("Tickcast serves") && resolve());
        child.once("exit", (code) => reject(new Error(`the server ended with code ${code}`)));
      });
      return child;
    };
    const first = await serve();
    const file = join(folder, "returned.json");
    const child = tickcast(
      ...["bots", "--url", `http://127.0.0.1:${port}/join/echo`, "--bots", "3", "--seconds", "600"],
      ...["--reconnect", "--json", file],
    );
    const end = ended(child);
    const shows = (text: string): Promise<void> =>
      new Promise((resolve) => child.stderr?.on("data", (part) => String(part).includes(text) && resolve()));
    await shows("playing");
    const stopped = ended(first);
    first.kill("SIGTERM");
    await stopped;
    const second = await serve();
    try {
      // A connection is no return yet. The second look gives what was sent by the first the time to arrive.
      const backAt = performance.now() + 15_000;
      const areBack = async (): Promise<boolean> =>
        (await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()).includes(
          'tickcast_players{game="echo",state="following"} 3',
        );
      for (let looks = 0; looks < 2 && performance.now() < backAt; looks = (await areBack()) ? looks + 1 : 0)
        await new Promise((resolve) => setTimeout(resolve, 100));
      child.kill("SIGTERM");
      const { stdout } = await end;
      expect(stdout).toContain("returns      3\n");
      expect(stdout).toContain("3 of 3 bots joined, 0 ticks missed, 0 unexpected disconnects");
      expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({
        returns: 3,
        disconnects: 0,
        rooms: 1,
      });
    } finally {
      child.kill("SIGKILL");
      second.kill("SIGKILL");
    }
  });

  test("[BOT-8] [BOT-12] without a server the exit code is 1 and the summary says why", async () => {
    const address = `ws://127.0.0.1:${await unusedPort()}/echo`;
    const { code, stdout } = await bots("--url", address, "--bots", "3");
    expect(code).toBe(1);
    expect(stdout).toContain("3 abnormal");
    expect(stdout).toContain(`could not join ${address}`);
    expect(stdout).toContain("failed: 0 of 3 bots joined");
  });

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)(
    "[BOT-9] [BOT-19] %s lets the bots leave, shows what was measured so far, and ends with %i",
    async (signal, expected) => {
      const child = tickcast(
        "bots",
        "--url",
        `${url}/echo`,
        "--bots",
        "3",
        "--seconds",
        "600",
        "--max-slip",
        "10s",
      );
      const end = ended(child);
      await new Promise<void>((resolve) => {
        child.stderr?.on("data", (text) => {
          if (String(text).includes("playing")) resolve();
        });
      });
      child.kill(signal);
      const { code, stdout } = await end;
      expect(stdout).toContain("interrupted: 3 of 3 bots joined, 0 ticks missed, 0 unexpected disconnects");
      expect(code).toBe(expected);
    },
  );

  test("[BOT-13] a bot whose code throws is shown with its stack, and the exit code is 1", async () => {
    const module = join(folder, "faulty-bot.mjs");
    const echo = pathToFileURL(fileURLToPath(new URL("../dist/games/echo/bot.js", import.meta.url)));
    await writeFile(
      module,
      `import { bot as echo } from ${JSON.stringify(echo.href)};
      let rejected = false;
      function tick(room, { index }) {
        if (index === 0) throw new Error("a bug");
        if (index !== 1 || rejected) return;
        rejected = true;
        Promise.reject(new Error("unawaited"));
      }
      export const bot = { game: echo.game, behaviour: { ...echo.behaviour, tick } };`,
    );
    const { code, stdout, stderr } = await bots(
      ...["--url", `${url}/echo`, "--bots", "3", "--seconds", "1", "--bot", module],
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(/bot 0 failed: Error: a bug\n\s+at .*faulty-bot\.mjs/);
    expect(stderr).toContain("failed: Error: unawaited");
    expect(stdout).toContain("3 of 3 bots joined");
    expect(stdout).toContain("2 bot errors");
  });

  test("--quiet leaves nothing but the exit code", async () => {
    const args = ["--url", `${url}/echo`, "--bots", "2", "--seconds", "0.2", "--quiet"];
    expect(await bots(...args)).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  test.each([
    [["--url", "ws://127.0.0.1:3000/chess"], 'no bots for "chess" among the games that come with Tickcast'],
    [["--url", "http://127.0.0.1:3000/join/chess"], 'no bots for "chess" among'],
    [["--url", "ws://127.0.0.1:3000"], "names no game"],
    [["--url", "arena"], "is no address of a room"],
    [["--url", "ws://127.0.0.1:3000/echo", "--bot", "missing.js"], "There is no file"],
    [
      ["--url", "ws://127.0.0.1:3000/echo", "--bot", program.replace("tickcast.js", "../bots/bot.js")],
      "exports no bot",
    ],
    [["--url", "ws://127.0.0.1:3000/echo", "--latency", "fast"], "It is a time like 80ms or 5s"],
    [["--url", "ws://127.0.0.1:3000/echo", "--stall-for", "1s"], "--stall-every and --stall-for go together"],
    [
      ["--url", "ws://127.0.0.1:3000/echo", "--json", "no-such-folder/report.json"],
      "The figures cannot be written to no-such-folder/report.json: there is no folder",
    ],
    [
      ["--url", "ws://127.0.0.1:3000/echo", "--json", "tests"],
      "The figures cannot be written to tests: it is a folder",
    ],
    [[], "required option '-u, --url <url>' not specified"],
  ])("%j is answered by one sentence", async (args, sentence) => {
    const { code, stdout, stderr } = await bots(...args);
    expect(code).toBe(1);
    expect(stderr).toContain(sentence);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stdout).toBe("");
  });
});

function unusedPort(): Promise<number> {
  const probe = createServer();
  return new Promise((resolve) => {
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
