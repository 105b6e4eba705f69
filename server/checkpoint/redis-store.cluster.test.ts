import { createClient } from "redis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NodeClock } from "../../shared/platform/node-clock.ts";
import { RedisServer } from "../../tests/kit/redis-server.ts";
import { checkpointStoreContract } from "./checkpoint-store.contract.ts";
import { RedisCheckpointStore, type RedisStoreOptions } from "./redis-store.ts";

let redis: RedisServer;
beforeAll(async () => {
  redis = await RedisServer.start();
});
afterAll(() => redis?.close());

let serial = 0;
const open = (options: Partial<RedisStoreOptions> = {}): RedisCheckpointStore =>
  new RedisCheckpointStore({ url: redis.path, prefix: `test-${++serial}`, ...options }, new NodeClock());

checkpointStoreContract("Redis", async () => {
  const prefix = `contract-${++serial}`;
  const opened = [open({ prefix })];
  return {
    store: opened[0] as RedisCheckpointStore,
    reopen: async () => {
      const again = open({ prefix });
      opened.push(again);
      return again;
    },
    close: async () => {
      for (const store of opened) store.close();
    },
  };
});

const key = { game: "arena", room: "r1" };
const checkpoint = { bytes: new Uint8Array([1, 2, 3]), epoch: 7 };

describe("Redis alone", () => {
  test("[FAI-1] every key has an end, and what nobody saves again is neither loaded nor listed behind it", async () => {
    const prefix = `test-${++serial}`;
    const store = open({ prefix, keptMs: 300 });
    await store.save(key, checkpoint);
    const client = createClient({ socket: { path: redis.path, tls: false } });
    await client.connect();
    const keys = await client.keys(`{${prefix}}:*`);
    expect(keys.length).toBe(2);
    for (const each of keys) expect(await client.pTTL(each), each).toBeGreaterThan(0);
    for (let waited = 0; waited < 5_000 && (await client.exists(keys)) > 0; waited += 50)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect([await store.load(key), await store.list()]).toEqual([{ state: "none" }, []]);
    await client.close();
    store.close();
  });

  test("[FAI-1] what does not answer rejects by the deadline; when it does again so does the store", async () => {
    const store = open({ deadlineMs: 200 });
    await store.save(key, checkpoint);
    redis.pause();
    const before = performance.now();
    await expect(store.save(key, checkpoint)).rejects.toThrow(/not answered within 200 ms/);
    expect(performance.now() - before).toBeGreaterThanOrEqual(199);
    redis.resume();
    expect(await store.save(key, checkpoint)).toBe("saved");
    await redis.restart();
    const outcomes = [];
    for (let attempt = 0; attempt < 20 && outcomes.at(-1) !== "none"; attempt++)
      outcomes.push(
        await store.load(key).then(
          ({ state }) => state,
          () => "failed",
        ),
      );
    expect(outcomes.at(-1)).toBe("none");
    store.close();
    await expect(store.load(key)).rejects.toThrow(/closed/);
  });

  test("[FAI-1] what Redis complains of is told, and nothing else suffers from it", async () => {
    const store = open();
    await store.save(key, checkpoint);
    const client = createClient({ socket: { path: redis.path, tls: false } });
    await client.connect();
    await client.configSet("maxmemory", "1");
    await expect(store.save(key, checkpoint)).rejects.toThrow(/OOM/);
    await client.configSet("maxmemory", "0");
    expect(await store.save(key, checkpoint)).toBe("saved");
    await client.close();
    store.close();
  });

  test("[FAI-1] an address that is none is told in a sentence", () => {
    expect(() => open({ url: "http://127.0.0.1" })).toThrow(/must begin with redis:\/\/ or rediss:\/\//);
    expect(() => open({ prefix: "a:b" })).toThrow(/is no prefix of keys/);
  });
});
