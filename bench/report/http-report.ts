import type { EndpointFigures } from "../run/messages.ts";
import type { HttpPhase, RawHttpRun } from "../run/run-http.ts";
import { type HttpLoad, http } from "../scenarios/http.ts";
import type { Percentiles } from "../statistics/latency-histogram.ts";
import { useOf } from "./core-use.ts";
import type { MachineFacts } from "./machine.ts";
import { doubts } from "./trust.ts";

/** One address under load. Latencies are milliseconds from sending a request to its whole answer. */
interface EndpointReport extends Pick<EndpointFigures, "name" | "latencyMs" | "errors" | "non2xx"> {
  readonly requestsPerSecond: number;
}

/** A figure without requests, and with them. */
interface Compared<Figure> {
  readonly quiet: Figure;
  readonly loaded: Figure;
}

/** What `--json` writes for the HTTP scenario. */
export interface HttpReport extends HttpLoad {
  readonly scenario: string;
  readonly endpoints: readonly EndpointReport[];
  /** How late the ticks of the rooms with players began. */
  readonly latenessMs: Compared<Percentiles>;
  /** Share of one core, as is the next. */
  readonly serverCpu: Compared<number>;
  /** Players and requests together, in the window with requests. */
  readonly loadCpu: number;
  readonly machine: MachineFacts;
  readonly trustworthy: boolean;
  /** Why not, as sentences. */
  readonly reasons: readonly string[];
  /** Why the run counts as failed, as sentences; empty: it does not. */
  readonly failures: readonly string[];
}

/** Turns what a run brought to light into figures, and says where it failed or may mislead. */
export function httpReport(run: RawHttpRun, machine: MachineFacts): HttpReport {
  const { load, quiet, loaded, endpoints } = run;
  const seconds = loaded.clients.wallMs / 1000;
  const reasons = reasonsForDoubt(run, machine);
  return {
    scenario: http.name,
    ...load,
    endpoints: endpoints.map(({ name, answered, latencyMs, errors, non2xx }) => ({
      name,
      requestsPerSecond: answered / seconds,
      latencyMs,
      errors,
      non2xx,
    })),
    latenessMs: { quiet: quiet.server.latenessMs, loaded: loaded.server.latenessMs },
    serverCpu: { quiet: serverCpu(quiet), loaded: serverCpu(loaded) },
    loadCpu: useOf(loaded).loadCpu,
    machine,
    trustworthy: reasons.length === 0,
    reasons,
    failures: failures(run),
  };
}

function reasonsForDoubt(run: RawHttpRun, machine: MachineFacts): string[] {
  const whenBusy = "take requests a second as a lower bound, and their latencies as an upper one";
  return [
    ...doubts([useOf(run.quiet), useOf(run.loaded)], machine, true, whenBusy),
    ...(run.sameClock === true
      ? []
      : ["server and load do not name a common clock: they may have measured different windows"]),
  ];
}

function failures({ quiet, loaded, endpoints, lost }: RawHttpRun): string[] {
  // Counted since the server started.
  const quietSlips = quiet.server.slips;
  const loadedSlips = loaded.server.slips - quietSlips;
  return [
    ...endpoints.flatMap(({ name, answeredAtAll, errors, non2xx }) => [
      ...(answeredAtAll === 0 ? [`${name}: no request was answered with 2xx`] : []),
      ...(errors > 0 ? [`${name}: ${errors} requests were left without an answer`] : []),
      ...(non2xx > 0 ? [`${name}: ${non2xx} answers were not 2xx`] : []),
    ]),
    ...(quietSlips > 0 ? [`without requests the server could not keep up: ${slipped(quietSlips)}`] : []),
    ...(loadedSlips > 0 ? [`under requests the server could not keep up: ${slipped(loadedSlips)}`] : []),
    ...(lost.length > 0 ? [`${lost.length} players lost their connection: ${lost[0]}`] : []),
  ];
}

const slipped = (count: number): string => `its ticks slipped ${count === 1 ? "once" : `${count} times`}`;

function serverCpu({ server }: HttpPhase): number {
  return server.cpuUs / 1000 / server.wallMs;
}
