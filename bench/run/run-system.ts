import type { Load, Scenario, SystemName } from "../scenarios/scenario.ts";
import { systems } from "../systems/systems.ts";
import { LEAD_MS, windowAfter } from "./measured-window.ts";
import type { FromLoad, LoadFigures, MeasuredWindow, RunSpec, ServerFigures } from "./messages.ts";
import { pinnedCores } from "./placement.ts";
import {
  type Processes,
  REPORT_WITHIN_MS,
  type RunEnvironment,
  START_WITHIN_MS,
  withProcesses,
} from "./processes.ts";

/** Everything that one run of one system brought to light. */
export interface RawRun {
  readonly system: SystemName;
  readonly load: Load;
  readonly window: MeasuredWindow;
  readonly sameClock: boolean | undefined;
  readonly server: ServerFigures;
  readonly clients: LoadFigures;
}

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
  const { placement, progress } = environment;
  const { hasState, sight, load: ownLoad } = systems[system];
  const joinWithinMs = 10_000 + load.clients * 10;
  const spec: RunSpec = {
    ...load,
    // Only what keeps state can be mirrored; the rest gets plain clients instead, as many in all.
    mirrors: hasState ? load.mirrors : 0,
    scenario: scenario.name,
    sight,
    rooms: load.rooms ?? 1,
    maxTicks: Math.ceil(load.hz * (joinWithinMs / 1000 + load.warmupSeconds + load.seconds + 2)),
    cores: pinnedCores(placement),
    ...(environment.slowDown !== undefined && { slowDown: environment.slowDown }),
  };
  const run = async ({ server, clients }: Processes<FromLoad>): Promise<RawRun> => {
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
  const module = ownLoad ?? new URL("../load/load-process.js", import.meta.url);
  return withProcesses(system, module, environment, run);
}
