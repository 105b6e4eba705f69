import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { connectRedisDirectory } from "../../server/cluster/directory/redis/connect-redis-directory.ts";
import type { RedisDirectory } from "../../server/cluster/directory/redis/redis-directory.ts";
import { NodeClock } from "../../shared/platform/node-clock.ts";
import { RedisServer } from "../kit/redis-server.ts";
import { type Started, serverFolder, startServer } from "../operations/started.ts";

let redis: RedisServer;
let eye: RedisDirectory;
let folder: ReturnType<typeof serverFolder>;
const running = new Set<Started>();

beforeAll(async () => {
  redis = await RedisServer.start();
  eye = await connectRedisDirectory({ url: redis.path }, new NodeClock());
  folder = serverFolder();
});

afterEach(async () => {
  for (const { child, exited } of running) {
    child.kill("SIGKILL");
    await exited;
  }
  running.clear();
});

afterAll(async () => {
  await eye?.close();
  await redis?.close();
  folder?.remove();
});

async function start(id: string, ...args: string[]): Promise<Started> {
  const started = await startServer(folder.folder, ["--redis", redis.path, "--node-id", id, ...args]);
  running.add(started);
  return started;
}

async function until<Value>(what: string, read: () => Promise<Value | undefined>): Promise<Value> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const value = await read();
    if (value !== undefined) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`it did not come to that: ${what}`);
}

const nodes = async () => {
  const answer = await eye.nodes();
  return answer.ok ? answer.value : [];
};

const rooms = async () => {
  const answer = await eye.rooms({ game: "counter" });
  return answer.ok ? answer.value.rooms : [];
};

test("[NOD-1] two servers are nodes of one cluster, rooms are known, and one that stops leaves nothing behind", async () => {
  const one = await start("one");
  const two = await start("two", "--public-url", "wss://two.example.com");
  expect(await nodes()).toMatchObject([
    { id: "one", url: one.url.href.replace("http", "ws").replace(/\/$/, "") },
    { id: "two", url: "wss://two.example.com" },
  ]);
  expect((await fetch(new URL("/ready", two.url))).status).toBe(200);
  const made = await fetch(new URL("/rooms", two.url), { method: "POST", body: '{ "game": "counter" }' });
  const { id } = (await made.json()) as { id: string };
  const record = await until("the room is known", async () => (await rooms())[0]);
  expect(record).toMatchObject({ id, owner: { node: "two" }, state: "open" });
  two.child.kill("SIGTERM");
  expect(await two.exited).toBe(0);
  expect(await rooms()).toEqual([]);
  expect((await nodes()).map((node) => node.id)).toEqual(["one"]);
});

test("[NOD-2] a Redis that comes back empty learns nodes and rooms again", async () => {
  const one = await start("one");
  await fetch(new URL("/rooms", one.url), { method: "POST", body: '{ "game": "counter" }' });
  const before = await until("the room is known", async () => (await rooms())[0]);
  await redis.restart();
  const after = await until("the room is known again", async () => (await rooms())[0]);
  expect(after).toMatchObject({ id: before.id, state: "open" });
  expect(after.epoch).toBeGreaterThan(before.epoch);
  expect((await fetch(new URL("/ready", one.url))).status).toBe(200);
});

test("[NOD-11] where nothing answers, and where players are not told where to go, there is a sentence and no password", async () => {
  const nowhere = startServer(folder.folder, ["--redis", "redis://:s3cret@127.0.0.1:1"]);
  await expect(nowhere).rejects.toThrow("No directory at redis://127.0.0.1:1: ");
  await expect(nowhere).rejects.not.toThrow("s3cret");
  const hidden = startServer(folder.folder, ["--redis", redis.path, "--host", "0.0.0.0"]);
  await expect(hidden).rejects.toThrow("name --public-url");
});
