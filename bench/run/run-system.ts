import { periodMs } from "../../shared/tick/tick.ts";
import type { Load, Scenario, SystemName } from "../scenarios/scenario.ts";
import { systems } from "../systems/systems.ts";
import { Child } from "./child.ts";
import type {
  FromLoad,
  FromServer,
  LoadFigures,
  MeasuredWindow,
  RunSpec,
  ServerFigures,
} from "./messages.ts";
import type { Placement } from "./placement.ts";

/** What a run is done with. */
export interface RunEnvironment {
  readonly placement: Placement;
  /** Ends the run, and its processes with it. */
  readonly signal: AbortSignal;
  /** A folder for CPU profiles of the servers; absent: none are made. */
  readonly profileFolder: string | undefined;
  readonly progress: (says: string) => void;
}

/** Everything that one run of one system brought to light. */
export interface RawRun {
  readonly system: SystemName;
  readonly load: Load;
  readonly window: MeasuredWindow;
  readonly sameClock: boolean | undefined;
  readonly server: ServerFigures;
  readonly clients: LoadFigures;
}

const START_WITHIN_MS = 30_000;
/** From the last that joined to the start of the warm-up: both processes are told meanwhile. */
const LEAD_MS = 250;
/** Beyond its planned end a run may take so long to tell its figures. */
const REPORT_WITHIN_MS = 5_000;

/**
 * Runs one system once, in fresh processes: one for the server, one for all clients.
 *
 * Rejects where the run did not come to its end; its processes are gone by then.
 */
export async function runSystem(
  scenario: Scenario,
  system: SystemName,
  load: Load,
  environment: RunEnvironment,
): Promise<RawRun> {
  const { placement, signal, profileFolder, progress } = environment;
  signal.throwIfAborted();
  const { entry, hasState } = systems[system];
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
  const clients = new Child<FromLoad>({
    name: "load",
    module: new URL("../load/load-process.js", import.meta.url),
    core: placement.pinned ? placement.loadCore : undefined,
  });
  const interrupted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  const joinWithinMs = 10_000 + load.clients * 10;
  const spec: RunSpec = {
    ...load,
    // Only what keeps state can be mirrored; the rest gets plain clients instead, as many in all.
    mirrors: hasState ? load.mirrors : 0,
    scenario: scenario.name,
    maxTicks: Math.ceil(load.hz * (joinWithinMs / 1000 + load.warmupSeconds + load.seconds + 2)),
    cores: placement.pinned ? [placement.serverCore, placement.loadCore] : undefined,
  };
  const run = async (): Promise<RawRun> => {
    progress(`${system}: starting`);
    server.send({ type: "start", spec, port: 0 });
    const { port } = await server.expect("ready", START_WITHIN_MS);
    clients.onOther = (message) => {
      if (message.type === "joining") progress(`${system}: ${message.joined} of ${load.clients} joined`);
    };
    clients.send({ type: "start", spec, port });
    const { epoch, tick, sameClock } = await clients.expect("ready", joinWithinMs);
    const window = windowAfter(tick, epoch, load);
    server.send({ type: "measure", window });
    clients.send({ type: "measure", window });
    progress(`${system}: measuring ${load.seconds} s after ${load.warmupSeconds} s of warm-up`);
    const withinMs = LEAD_MS + (load.warmupSeconds + load.seconds + 1) * 1000 + REPORT_WITHIN_MS;
    const [fromServer, fromClients] = await Promise.all([
      server.expect("measured", withinMs),
      clients.expect("measured", withinMs),
    ]);
    return {
      system,
      load,
      window,
      sameClock,
      server: fromServer.figures,
      clients: fromClients.figures,
    };
  };
  try {
    return await Promise.race([run(), interrupted]);
  } finally {
    // The clients first: to a server that goes first, they would all lose their connection.
    await clients.stop();
    await server.stop();
  }
}

/**
 * The window begins with a whole second of the room's time, so that runs whose clients took about as long to
 * join measure the very same ticks.
 */
function windowAfter(tick: number, epoch: number, { hz, seconds, warmupSeconds }: Load): MeasuredWindow {
  const earliest = tick + (LEAD_MS / 1000 + warmupSeconds) * hz;
  const fromTick = Math.ceil(Math.ceil(earliest / hz) * hz);
  const toTick = fromTick + Math.max(1, Math.round(seconds * hz));
  return { epoch, periodMs: periodMs(hz), fromTick, toTick };
}
