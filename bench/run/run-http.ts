import { TAIL_SECONDS } from "../load/http-load.ts";
import { type HttpLoad, http } from "../scenarios/http.ts";
import { LEAD_MS, windowAfter } from "./measured-window.ts";
import type {
  EndpointFigures,
  FromHttpLoad,
  LoadUse,
  MeasuredWindow,
  RunSpec,
  ServerFigures,
} from "./messages.ts";
import { pinnedCores } from "./placement.ts";
import {
  type Processes,
  REPORT_WITHIN_MS,
  type RunEnvironment,
  START_WITHIN_MS,
  withProcesses,
} from "./processes.ts";

/** What both processes measured over one window. */
export interface HttpPhase {
  readonly server: ServerFigures;
  readonly clients: LoadUse;
}

/** Everything that one run brought to light. */
export interface RawHttpRun {
  readonly load: HttpLoad;
  readonly sameClock: boolean | undefined;
  /** Players alone. */
  readonly quiet: HttpPhase;
  /** Players, and requests. */
  readonly loaded: HttpPhase;
  readonly endpoints: readonly EndpointFigures[];
  /** Players whose connection ended, with what was told. */
  readonly lost: readonly string[];
}

/** Thrown away before each window: players settle in, then connections are made and code is compiled. */
const WARMUP_SECONDS = 1;

/**
 * Runs the HTTP scenario once, in fresh processes: a window with players alone, and right after it, on the same
 * server, one with requests.
 *
 * Rejects where the run did not come to its end; its processes are gone by then.
 */
export function runHttp(load: HttpLoad, environment: RunEnvironment): Promise<RawHttpRun> {
  const { placement, progress } = environment;
  const { rooms, players, seconds, connections } = load;
  const { hz } = http;
  const clientCount = rooms * players;
  const joinWithinMs = 10_000 + clientCount * 10;
  const measuringMs = LEAD_MS + (WARMUP_SECONDS + seconds + 1) * 1000 + REPORT_WITHIN_MS;
  const spec: RunSpec = {
    scenario: http.name,
    rooms,
    clients: clientCount,
    hz,
    seconds,
    warmupSeconds: WARMUP_SECONDS,
    mirrors: 0,
    maxTicks: Math.ceil(hz * (joinWithinMs / 1000 + 2 * (WARMUP_SECONDS + seconds + 2))),
    cores: pinnedCores(placement),
  };
  const run = async ({ server, clients }: Processes<FromHttpLoad>): Promise<RawHttpRun> => {
    progress("starting");
    server.send({ type: "start", spec, port: 0 });
    const { port } = await server.expect("ready", START_WITHIN_MS);
    clients.onOther = (message) => {
      if (message.type === "joining") progress(`${message.joined} of ${clientCount} players joined`);
    };
    clients.send({ type: "start", spec, port });
    const { epoch, tick, sameClock } = await clients.expect("ready", joinWithinMs);

    const quietly = windowAfter(tick, epoch, spec);
    progress(`measuring ${seconds} s without requests`);
    server.send({ type: "measure", window: quietly });
    clients.send({ type: "measure", window: quietly });
    const [quietServer, quietClients] = await Promise.all([
      server.expect("measured", measuringMs),
      clients.expect("measured", measuringMs),
    ]);

    const busily: MeasuredWindow = windowAfter(quietly.toTick, epoch, spec);
    progress(`measuring ${seconds} s with ${connections} connections that request`);
    server.send({ type: "measure", window: busily });
    clients.send({ type: "request", window: busily, connections });
    const [loadedServer, requested] = await Promise.all([
      server.expect("measured", measuringMs),
      clients.expect("requested", measuringMs + TAIL_SECONDS * 1000),
    ]);
    return {
      load,
      sameClock,
      quiet: { server: quietServer.figures, clients: quietClients.use },
      loaded: { server: loadedServer.figures, clients: requested.use },
      endpoints: requested.endpoints,
      lost: requested.lost,
    };
  };
  const module = new URL("../load/http-load-process.js", import.meta.url);
  return withProcesses("tickcast", module, environment, run);
}
