import { type SlowReadersLoad, slowReaders } from "../scenarios/slow-readers.ts";
import { LEAD_MS, windowAfter } from "./measured-window.ts";
import type { MeasuredWindow, RunSpec, ServerFigures } from "./messages.ts";
import { pinnedCores } from "./placement.ts";
import {
  type Processes,
  REPORT_WITHIN_MS,
  type RunEnvironment,
  START_WITHIN_MS,
  withProcesses,
} from "./processes.ts";
import type { FromSlowReadersLoad, ReadersFigures } from "./trial-messages.ts";

/** What both processes measured over one window. */
export interface ReadersWindow {
  readonly window: MeasuredWindow;
  readonly server: ServerFigures;
  readonly clients: ReadersFigures;
}

/** Two windows, one right after the other. */
export interface ReadersPair {
  /** Slow players did not read. */
  readonly stalled: ReadersWindow;
  /** Everyone read. */
  readonly reading: ReadersWindow;
}

/** Everything that one run brought to light. */
export interface RawSlowReadersRun {
  readonly load: SlowReadersLoad;
  readonly sameClock: boolean | undefined;
  readonly pairs: readonly ReadersPair[];
}

/** Before the first window, while V8 goes on compiling. */
const WARMUP_SECONDS = 4;

/**
 * Runs windows with and without slow readers in turn, on one server: the two of a pair meet the same process a
 * few seconds apart, and which of them is first changes from pair to pair.
 *
 * Rejects where the run did not come to its end; its processes are gone by then.
 */
export function runSlowReaders(
  load: SlowReadersLoad,
  environment: RunEnvironment,
): Promise<RawSlowReadersRun> {
  const { placement, progress } = environment;
  const { clients: clientCount, slow, mirrors, seconds, pairs } = load;
  const { hz, name } = slowReaders;
  const joinWithinMs = 10_000 + clientCount * 10;
  const spec: RunSpec = {
    scenario: name,
    rooms: 1,
    clients: clientCount,
    slow,
    mirrors,
    hz,
    seconds,
    warmupSeconds: WARMUP_SECONDS,
    maxTicks: Math.ceil(hz * (joinWithinMs / 1000 + WARMUP_SECONDS + 2 * pairs * (seconds + 2))),
    cores: pinnedCores(placement),
  };
  const run = async ({ server, clients }: Processes<FromSlowReadersLoad>): Promise<RawSlowReadersRun> => {
    progress("starting");
    server.send({ type: "start", spec, port: 0 });
    const { port } = await server.expect("ready", START_WITHIN_MS);
    clients.onOther = (message) => {
      if (message.type === "joining") progress(`${message.joined} of ${clientCount} players joined`);
    };
    clients.send({ type: "start", spec, port });
    const { epoch, tick, sameClock } = await clients.expect("ready", joinWithinMs);

    let last = tick;
    let slippedMs = 0;
    let warmupSeconds = WARMUP_SECONDS;
    const measure = async (type: "stall" | "measure"): Promise<ReadersWindow> => {
      const window = windowAfter(last, epoch + slippedMs, { hz, seconds, warmupSeconds });
      const withinMs = LEAD_MS + (warmupSeconds + seconds + 2) * 1000 + REPORT_WITHIN_MS;
      last = window.toTick;
      warmupSeconds = 0;
      server.send({ type: "measure", window });
      clients.send({ type, window });
      const [ofServer, ofClients] = await Promise.all([
        server.expect("measured", withinMs),
        clients.expect("read", withinMs),
      ]);
      // A slip spoils its window; those after it go by the epoch that counts from there on.
      slippedMs = ofServer.figures.slippedMs ?? 0;
      return { window, server: ofServer.figures, clients: ofClients.figures };
    };
    const measured: ReadersPair[] = [];
    for (let pair = 1; pair <= pairs; pair++) {
      progress(`pair ${pair} of ${pairs}: ${seconds} s with and ${seconds} s without slow readers`);
      const first = await measure(pair % 2 === 1 ? "stall" : "measure");
      const second = await measure(pair % 2 === 1 ? "measure" : "stall");
      const [stalled, reading] = pair % 2 === 1 ? [first, second] : [second, first];
      measured.push({ stalled, reading });
    }
    return { load, sameClock, pairs: measured };
  };
  const module = new URL("../load/slow-readers-process.js", import.meta.url);
  return withProcesses("tickcast", module, environment, run);
}
