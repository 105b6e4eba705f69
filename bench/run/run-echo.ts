import { type EchoLoad, echo } from "../scenarios/echo.ts";
import { LEAD_MS, windowAfter } from "./measured-window.ts";
import type { FromEchoLoad, RunSpec, ServerFigures } from "./messages.ts";
import { pinnedCores } from "./placement.ts";
import {
  type Processes,
  REPORT_WITHIN_MS,
  type RunEnvironment,
  START_WITHIN_MS,
  withProcesses,
} from "./processes.ts";

/** Everything that one run brought to light. */
export interface RawEchoRun {
  readonly load: EchoLoad;
  readonly sameClock: boolean | undefined;
  readonly server: ServerFigures;
  readonly clients: Omit<Extract<FromEchoLoad, { type: "echoed" }>, "type">;
}

const WARMUP_SECONDS = 1;

/** Runs the echo scenario once, in fresh processes. Rejects where the run did not come to its end. */
export function runEcho(load: EchoLoad, environment: RunEnvironment): Promise<RawEchoRun> {
  const { placement, progress } = environment;
  const { clients: count, hz, rate, seconds } = load;
  const joinWithinMs = 10_000 + count * 10;
  const measuringMs = LEAD_MS + (WARMUP_SECONDS + seconds + 3) * 1000 + REPORT_WITHIN_MS;
  const spec: RunSpec = {
    scenario: echo.name,
    rooms: 1,
    clients: count,
    hz,
    seconds,
    warmupSeconds: WARMUP_SECONDS,
    mirrors: 0,
    echoRate: rate,
    maxTicks: Math.ceil(hz * ((joinWithinMs + measuringMs) / 1000)),
    cores: pinnedCores(placement),
  };
  const run = async ({ server, clients }: Processes<FromEchoLoad>): Promise<RawEchoRun> => {
    progress("starting");
    server.send({ type: "start", spec, port: 0 });
    const { port } = await server.expect("ready", START_WITHIN_MS);
    clients.send({ type: "start", spec, port });
    const { epoch, tick, sameClock } = await clients.expect("ready", joinWithinMs);
    const window = windowAfter(tick, epoch, spec);
    server.send({ type: "measure", window });
    clients.send({ type: "measure", window });
    progress(`measuring ${seconds} s`);
    const [{ figures }, { type: _, ...echoed }] = await Promise.all([
      server.expect("measured", measuringMs),
      clients.expect("echoed", measuringMs),
    ]);
    return { load, sameClock, server: figures, clients: echoed };
  };
  const module = new URL("../load/echo-load-process.js", import.meta.url);
  return withProcesses("tickcast", module, environment, run);
}
