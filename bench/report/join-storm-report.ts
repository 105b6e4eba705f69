import type { TickPhases } from "../run/messages.ts";
import type { JoinPhase, RawJoinStormRun } from "../run/run-join-storm.ts";
import { type JoinStormFigure, type JoinStormLoad, joinStorm } from "../scenarios/join-storm.ts";
import type { Percentiles } from "../statistics/latency-histogram.ts";
import { judgeBounds } from "./bounds.ts";
import { useOf } from "./core-use.ts";
import type { MachineFacts } from "./machine.ts";
import type { TargetReport } from "./report.ts";
import { doubts } from "./trust.ts";

/** One window, for those who were there all the time. */
interface PhaseReport {
  /** From one tick of a player to the next, and from a tick's intended time to a player. */
  readonly gapMs: Percentiles;
  readonly latencyMs: Percentiles;
  readonly latenessMs: Percentiles;
  readonly phases: TickPhases | null;
  readonly serverCpu: number;
  readonly loadCpu: number;
}

/** What `--json` writes for a storm of joins. */
export interface JoinStormReport extends JoinStormLoad {
  readonly scenario: string;
  readonly hz: number;
  readonly joined: number;
  /** From the first who connected to the last who did, and to the first tick of the last. */
  readonly connectingMs: number;
  readonly lastInMs: number;
  /** From connecting to the first whole tick. */
  readonly joinMs: Percentiles;
  /** Of the ticks in which players entered: how many, and the most of each in one. */
  readonly entries: {
    readonly ticks: number;
    readonly joined: number;
    readonly keyframes: number;
    readonly streams: number;
    readonly latenessMs: number;
  };
  /** Keyframes of a tick beyond one a stream, over all ticks. */
  readonly keyframesBeyondStreams: number;
  readonly quiet: PhaseReport;
  readonly storm: PhaseReport;
  readonly targets: readonly TargetReport[];
  readonly machine: MachineFacts;
  readonly trustworthy: boolean;
  readonly reasons: readonly string[];
  readonly failures: readonly string[];
}

/** Turns what a run brought to light into figures, and says where it failed or may mislead. */
export function joinStormReport(run: RawJoinStormRun, machine: MachineFacts): JoinStormReport {
  const { load, quiet, storm, sameClock } = run;
  const entries = storm.server.entries ?? [];
  const most = (of: (entry: (typeof entries)[number]) => number): number => Math.max(0, ...entries.map(of));
  const keyframesBeyondStreams = entries.reduce(
    (sum, { keyframes, streams }) => sum + Math.max(0, keyframes - streams),
    0,
  );
  const figures: Record<JoinStormFigure, number> = {
    keyframesBeyondStreams,
    "latenessMs.max": most(({ latenessMs }) => latenessMs),
  };
  const reasons = doubts([useOf(quiet), useOf(storm)], machine, sameClock === true);
  return {
    scenario: joinStorm.name,
    ...load,
    hz: joinStorm.hz,
    joined: storm.clients.joined,
    connectingMs: storm.clients.connectingMs,
    lastInMs: storm.clients.lastInMs,
    joinMs: storm.clients.joinMs,
    entries: {
      ticks: entries.length,
      joined: most(({ joined }) => joined),
      keyframes: most(({ keyframes }) => keyframes),
      streams: most(({ streams }) => streams),
      latenessMs: figures["latenessMs.max"],
    },
    keyframesBeyondStreams,
    quiet: phaseReport(quiet),
    storm: phaseReport(storm),
    targets: judgeBounds(joinStorm.bounds, load, figures),
    machine,
    trustworthy: reasons.length === 0,
    reasons,
    failures: [
      ...phaseFailures("before the storm", quiet),
      ...phaseFailures("in the storm", storm),
      ...(storm.clients.joined === load.joiners
        ? []
        : [`${storm.clients.joined} of ${load.joiners} joined before the window ended`]),
      ...(keyframesBeyondStreams === 0
        ? []
        : [`${keyframesBeyondStreams} keyframes were encoded beyond one a stream and tick`]),
    ],
  };
}

function phaseReport(phase: JoinPhase): PhaseReport {
  const { server, clients } = phase;
  return {
    gapMs: clients.gapMs,
    latencyMs: clients.latencyMs,
    latenessMs: server.latenessMs,
    phases: server.phases,
    serverCpu: server.cpuUs / 1000 / server.wallMs,
    loadCpu: useOf(phase).loadCpu,
  };
}

function phaseFailures(when: string, { expectedTicks, server, clients }: JoinPhase): string[] {
  return [
    ...(clients.delivered === expectedTicks
      ? []
      : [`${when} ${clients.delivered} of ${expectedTicks} ticks reached those who were there`]),
    ...(clients.gaps > 0 ? [`${when} ${clients.gaps} of these did not follow the tick before`] : []),
    ...(server.slips > 0 ? [`${when} the server's ticks slipped, ${server.slips} times so far`] : []),
    ...(clients.lost[0] === undefined
      ? []
      : [`${when} ${clients.lost.length} connections were lost: ${clients.lost[0]}`]),
  ];
}
