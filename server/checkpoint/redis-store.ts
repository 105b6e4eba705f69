import { createHash } from "node:crypto";
import { Complaint } from "../../shared/complaint.ts";
import type { Clock, Release } from "../../shared/tick/clock.ts";
import type { Checkpoint, CheckpointKey, CheckpointStore, FoundCheckpoint } from "./checkpoint-store.ts";
import { type StoreScript, storeScripts } from "./redis-store-scripts.ts";

export interface RedisStoreOptions {
  /** `redis://[user:password@]host[:port][/database]`, `rediss://` for TLS, or the path of a Unix socket. */
  readonly url: string;
  /** What all keys begin with, in braces: the directory's, where there is one. Default `tickcast`. */
  readonly prefix?: string;
  /** How long what nobody saves again is kept, in milliseconds: as long as the directory's records. Default a day. */
  readonly keptMs?: number;
  /** How long a question may take, in milliseconds. Beyond: it rejects, and the next one is asked over a new connection. */
  readonly deadlineMs?: number;
}

const A_DAY = 24 * 60 * 60 * 1000;
const PREFIX = /^[A-Za-z0-9._-]{1,32}$/;

const hashes = Object.fromEntries(
  Object.entries(storeScripts).map(([name, source]) => [
    name,
    createHash("sha1").update(source).digest("hex"),
  ]),
) as Record<StoreScript, string>;

/** One connection, until it fails. */
interface StoreClient {
  run(name: StoreScript, words: readonly (string | Buffer)[]): Promise<readonly Buffer[]>;
  destroy(): void;
}

/**
 * Checkpoints in Redis 6.2 or newer, or Valkey, over a connection of its own: what is large here never delays a lease. The
 * epoch is compared there, in one step with the write, so that no former owner's write can come between.
 *
 * It connects when it is first asked, and again when it is asked after a failure; nothing waits in a queue.
 *
 * @example
 * const store = new RedisCheckpointStore({ url: "redis://127.0.0.1:6379" }, new NodeClock());
 */
export class RedisCheckpointStore implements CheckpointStore {
  readonly keptMs: number;
  readonly #url: string;
  readonly #prefix: string;
  readonly #deadlineMs: number;
  readonly #clock: Clock;
  #client: Promise<StoreClient> | undefined;
  #isClosed = false;

  /** @throws Complaint for an address that is none, RangeError for other options that make no sense */
  constructor(options: RedisStoreOptions, clock: Clock) {
    const { url, prefix = "tickcast", keptMs = A_DAY, deadlineMs = 2_000 } = options;
    if (!url.startsWith("/") && !(URL.canParse(url) && /^rediss?:$/.test(new URL(url).protocol)))
      throw new Complaint(
        "The address for checkpoints must begin with redis:// or rediss://, or be a socket's path.",
      );
    if (!PREFIX.test(prefix)) throw new RangeError(`"${prefix}" is no prefix of keys: ${PREFIX}`);
    for (const [name, number] of Object.entries({ keptMs, deadlineMs }))
      if (!(Number.isSafeInteger(number) && number >= 1))
        throw new RangeError(`${name} is ${number}; it must be a whole number, 1 at least`);
    this.keptMs = keptMs;
    this.#url = url;
    this.#prefix = `{${prefix}}:`;
    this.#deadlineMs = deadlineMs;
    this.#clock = clock;
  }

  async save(key: CheckpointKey, { bytes, epoch }: Checkpoint): Promise<"saved" | "stale"> {
    const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const [outcome] = await this.#ask("save", [nameOf(key), String(epoch), view, String(this.keptMs)]);
    return outcome?.toString() === "stale" ? "stale" : "saved";
  }

  async load(key: CheckpointKey): Promise<FoundCheckpoint> {
    const [, epoch, bytes] = await this.#ask("load", [nameOf(key)]);
    if (epoch === undefined || bytes === undefined) return { state: "none" };
    return { state: "found", checkpoint: { bytes: new Uint8Array(bytes), epoch: Number(epoch.toString()) } };
  }

  async list(): Promise<readonly CheckpointKey[]> {
    return (await this.#ask("list", [])).map((name) => keyOf(name.toString()));
  }

  async remove(key: CheckpointKey, epoch: number): Promise<"removed" | "stale"> {
    const [outcome] = await this.#ask("remove", [nameOf(key), String(epoch)]);
    return outcome?.toString() === "stale" ? "stale" : "removed";
  }

  /** Ends the connection; what is asked from now on rejects. */
  close(): void {
    this.#isClosed = true;
    const client = this.#client;
    this.#client = undefined;
    client?.then(
      (open) => open.destroy(),
      () => {},
    );
  }

  async #ask(name: StoreScript, words: readonly (string | Buffer)[]): Promise<readonly Buffer[]> {
    if (this.#isClosed) throw new Error("the store was closed");
    this.#client ??= connect(this.#url, this.#deadlineMs);
    const asked = this.#client;
    let release: Release = () => {};
    const late = new Promise<never>((_, reject) => {
      release = this.#clock.after(this.#deadlineMs, () =>
        reject(new Error(`Redis has not answered within ${this.#deadlineMs} ms`)),
      );
    });
    const answer = asked.then((client) => client.run(name, [this.#prefix, ...words]));
    try {
      return await Promise.race([answer, late]);
    } catch (error) {
      answer.catch(() => {});
      // What Redis itself complains of, such as too little memory, is no reason for another connection.
      if (!isReply(error)) this.#giveUp(asked);
      throw error;
    } finally {
      release();
    }
  }

  #giveUp(client: Promise<StoreClient>): void {
    if (this.#client === client) this.#client = undefined;
    client.then(
      (open) => open.destroy(),
      () => {},
    );
  }
}

const isReply = (error: unknown): boolean => error instanceof Error && error.name === "SimpleError";

/** Loads the `redis` package: who has no store there does without it. */
async function connect(url: string, connectTimeout: number): Promise<StoreClient> {
  const { createClient, RESP_TYPES } = await import("redis");
  const client = createClient({
    ...(url.startsWith("/") ? {} : { url }),
    socket: {
      ...(url.startsWith("/") && { path: url, tls: false }),
      connectTimeout,
      reconnectStrategy: false,
    },
    disableOfflineQueue: true,
    maintNotifications: "disabled",
  });
  // Whoever asks is told by the rejection.
  client.on("error", () => {});
  await client.connect();
  const binary = client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
  const send = (words: readonly (string | Buffer)[]): Promise<readonly Buffer[]> =>
    binary.sendCommand([...words]);
  return {
    run: async (name, words) => {
      try {
        return await send(["EVALSHA", hashes[name], "1", ...words]);
      } catch (error) {
        if (!String((error as Error).message).startsWith("NOSCRIPT")) throw error;
        return send(["EVAL", storeScripts[name], "1", ...words]);
      }
    },
    destroy: () => client.destroy(),
  };
}

/** Two parts that hold no colon, so that one is between them. */
function nameOf({ game, room }: CheckpointKey): string {
  return `${encodeURIComponent(game)}:${encodeURIComponent(room)}`;
}

function keyOf(name: string): CheckpointKey {
  const [game = "", room = ""] = name.split(":").map(decodeURIComponent);
  return { game, room };
}
