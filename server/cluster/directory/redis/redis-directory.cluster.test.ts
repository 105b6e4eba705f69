import { createClient } from "redis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NodeClock } from "../../../../shared/platform/node-clock.ts";
import { RedisServer } from "../../../../tests/kit/redis-server.ts";
import { LineCutter } from "../../../../tests/server-kit/line-cutter.ts";
import type { DirectoryHarness } from "../contract/kit.contract.ts";
import {
  answered,
  codeOf,
  contractOptions,
  DirectoryRun,
  idleReport,
  search,
} from "../contract/kit.contract.ts";
import { directoryContract } from "../directory.contract.ts";
import type { Directory } from "../directory.ts";
import type { DirectoryOptions } from "../directory-options.ts";
import { connectRedisDirectory } from "./connect-redis-directory.ts";

let redis: RedisServer;
beforeAll(async () => {
  redis = await RedisServer.start();
});
afterAll(() => redis?.close());

let serial = 0;

async function redisHarness(
  options: DirectoryOptions,
): Promise<DirectoryHarness & { readonly prefix: string }> {
  const prefix = `test-${++serial}`;
  const clock = new NodeClock();
  const lines = new Map<Directory, LineCutter>();
  return {
    prefix,
    async connect() {
      const line = new LineCutter(`${redis.path}.${++serial}`, redis.path);
      await line.open();
      const directory = await connectRedisDirectory({ ...options, url: line.path, prefix }, clock);
      lines.set(directory, line);
      return directory;
    },
    async cut(directory, how) {
      const line = lines.get(directory);
      if (line === undefined) throw new Error("no handle of this harness");
      if (how === "silent") return line.silence();
      await line.refuse();
      return () => void line.open();
    },
    pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    restartEmpty: () => redis.restart(),
    async close() {
      for (const [directory, line] of lines) {
        await directory.close();
        await line.refuse();
      }
    },
  };
}

directoryContract("Redis", redisHarness);

describe("Redis alone", () => {
  const connect = (url = redis.path, prefix = `alone-${++serial}`) =>
    connectRedisDirectory({ ...contractOptions, url, prefix }, new NodeClock());

  test("[DIR-20] every key has an end, whatever was done", async () => {
    let prefix = "";
    const run = new DirectoryRun(async (options) => {
      const harness = await redisHarness(options);
      prefix = harness.prefix;
      return harness;
    });
    await run.start();
    const lease = await run.register();
    const gone = await run.register();
    const room = await run.room(lease, { metadata: { map: "ice" }, maxSeats: 1 });
    await run.room(gone, { locked: true });
    await run.one.findOrCreate(search());
    await run.one.findOrCreate(search());
    await run.one.updateRoom(lease, room, { metadata: { map: "fire" } });
    await run.one.renewNode(lease, idleReport);
    await run.one.releaseNode(gone);
    const client = createClient({ socket: { path: redis.path, tls: false } });
    await client.connect();
    const keys = await client.keys(`{${prefix}}:*`);
    const kinds = new Set(keys.map((key) => key.slice(prefix.length + 3).split(":")[0]));
    expect([...kinds].sort()).toEqual(
      [
        "birth",
        "changes",
        "dead",
        "holds",
        "leases",
        "listed",
        "node",
        "open",
        "room",
        "rooms-of",
        "sequence",
        "serves",
      ]
        .concat("tag", "waiting")
        .sort(),
    );
    for (const key of keys) expect(await client.pTTL(key), key).toBeGreaterThan(0);
    await client.close();
    await run.harness.close();
  });

  test("[DIR-21] two prefixes are two directories", async () => {
    const [one, other] = [await connect(), await connect()];
    const node = { url: "wss://x", games: [{ game: "arena", build: "b" }], maxRooms: 1, maxPlayers: 1 };
    answered(await one.registerNode({ ...node, id: "n" }));
    expect(answered(await one.nodes()).length).toBe(1);
    expect(answered(await other.nodes())).toEqual([]);
    await one.close();
    await other.close();
  });

  test("[DIR-21] scripts that Redis forgot are sent again", async () => {
    const directory = await connect();
    expect(answered(await directory.nodes())).toEqual([]);
    const client = createClient({ socket: { path: redis.path, tls: false } });
    await client.connect();
    await client.scriptFlush();
    await client.close();
    expect(answered(await directory.nodes())).toEqual([]);
    await directory.close();
  });

  test("[DIR-17] a Redis that stands still is noticed by the deadline, and used again when it goes on", async () => {
    const directory = await connect();
    redis.pause();
    const before = performance.now();
    const codes = await Promise.all([directory.nodes(), directory.orphans()]);
    const tookMs = performance.now() - before;
    redis.resume();
    expect(codes.map(codeOf)).toEqual(["directory-unavailable", "directory-unavailable"]);
    expect(tookMs).toBeGreaterThanOrEqual(contractOptions.deadlineMs - 1);
    for (let waited = 0; waited < 5_000 && directory.health.state !== "available"; waited += 20)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(answered(await directory.nodes())).toEqual([]);
    await directory.close();
  });

  test("[DIR-21] an address that is none, or where nothing answers, is told in a sentence without its password", async () => {
    await expect(connect("http://127.0.0.1")).rejects.toThrow(/must begin with redis:\/\/ or rediss:\/\//);
    const nobody = "redis://ann:secret@127.0.0.1:1/2";
    const complaint = await connect(nobody).then(
      () => "it connected",
      (error: Error) => error.message,
    );
    expect(complaint).toMatch(
      /^No directory at redis:\/\/127\.0\.0\.1:1\/2: .*ECONNREFUSED.*Start Redis there/,
    );
    expect(complaint).not.toContain("secret");
    await expect(connect(redis.path, "a:b")).rejects.toThrow(/"a:b" is no prefix of keys/);
  });
});
