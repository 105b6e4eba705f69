import { systemReport } from "../report/judge.ts";
import type { SystemReport } from "../report/report.ts";
import type { RunEnvironment } from "../run/processes.ts";
import { runPairs } from "../run/run-pairs.ts";
import { fanout } from "../scenarios/fanout.ts";
import type { Load, SystemName } from "../scenarios/scenario.ts";
import type { Baseline } from "./baseline.ts";
import { type Counted, count } from "./count.ts";
import { type Check, judgeCounts } from "./judge-counts.ts";
import { cpuLimit, judgeRatio, LATENCY_LIMIT, latencyCheck, MIN_PAIRS, ratioCheck } from "./judge-ratio.ts";

/** Tickcast's figures over the bare server's, one for each pair. */
export interface GateRatios {
  /** Server CPU per frame. */
  readonly ratios: readonly number[];
  /** From a tick's time to its last client, in the median tick. */
  readonly lastP50Ratios: readonly number[];
}

/** What was measured, without a judgement. */
export interface GateMeasured extends GateRatios {
  readonly counted: Counted;
  /** Why pairs came to nothing. */
  readonly spoilt: readonly string[];
}

/** Short, since pairs are many: one takes some ten seconds. */
const load: Load = { clients: 1000, hz: 20, seconds: 2, warmupSeconds: 0.5, mirrors: 0 };

/** The order changes from pair to pair: what comes second may find the processor warmer. */
const orders: readonly (readonly SystemName[])[] = [
  ["tickcast", "uws"],
  ["uws", "tickcast"],
];

/** So many pairs may come to nothing, as a busy machine spoils some, before the gate says so. */
const MAX_SPOILT = 8;

/**
 * The counters first, as they are certain and take seconds; then pairs of Tickcast and the bare server.
 *
 * @param isEnough asked after each pair
 * @param withinMs no pair begins later than this
 */
export async function measureGate(
  isEnough: (measured: GateRatios) => boolean,
  withinMs: number,
  environment: RunEnvironment,
): Promise<GateMeasured> {
  const { placement, progress } = environment;
  const beganAt = performance.now();
  progress("counting what a seeded game does");
  const counted = await count(placement.pinned ? placement.serverCore : undefined);
  const ratios: number[] = [];
  const lastP50Ratios: number[] = [];
  const spoilt: string[] = [];
  while (
    !isEnough({ ratios, lastP50Ratios }) &&
    spoilt.length <= MAX_SPOILT &&
    performance.now() - beganAt < withinMs
  ) {
    const pair = ratios.length + spoilt.length;
    const systems = orders[pair % orders.length] ?? [];
    const {
      pairs: [runs = []],
    } = await runPairs(fanout, load, {
      systems,
      beside: [],
      repeat: 1,
      environment: { ...environment, progress: (says) => progress(`pair ${pair + 1}, ${says}`) },
    });
    const reports = runs.map(systemReport);
    const failures = reports.flatMap(({ name, failures }) => failures.map((why) => `${name}: ${why}`));
    const [ours, bare] = [reportOf(reports, "tickcast"), reportOf(reports, "uws")];
    if (failures[0] === undefined) {
      ratios.push(ours.serverCpuUsPerFrame / bare.serverCpuUsPerFrame);
      lastP50Ratios.push(ours.latencyMs.last.p50 / bare.latencyMs.last.p50);
    } else spoilt.push(failures[0]);
  }
  return { counted, ratios, lastP50Ratios, spoilt };
}

function reportOf(reports: readonly SystemReport[], name: SystemName): SystemReport {
  const found = reports.find((report) => report.name === name);
  if (found === undefined) throw new Error(`${name} did not run`);
  return found;
}

/** Where it was measured: not everything that is committed counts everywhere. */
export interface GatePlace {
  readonly nodeMajor: string;
  /** The processor's model. */
  readonly cpu: string;
}

/** Whether these pairs decide, either way. Of the CPU, where nothing is committed, the fewest do. */
export function decides({ ratios, lastP50Ratios }: GateRatios, committed: number | undefined): boolean {
  const isDecided = (figures: readonly number[], limit: number): boolean =>
    judgeRatio(figures, limit).decision !== "undecided";
  if (ratios.length < MIN_PAIRS || !isDecided(lastP50Ratios, LATENCY_LIMIT)) return false;
  return committed === undefined || isDecided(ratios, cpuLimit(committed));
}

/** Everything that was measured beside what was committed. */
export function judgeGate(
  { counted, ratios, lastP50Ratios, spoilt }: GateMeasured,
  baseline: Baseline,
  { nodeMajor, cpu }: GatePlace,
): readonly Check[] {
  const counts = judgeCounts(counted, baseline, nodeMajor);
  const committed = baseline.cpuRatio[cpu];
  if (ratios.length >= MIN_PAIRS)
    return [...counts, ratioCheck(ratios, committed, cpu), latencyCheck(lastP50Ratios)];
  return [
    ...counts,
    {
      what: "server CPU per frame, p50 to the last client / bare uWS",
      committed: committed?.toFixed(3) ?? "–",
      measured: `${ratios.length} pairs`,
      verdict: "failed",
      because:
        `only ${ratios.length} of ${ratios.length + spoilt.length} pairs came to an end, ${MIN_PAIRS} are needed` +
        (spoilt[0] === undefined ? "" : `; ${spoilt[0]}`),
    },
  ];
}
