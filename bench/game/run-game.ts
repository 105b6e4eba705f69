import { LEAD_MS, windowAfter } from "../run/measured-window.ts";
import type { FromLoad } from "../run/messages.ts";
import { pinnedCores } from "../run/placement.ts";
import {
  type Processes,
  REPORT_WITHIN_MS,
  type RunEnvironment,
  START_WITHIN_MS,
  withProcesses,
} from "../run/processes.ts";
import type { RawRun } from "../run/run-system.ts";
import type { Load } from "../scenarios/scenario.ts";
import type { GameRunSpec } from "./game-spec.ts";
import type { GameModules } from "./load-game.ts";

/** Everybody may join so slowly at most: SDK clients keep a whole state each. */
const JOIN_MS_A_BOT = 25;

/**
 * Plays somebody's own game once, in fresh processes: its server on one core, all of its bots on another. Where there is
 * a recording they do what its players did.
 *
 * Rejects where the run did not come to its end; its processes are gone by then.
 */
export function runGame(
  { recording, ...modules }: GameModules & { readonly recording?: string | undefined },
  load: Load,
  seed: number,
  environment: RunEnvironment,
): Promise<RawRun> {
  const { placement, progress } = environment;
  const joinWithinMs = 15_000 + load.clients * JOIN_MS_A_BOT;
  const spec: GameRunSpec = {
    ...load,
    scenario: "game",
    rooms: 1,
    maxTicks: Number.MAX_SAFE_INTEGER,
    cores: pinnedCores(placement),
    modules: { room: modules.room.href, bot: modules.bot.href },
    ...(recording !== undefined && { recording }),
    seed,
  };
  const run = async ({ server, clients }: Processes<FromLoad>): Promise<RawRun> => {
    progress("starting");
    server.send({ type: "start", spec, port: 0 });
    const { port } = await server.expect("ready", START_WITHIN_MS);
    clients.onOther = (message) => {
      if (message.type === "joining") progress(`${message.joined} of ${load.clients} bots joined`);
    };
    clients.send({ type: "start", spec, port });
    const { epoch, tick, sameClock } = await clients.expect("ready", joinWithinMs);
    const window = windowAfter(tick, epoch, load);
    server.send({ type: "measure", window });
    clients.send({ type: "measure", window });
    progress(`measuring ${load.seconds} s after ${load.warmupSeconds} s of warm-up`);
    const withinMs = LEAD_MS + (load.warmupSeconds + load.seconds + 1) * 1000 + REPORT_WITHIN_MS;
    const [fromServer, fromClients] = await Promise.all([
      server.expect("measured", withinMs),
      clients.expect("measured", withinMs),
    ]);
    return {
      system: "tickcast",
      load,
      window,
      sameClock,
      server: fromServer.figures,
      clients: fromClients.figures,
    };
  };
  return withProcesses(
    "tickcast",
    new URL("./game-load-process.js", import.meta.url),
    environment,
    run,
    new URL("./game-server-process.js", import.meta.url),
  );
}
