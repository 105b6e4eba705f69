import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RedisServer } from "../kit/redis-server.ts";
import { serverFolder } from "../operations/started.ts";

const dist = (path: string): string => fileURLToPath(new URL(`../../dist/${path}`, import.meta.url));

/** A server of one's own: its options come as JSON. */
const PROGRAM = `import { serve } from ${JSON.stringify(pathToFileURL(dist("server/index.js")).href)};
import { app } from "./app.mjs";
await serve({ ...app, port: 0, mode: "production", ...JSON.parse(process.argv[2]) }).catch(({ message }) => console.log(message));
`;

const TWICE = `import { app as once } from "./app.mjs";
export const app = { rooms: [...once.rooms, ...once.rooms] };
`;

let redis: RedisServer;
const place = serverFolder();
beforeAll(async () => {
  redis = await RedisServer.start();
  writeFileSync(join(place.folder, "program.mjs"), PROGRAM);
  writeFileSync(join(place.folder, "twice.mjs"), TWICE);
});
afterAll(async () => {
  place.remove();
  await redis.close();
});

/** What is said by a process that ends by itself; one that holds on to Redis never does, and is killed. */
async function lastWords(...args: readonly string[]): Promise<string> {
  const running = promisify(execFile)(process.execPath, args, { cwd: place.folder, timeout: 20_000 });
  const { stdout, stderr } = await running.catch(
    (ended: { stdout: string; stderr: string; killed: boolean }) =>
      ended.killed ? { stdout: "", stderr: "it did not end" } : ended,
  );
  return stdout + stderr;
}

describe("[OPS-55] a node of a cluster that cannot start says why and ends", () => {
  for (const [what, options, said] of [
    [
      "a short ticket secret",
      { tickets: "required", ticketSecrets: ["short"] },
      "a ticket secret has 5 bytes",
    ],
    ["a short admin token", { adminToken: "short" }, "adminToken has 5 characters"],
    ["checkpoints without a pause", { checkpointOptions: { intervalMs: 0 } }, "intervalMs"],
    ["an address that is none", { publicUrl: "play" }, "publicUrl"],
    ["a host that is not ours", { host: "192.0.2.1" }, "192.0.2.1"],
  ] as const)
    test(what, async () => {
      const cluster = { directory: redis.path };
      expect(await lastWords("program.mjs", JSON.stringify({ cluster, ...options }))).toContain(said);
    });

  test("two games of one name, by the command", async () => {
    const words = ["start", "twice.mjs", "--port", "0", "--redis", redis.path];
    expect(await lastWords(dist("bin/tickcast.js"), ...words)).toContain(
      'two games are named "counter"; rename one',
    );
  });
});
