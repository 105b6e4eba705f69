import type { DrillEnvironment } from "../drill.ts";
import type { WitnessCalls } from "../players/witnesses-process.ts";
import type { DrillServerSpec, Served } from "../server/drill-server.ts";
import type { ServerCalls } from "../server/drill-server-process.ts";
import { type Calls, Remote } from "./remote.ts";

/** Processes take so long to start at most. */
export const START_WITHIN_MS = 30_000;
/** For an answer that is there at once. */
export const SOON_MS = 10_000;

/** A server that has been started, and where it serves. */
export interface StartedServer {
  readonly remote: Remote<ServerCalls>;
  readonly served: Served;
}

/**
 * For a server whose memory is compared: V8 compiles nothing but bytecode, and makes all its tables at once. Otherwise
 * machine code and what belongs to it grow for tens of minutes on a server that has little to do, and cover what stays.
 */
export const STEADY_MEMORY: readonly string[] = [
  "--no-opt",
  "--no-sparkplug",
  "--no-lazy-feedback-allocation",
  "--no-flush-bytecode",
];

/**
 * For a server with one core to itself, as docs/operations.md recommends: otherwise four threads of V8 collect garbage and
 * compile, and the kernel gives the loop a fifth of the core beside them.
 */
const ONE_CORE: readonly string[] = ["--v8-pool-size=1"];

/** What is like it in most drills. */
export const plainServer: DrillServerSpec = {
  port: 0,
  rooms: [],
  lobbies: 0,
  limits: {},
  times: { graceMs: 20_000, emptyForMs: 600_000 },
  watchdogMs: 0,
  topics: "plain",
};

/** The processes of one drill: the server on one core, everything else on another. */
export class Stage {
  readonly #environment: DrillEnvironment;
  readonly #remotes: Remote<Calls>[] = [];
  #servers = 0;

  constructor(environment: DrillEnvironment) {
    this.#environment = environment;
  }

  /** @param nodeFlags beside those for a profile */
  async server(spec: Partial<DrillServerSpec>, nodeFlags: readonly string[] = []): Promise<StartedServer> {
    const { placement, profileFolder } = this.#environment;
    this.#servers += 1;
    const remote = this.#add(
      new Remote<ServerCalls>({
        name: "server",
        module: new URL("../server/drill-server-process.js", import.meta.url),
        core: placement.pinned ? placement.serverCore : undefined,
        nodeFlags: [
          ...(placement.pinned ? ONE_CORE : []),
          ...nodeFlags,
          ...(profileFolder === undefined
            ? []
            : [
                "--cpu-prof",
                `--cpu-prof-dir=${profileFolder}`,
                `--cpu-prof-name=drill-${this.#servers}-${Date.now()}.cpuprofile`,
              ]),
        ],
      }),
    );
    return { remote, served: await remote.call("start", { ...plainServer, ...spec }, START_WITHIN_MS) };
  }

  /** Players who were there before, so many in each room; they have closed a tick. */
  async witnesses(port: number, paths: readonly string[], each: number): Promise<Remote<WitnessCalls>> {
    const remote = this.load<WitnessCalls>(
      "witnesses",
      new URL("../players/witnesses-process.js", import.meta.url),
    );
    await remote.call("join", { port, paths, each }, START_WITHIN_MS);
    return remote;
  }

  /** A process on the core of the load. */
  load<Tasks extends Calls>(name: string, module: URL): Remote<Tasks> {
    const { placement } = this.#environment;
    return this.#add(
      new Remote<Tasks>({ name, module, core: placement.pinned ? placement.loadCore : undefined }),
    );
  }

  /** Ends all, the newest first: to a server that goes first, players would all lose their connection. */
  async clear(): Promise<void> {
    for (const remote of this.#remotes.toReversed()) await remote.stop();
  }

  #add<Tasks extends Calls>(remote: Remote<Tasks>): Remote<Tasks> {
    this.#remotes.push(remote as unknown as Remote<Calls>);
    return remote;
  }
}

/**
 * Lets a drill happen, and ends its processes with it.
 *
 * Rejects where the drill does or is interrupted.
 */
export async function onStage<Result>(
  environment: DrillEnvironment,
  play: (stage: Stage) => Promise<Result>,
): Promise<Result> {
  const { signal } = environment;
  signal.throwIfAborted();
  const stage = new Stage(environment);
  const over = new AbortController();
  const interrupted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true, signal: over.signal });
  });
  try {
    return await Promise.race([play(stage), interrupted]);
  } finally {
    over.abort();
    await stage.clear();
  }
}
