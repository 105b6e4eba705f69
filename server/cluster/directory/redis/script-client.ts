import type { CommandParser } from "redis";
import { allScripts, type ScriptName } from "./scripts/all-scripts.ts";

/** One connection to Redis, from its making to its end: it does not come back by itself. */
export interface ScriptClient {
  /** Settles once scripts can be run. */
  connect(): Promise<void>;
  run(name: ScriptName, prefix: string, payload: string): Promise<readonly string[]>;
  /** Ends it at once; what is under way rejects. */
  destroy(): void;
}

export interface ScriptClientOptions {
  /** `redis://`, `rediss://`, or the path of a Unix socket. */
  readonly url: string;
  readonly connectMs: number;
  /** The connection is gone. */
  readonly onLost: (reason: string) => void;
}

/** Questions that wait for an answer. Beyond: they are refused, as the directory is out of reach anyhow. */
const MOST_WAITING = 10_000;

/** Loads the `redis` package: a process without a directory does without it (about 23 MB and 0.2 s). */
export async function loadRedis(): Promise<(options: ScriptClientOptions) => ScriptClient> {
  const { createClient, defineScript } = await import("redis");
  const scriptOf = (name: ScriptName) =>
    defineScript({
      SCRIPT: allScripts[name].source,
      NUMBER_OF_KEYS: 1,
      parseCommand(parser: CommandParser, prefix: string, payload: string) {
        parser.pushKey(prefix);
        parser.push(payload);
      },
      transformReply: (reply: unknown) => reply as readonly string[],
    });
  const names = Object.keys(allScripts) as ScriptName[];
  const scripts = Object.fromEntries(names.map((name) => [name, scriptOf(name)])) as Record<
    ScriptName,
    ReturnType<typeof scriptOf>
  >;
  return ({ url, connectMs, onLost }) => {
    const client = createClient({
      scripts,
      ...(url.startsWith("/") ? {} : { url }),
      socket: {
        ...(url.startsWith("/") && { path: url, tls: false }),
        connectTimeout: connectMs,
        reconnectStrategy: false,
      },
      disableOfflineQueue: true,
      commandsQueueMaxLength: MOST_WAITING,
      maintNotifications: "disabled",
    });
    client.on("error", (error: unknown) => onLost(error instanceof Error ? error.message : String(error)));
    return {
      connect: async () => void (await client.connect()),
      run: (name, prefix, payload) => client[name](prefix, payload),
      destroy: () => client.destroy(),
    };
  };
}
