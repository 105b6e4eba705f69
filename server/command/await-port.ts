import type { ListenOptions } from "../transport/transport.ts";
import { isTaken } from "../transport/uws/listen-failure.ts";

const LOOK_MS = 500;

/**
 * Whether Node restarts this process when a source is saved, and only then: a server that ended because its port was taken
 * would not be there when the port is free.
 */
export const isWatched = (env: NodeJS.ProcessEnv): boolean => env.WATCH_REPORT_DEPENDENCIES !== undefined;

/** Settles when the port is free. Says once that it is not. */
export async function awaitPort(at: ListenOptions, say: (sentence: string) => void): Promise<void> {
  for (let look = 0; await isTaken(at); look++) {
    if (look === 0)
      say(`Port ${at.port} is taken: free it, or choose another one with --port. Waiting until it is free.`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
