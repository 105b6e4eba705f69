import { connect } from "../../client/node.ts";
import { connectRedisDirectory } from "../../server/cluster/directory/redis/connect-redis-directory.ts";
import type { RedisDirectory } from "../../server/cluster/directory/redis/redis-directory.ts";
import { NodeClock } from "../../shared/platform/node-clock.ts";
import { RedisServer } from "../kit/redis-server.ts";
import { counter, type Started, serverFolder, startServer } from "../operations/started.ts";

const SECRET = "a secret of thirty-two bytes at least";

/** A Redis, a look into it, and servers that are ended with it. */
export class RealCluster {
  readonly redis: RedisServer;
  readonly eye: RedisDirectory;
  readonly #folder = serverFolder();
  readonly #running = new Set<Started>();

  private constructor(redis: RedisServer, eye: RedisDirectory) {
    this.redis = redis;
    this.eye = eye;
  }

  static async start(): Promise<RealCluster> {
    const redis = await RedisServer.start();
    return new RealCluster(redis, await connectRedisDirectory({ url: redis.path }, new NodeClock()));
  }

  /** A server of the cluster; `tickcast start` with more arguments. */
  async server(...args: readonly string[]): Promise<Started> {
    const env = { TICKCAST_REDIS: this.redis.path, TICKCAST_TICKET_SECRETS: SECRET };
    const started = await startServer(this.#folder.folder, args, env);
    this.#running.add(started);
    return started;
  }

  async close(): Promise<void> {
    for (const { child, exited } of this.#running) {
      child.kill("SIGKILL");
      await exited;
    }
    await this.eye.close();
    await this.redis.close();
    this.#folder.remove();
  }

  async nodes() {
    const answer = await this.eye.nodes();
    return answer.ok ? answer.value : [];
  }

  async rooms() {
    const answer = await this.eye.rooms({ game: "counter" });
    return answer.ok ? answer.value.rooms : [];
  }
}

/** Joins through a server's matchmaking. */
export function joined(server: URL, room = "") {
  return connect(counter, new URL(`/join/counter${room === "" ? "" : `/${room}`}`, server).href);
}

export async function until<Value>(what: string, read: () => Promise<Value | undefined>): Promise<Value> {
  for (let attempt = 0; attempt < 400; attempt++) {
    const value = await read();
    if (value !== undefined) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`it did not come to that: ${what}`);
}
