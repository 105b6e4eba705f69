import { afterAll, beforeAll } from "vitest";
import { RedisServer } from "../../../../tests/kit/redis-server.ts";
import { LineCutter } from "../../../../tests/server-kit/line-cutter.ts";
import { clusterBusContract } from "../cluster-bus.contract.ts";
import type { ClusterBus } from "../cluster-bus.ts";
import { connectRedisBus } from "./redis-bus.ts";

let redis: RedisServer;
beforeAll(async () => {
  redis = await RedisServer.start();
});
afterAll(() => redis?.close());

let serial = 0;

clusterBusContract("Redis", async () => {
  const prefix = `bus-${++serial}`;
  const lines = new Map<ClusterBus, LineCutter>();
  return {
    async connect() {
      const line = new LineCutter(`${redis.path}.${++serial}`, redis.path);
      await line.open();
      const bus = await connectRedisBus({ url: line.path, prefix, onError: () => {} });
      lines.set(bus, line);
      return bus;
    },
    pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    async cut(bus) {
      const line = lines.get(bus);
      if (line === undefined) throw new Error("no bus of this harness");
      await line.refuse();
      return () => void line.open();
    },
    async close() {
      for (const line of lines.values()) await line.refuse();
    },
  };
});
