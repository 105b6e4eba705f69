import { type ReconnectStormLoad, reconnectStorm, SETTLING_SECONDS } from "../scenarios/reconnect-storm.ts";
import { LEAD_MS, windowAfter } from "./measured-window.ts";
import type { RunSpec, ServerFigures } from "./messages.ts";
import { pinnedCores } from "./placement.ts";
import {
  type Processes,
  REPORT_WITHIN_MS,
  type RunEnvironment,
  START_WITHIN_MS,
  withProcesses,
} from "./processes.ts";
import type { FromReconnectStormLoad, ReconnectFigures } from "./trial-messages.ts";

/** Everything that one run brought to light. */
export interface RawReconnectStormRun {
  readonly load: ReconnectStormLoad;
  readonly sameClock: boolean | undefined;
  readonly server: ServerFigures;
  readonly clients: ReconnectFigures;
}

const WARMUP_SECONDS = 1;

/**
 * Runs the storm of cuts once, in fresh processes.
 *
 * Rejects where the run did not come to its end; its processes are gone by then.
 */
export function runReconnectStorm(
  load: ReconnectStormLoad,
  environment: RunEnvironment,
): Promise<RawReconnectStormRun> {
  const { placement, progress } = environment;
  const { clients: clientCount, cuts } = load;
  const { hz, name } = reconnectStorm;
  const seconds = load.seconds + SETTLING_SECONDS;
  const joinWithinMs = 10_000 + clientCount * 20;
  const spec: RunSpec = {
    scenario: name,
    rooms: 1,
    clients: clientCount,
    cuts,
    hz,
    seconds,
    warmupSeconds: WARMUP_SECONDS,
    mirrors: 0,
    maxTicks: Math.ceil(hz * (joinWithinMs / 1000 + WARMUP_SECONDS + seconds + 2)),
    cores: pinnedCores(placement),
  };
  const run = async ({
    server,
    clients,
  }: Processes<FromReconnectStormLoad>): Promise<RawReconnectStormRun> => {
    progress("starting");
    server.send({ type: "start", spec, port: 0 });
    const { port } = await server.expect("ready", START_WITHIN_MS);
    clients.onOther = (message) => {
      if (message.type === "joining") progress(`${message.joined} of ${clientCount} clients joined`);
    };
    clients.send({ type: "start", spec, port });
    const { epoch, tick, sameClock } = await clients.expect("ready", joinWithinMs);
    const window = windowAfter(tick, epoch, spec);
    const withinMs = LEAD_MS + (WARMUP_SECONDS + seconds + 1) * 1000 + REPORT_WITHIN_MS;
    progress(`${cuts} cuts in ${load.seconds} s`);
    server.send({ type: "measure", window });
    clients.send({ type: "measure", window });
    const [ofServer, ofClients] = await Promise.all([
      server.expect("measured", withinMs),
      clients.expect("survived", withinMs),
    ]);
    return { load, sameClock, server: ofServer.figures, clients: ofClients.figures };
  };
  const module = new URL("../load/reconnect-storm-process.js", import.meta.url);
  return withProcesses("tickcast", module, environment, run);
}
