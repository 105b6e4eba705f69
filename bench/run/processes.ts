import type { SystemName } from "../scenarios/scenario.ts";
import { systems } from "../systems/systems.ts";
import { Child } from "./child.ts";
import type { FromServer } from "./messages.ts";
import type { Placement } from "./placement.ts";

/** What a run is done with. */
export interface RunEnvironment {
  readonly placement: Placement;
  /** Ends the run, and its processes with it. */
  readonly signal: AbortSignal;
  /** A folder for CPU profiles of the servers; absent: none are made. */
  readonly profileFolder: string | undefined;
  readonly progress: (says: string) => void;
  /** By what share Tickcast's server is made slower, to see whether that is found; absent: by none. */
  readonly slowDown?: number;
}

/** The two processes of a run, alive as long as it. */
export interface Processes<FromClients extends { readonly type: string }> {
  readonly server: Child<FromServer>;
  readonly clients: Child<FromClients>;
}

/** Processes take so long to start at most. */
export const START_WITHIN_MS = 30_000;
/** Beyond its planned end a run may take so long to tell its figures. */
export const REPORT_WITHIN_MS = 5_000;

/**
 * Starts a system's server and a load process, each on its core, and lets them run.
 *
 * Rejects where the run does or is interrupted; its processes are gone by then.
 *
 * @param load the module of the load process
 * @param entry the module of the server, where it is not the system's own
 */
export async function withProcesses<FromClients extends { readonly type: string }, Result>(
  system: SystemName,
  load: URL,
  { placement, signal, profileFolder }: RunEnvironment,
  run: (processes: Processes<FromClients>) => Promise<Result>,
  entry = systems[system].entry,
): Promise<Result> {
  signal.throwIfAborted();
  const server = new Child<FromServer>({
    name: `${system} server`,
    module: entry,
    core: placement.pinned ? placement.serverCore : undefined,
    nodeFlags:
      profileFolder === undefined
        ? []
        : [
            "--cpu-prof",
            `--cpu-prof-dir=${profileFolder}`,
            `--cpu-prof-name=${system}-${Date.now()}.cpuprofile`,
          ],
  });
  const clients = new Child<FromClients>({
    name: "load",
    module: load,
    core: placement.pinned ? placement.loadCore : undefined,
  });
  const over = new AbortController();
  const interrupted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true, signal: over.signal });
  });
  try {
    return await Promise.race([run({ server, clients }), interrupted]);
  } finally {
    over.abort();
    // The clients first: to a server that goes first, they would all lose their connection.
    await clients.stop();
    await server.stop();
  }
}
