import type { EchoFigures } from "../run/messages.ts";
import type { RawEchoRun } from "../run/run-echo.ts";
import { type EchoLoad, type EchoWay, echo } from "../scenarios/echo.ts";
import type { Percentiles } from "../statistics/latency-histogram.ts";
import type { MachineFacts } from "./machine.ts";
import type { TargetReport } from "./report.ts";
import { doubts } from "./trust.ts";

/** What `--json` writes for the echo scenario. */
export interface EchoReport extends EchoLoad {
  readonly scenario: string;
  /** Milliseconds from sending to the answer: of a request to the close of the tick that brings its reply. */
  readonly request: EchoFigures;
  readonly ping: EchoFigures;
  /** How late ticks began on the server. */
  readonly latenessMs: Percentiles;
  /** Share of one core, as is the next. */
  readonly serverCpu: number;
  readonly loadCpu: number;
  readonly targets: readonly TargetReport[];
  readonly machine: MachineFacts;
  readonly trustworthy: boolean;
  /** Why not, as sentences. */
  readonly reasons: readonly string[];
  /** Why the run counts as failed, as sentences; empty: it does not. */
  readonly failures: readonly string[];
}

/** Turns what a run brought to light into figures, and says where it failed or may mislead. */
export function echoReport(run: RawEchoRun, machine: MachineFacts): EchoReport {
  const { load, server, clients, sameClock } = run;
  const loadCpu = clients.use.cpuUs / 1000 / clients.use.wallMs;
  const busyMs = (server.cpuUs + clients.use.cpuUs) / 1000;
  const otherCpu = Math.max(0, clients.use.machineBusyMs - busyMs) / clients.use.wallMs;
  // Both ends of a round trip are read in one process.
  const reasons = doubts([{ loadCpu, otherCpu }], machine, true);
  if (sameClock !== true) reasons.push("server and load may have measured different windows");
  return {
    scenario: echo.name,
    ...load,
    request: clients.request,
    ping: clients.ping,
    latenessMs: server.latenessMs,
    serverCpu: server.cpuUs / 1000 / server.wallMs,
    loadCpu,
    targets: echo.targets.map(({ says, way, atMostMs }) => {
      const atMost = atMostMs(load.hz);
      const measured = clients[way].latencyMs.p99;
      return { says, atMost, measured, met: measured <= atMost };
    }),
    machine,
    trustworthy: reasons.length === 0,
    reasons,
    failures: failures(run),
  };
}

function failures({ server, clients }: RawEchoRun): string[] {
  const unanswered = (way: EchoWay): string[] => {
    const { sent, answered } = clients[way];
    if (sent === 0) return [`no ${way} was sent`];
    return answered === sent ? [] : [`${answered} of ${sent} ${way}s were answered`];
  };
  return [
    ...unanswered("request"),
    ...unanswered("ping"),
    ...(server.slips > 0 ? [`the server could not keep up: its ticks slipped (${server.slips})`] : []),
    ...(clients.lost.length > 0 ? [`${clients.lost.length} connections were lost: ${clients.lost[0]}`] : []),
  ];
}
