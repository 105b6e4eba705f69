import { type JoinStormLoad, joinStorm } from "../scenarios/join-storm.ts";
import { LEAD_MS, windowAfter } from "./measured-window.ts";
import type { RunSpec, ServerFigures, ToChild } from "./messages.ts";
import { pinnedCores } from "./placement.ts";
import {
  type Processes,
  REPORT_WITHIN_MS,
  type RunEnvironment,
  START_WITHIN_MS,
  withProcesses,
} from "./processes.ts";
import type { FromJoinStormLoad, JoinersFigures } from "./trial-messages.ts";

/** What both processes measured over one window. */
export interface JoinPhase {
  readonly expectedTicks: number;
  readonly server: ServerFigures;
  readonly clients: JoinersFigures;
}

/** Everything that one run brought to light. */
export interface RawJoinStormRun {
  readonly load: JoinStormLoad;
  readonly sameClock: boolean | undefined;
  /** Nobody joins. */
  readonly quiet: JoinPhase;
  readonly storm: JoinPhase;
}

/** Before the first window, while V8 goes on compiling. */
const WARMUP_SECONDS = 3;

/**
 * Runs the storm of joins once, in fresh processes: a quiet window, and right after it one in which it comes.
 *
 * Rejects where the run did not come to its end; its processes are gone by then.
 */
export function runJoinStorm(load: JoinStormLoad, environment: RunEnvironment): Promise<RawJoinStormRun> {
  const { placement, progress } = environment;
  const { clients: clientCount, joiners, seconds } = load;
  const { hz, name } = joinStorm;
  const joinWithinMs = 10_000 + clientCount * 10;
  const spec: RunSpec = {
    scenario: name,
    rooms: 1,
    clients: clientCount,
    hz,
    seconds,
    warmupSeconds: WARMUP_SECONDS,
    mirrors: 0,
    maxTicks: Math.ceil(hz * (joinWithinMs / 1000 + WARMUP_SECONDS + 2 * (seconds + 2))),
    cores: pinnedCores(placement),
  };
  const run = async ({ server, clients }: Processes<FromJoinStormLoad>): Promise<RawJoinStormRun> => {
    progress("starting");
    server.send({ type: "start", spec, port: 0 });
    const { port } = await server.expect("ready", START_WITHIN_MS);
    clients.onOther = (message) => {
      if (message.type === "joining") progress(`${message.joined} of ${clientCount} players are there`);
    };
    clients.send({ type: "start", spec, port });
    const { epoch, tick, sameClock } = await clients.expect("ready", joinWithinMs);

    const measure = async (
      after: number,
      warmupSeconds: number,
      tellClients: (window: ReturnType<typeof windowAfter>) => ToChild,
    ): Promise<JoinPhase & { readonly toTick: number }> => {
      const window = windowAfter(after, epoch, { hz, seconds, warmupSeconds });
      const withinMs = LEAD_MS + (warmupSeconds + seconds + 2) * 1000 + REPORT_WITHIN_MS;
      server.send({ type: "measure", window });
      clients.send(tellClients(window));
      const [ofServer, ofClients] = await Promise.all([
        server.expect("measured", withinMs),
        clients.expect("joined", withinMs),
      ]);
      const expectedTicks = clientCount * (window.toTick - window.fromTick);
      return {
        toTick: window.toTick,
        expectedTicks,
        server: ofServer.figures,
        clients: ofClients.figures,
      };
    };
    progress(`${seconds} s in which nobody joins`);
    const quiet = await measure(tick, WARMUP_SECONDS, (window) => ({ type: "measure", window }));
    progress(`${joiners} players join within a second`);
    const storm = await measure(quiet.toTick, 0, (window) => ({ type: "storm", window, joiners }));
    return { load, sameClock, quiet, storm };
  };
  const module = new URL("../load/join-storm-process.js", import.meta.url);
  return withProcesses("tickcast", module, environment, run);
}
