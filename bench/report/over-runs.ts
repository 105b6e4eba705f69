import type { TickPhases } from "../run/messages.ts";
import type { Percentiles } from "../statistics/latency-histogram.ts";
import { spread } from "../statistics/median.ts";
import type { SystemReport } from "./report.ts";

/**
 * One system over all of its runs: of every figure the median, at every percentage of a curve, too; of what is
 * counted the sum; and every failure. So each column of a table is of the same runs as the next one.
 *
 * @param shown the run that is told tick by tick
 */
export function overRuns(runs: readonly SystemReport[], shown: SystemReport): SystemReport {
  const of = (figure: (run: SystemReport) => number): number => spread(runs.map(figure)).median;
  const sum = (count: (run: SystemReport) => number): number =>
    runs.reduce((total, run) => total + count(run), 0);
  const percentiles = (pick: (run: SystemReport) => Percentiles): Percentiles => ({
    p50: of((run) => pick(run).p50),
    p90: of((run) => pick(run).p90),
    p99: of((run) => pick(run).p99),
    p999: of((run) => pick(run).p999),
    max: of((run) => pick(run).max),
  });
  const curve = (name: keyof SystemReport["curves"]): readonly number[] =>
    pointByPoint(runs.map(({ curves }) => curves[name]));
  return {
    ...shown,
    delivered: sum(({ delivered }) => delivered),
    expected: sum(({ expected }) => expected),
    latencyMs: {
      first: percentiles(({ latencyMs }) => latencyMs.first),
      last: percentiles(({ latencyMs }) => latencyMs.last),
      all: percentiles(({ latencyMs }) => latencyMs.all),
    },
    latenessMs: percentiles(({ latenessMs }) => latenessMs),
    curves: { first: curve("first"), last: curve("last"), all: curve("all") },
    serverCpuUsPerFrame: of(({ serverCpuUsPerFrame }) => serverCpuUsPerFrame),
    serverCpu: of(({ serverCpu }) => serverCpu),
    loadCpu: of(({ loadCpu }) => loadCpu),
    otherCpu: of(({ otherCpu }) => otherCpu),
    bytesPerClientPerSecond: of(({ bytesPerClientPerSecond }) => bytesPerClientPerSecond),
    framesPerClientPerTick: of(({ framesPerClientPerTick }) => framesPerClientPerTick),
    sentPerClientPerSecond: of(({ sentPerClientPerSecond }) => sentPerClientPerSecond),
    phases: phasesOver(runs.flatMap(({ phases }) => phases ?? [])),
    lateInputs: sum(({ lateInputs }) => lateInputs),
    hashesCompared: sum(({ hashesCompared }) => hashesCompared),
    remarks: remarksOver(runs),
    failures: runs.flatMap(({ failures }) => failures),
  };
}

/** Of runs in which something arrived: the others have no curve. */
function pointByPoint(curves: readonly (readonly number[])[]): readonly number[] {
  const drawn = curves.filter(({ length }) => length > 0);
  return (drawn[0] ?? []).map((_, at) => spread(drawn.flatMap((curve) => curve.slice(at, at + 1))).median);
}

function phasesOver(runs: readonly TickPhases[]): TickPhases | null {
  if (runs.length === 0) return null;
  const phase = (name: keyof TickPhases): TickPhases["step"] => ({
    meanMs: spread(runs.map((phases) => phases[name].meanMs)).median,
    p99Ms: spread(runs.map((phases) => phases[name].p99Ms)).median,
  });
  return { step: phase("step"), commit: phase("commit"), publish: phase("publish") };
}

/** What all runs say, and what one alone says with how many there are. */
function remarksOver(runs: readonly SystemReport[]): readonly string[] {
  const all = [...new Set(runs.flatMap(({ remarks }) => remarks))];
  return all.map((remark) =>
    runs.every(({ remarks }) => remarks.includes(remark))
      ? remark
      : `in one of ${runs.length} runs ${remark}`,
  );
}
