import { systemReport } from "../report/judge.ts";
import type { RunEnvironment } from "../run/processes.ts";
import { runPairs } from "../run/run-pairs.ts";
import { fanout } from "../scenarios/fanout.ts";
import type { Load, SystemName } from "../scenarios/scenario.ts";
import type { Baseline } from "./baseline.ts";
import { type Counted, count } from "./count.ts";
import { type Check, judgeCounts } from "./judge-counts.ts";
import { judgeRatio, MIN_PAIRS, ratioCheck } from "./judge-ratio.ts";

/** What was measured, without a judgement. */
export interface GateMeasured {
  readonly counted: Counted;
  /** Server CPU per frame, Tickcast's over the bare server's, one for each pair. */
  readonly ratios: readonly number[];
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
  isEnough: (ratios: readonly number[]) => boolean,
  withinMs: number,
  environment: RunEnvironment,
): Promise<GateMeasured> {
  const { placement, progress } = environment;
  const beganAt = performance.now();
  progress("counting what a seeded game does");
  const counted = await count(placement.pinned ? placement.serverCore : undefined);
  const ratios: number[] = [];
  const spoilt: string[] = [];
  while (!isEnough(ratios) && spoilt.length <= MAX_SPOILT && performance.now() - beganAt < withinMs) {
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
    const cpu = (name: SystemName): number =>
      reports.find((report) => report.name === name)?.serverCpuUsPerFrame ?? Number.NaN;
    if (failures[0] === undefined) ratios.push(cpu("tickcast") / cpu("uws"));
    else spoilt.push(failures[0]);
  }
  return { counted, ratios, spoilt };
}

/** Where it was measured: not everything that is committed counts everywhere. */
export interface GatePlace {
  readonly nodeMajor: string;
  /** The processor's model. */
  readonly cpu: string;
}

/** Whether these pairs decide, either way. Where nothing is committed the fewest do. */
export function decides(ratios: readonly number[], committed: number | undefined): boolean {
  if (ratios.length < MIN_PAIRS) return false;
  return committed === undefined || judgeRatio(ratios, committed).decision !== "undecided";
}

/** Everything that was measured beside what was committed. */
export function judgeGate(
  { counted, ratios, spoilt }: GateMeasured,
  baseline: Baseline,
  { nodeMajor, cpu }: GatePlace,
): readonly Check[] {
  const counts = judgeCounts(counted, baseline, nodeMajor);
  const committed = baseline.cpuRatio[cpu];
  if (ratios.length >= MIN_PAIRS) return [...counts, ratioCheck(ratios, committed, cpu)];
  return [
    ...counts,
    {
      what: "server CPU per frame / bare uWS",
      committed: committed?.toFixed(3) ?? "–",
      measured: `${ratios.length} pairs`,
      verdict: "failed",
      because:
        `only ${ratios.length} of ${ratios.length + spoilt.length} pairs came to an end, ${MIN_PAIRS} are needed` +
        (spoilt[0] === undefined ? "" : `; ${spoilt[0]}`),
    },
  ];
}
