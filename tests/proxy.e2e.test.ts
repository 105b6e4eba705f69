import { type ChildProcess, spawn } from "node:child_process";
import { createServer, type Server } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectGeneric } from "../client/node.ts";

const program = fileURLToPath(new URL("../dist/bin/tickcast.js", import.meta.url));
const WITHIN_MS = 30_000;

/** A command that runs, with what it has said. */
function tickcast(...args: string[]) {
  const child: ChildProcess = spawn(process.execPath, [program, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  let look = (): void => {};
  child.stdout?.on("data", (text) => {
    stdout += text;
    look();
  });
  child.stderr?.on("data", (text) => {
    stderr += text;
  });
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
  const says = (pattern: RegExp) =>
    new Promise<string>((resolve, reject) => {
      look = () => {
        const found = pattern.exec(stdout)?.[1];
        if (found !== undefined) resolve(found);
      };
      look();
      void ended.then(() => reject(new Error(`it ended: ${stdout}${stderr}`)));
    });
  return { child, ended, says };
}

let server: ReturnType<typeof tickcast>;
let port: string;

beforeAll(async () => {
  server = tickcast("start", "--port", "0");
  port = await server.says(/http:\/\/127\.0\.0\.1:(\d+)/);
}, WITHIN_MS);

afterAll(async () => {
  server.child.kill("SIGTERM");
  await server.ended;
});

describe("tickcast proxy", { timeout: WITHIN_MS }, () => {
  test("[CON-10] it says where it listens and what it does, carries a game, and ends with its sum", async () => {
    const proxy = tickcast("proxy", "--to", `127.0.0.1:${port}`, "--latency", "40", "--jitter", "10ms");
    const own = await proxy.says(
      new RegExp(`http://127\\.0\\.0\\.1:(\\d+) leads to 127\\.0\\.0\\.1:${port}`),
    );
    await proxy.says(/The network: (40 ms each way, up to 10 ms more)/);
    const room = await connectGeneric(`ws://127.0.0.1:${own}/echo`);
    await new Promise<void>((resolve) => {
      const release = room.onTick(() => {
        if (room.statistics.rttMs === undefined) return;
        release();
        resolve();
      });
    });
    expect(room.statistics.rttMs).toBeGreaterThanOrEqual(80);
    await room.leave();
    proxy.child.kill("SIGINT");
    const { code, stdout, stderr } = await proxy.ended;
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout.trimEnd().split("\n").at(-1)).toMatch(
      /^carried 1 connection, [\d.]+ k?B up, [\d.]+ k?B down$/,
    );
  });

  test("[CON-10] a port that is taken is answered by one sentence", async () => {
    const taken: Server = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    const address = taken.address() as { port: number };
    const { code, stderr } = await tickcast("proxy", "--to", "3000", "--port", `${address.port}`).ended;
    expect([code, stderr]).toEqual([1, `tickcast: Port ${address.port} is taken on 127.0.0.1.\n`]);
    taken.close();
  });

  test.each([
    [["--to", "nowhere"], "It is a host and a port, like 127.0.0.1:3000."],
    [["--to", "3000", "--stall-every", "5s"], "--stall-every and --stall-for go together"],
    [["--to", "3000", "--seed", "x"], "It is a whole number."],
    [[], "required option '--to <address>' not specified"],
  ])("[CON-8] %j is answered by one sentence", async (args, sentence) => {
    const { code, stdout, stderr } = await tickcast("proxy", ...args).ended;
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(sentence);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});
