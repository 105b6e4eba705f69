import type { RawRun } from "../run/run-system.ts";
import type { FanoutScenario, Load } from "../scenarios/scenario.ts";
import { bootstrapMedian } from "../statistics/bootstrap.ts";
import { spread } from "../statistics/median.ts";
import { systemEstimates } from "./estimates.ts";
import { differingFrames, measuredDigests, systemReport } from "./judge.ts";
import type { MachineFacts } from "./machine.ts";
import type { BenchReport, Pair, Ratio, SystemReport, TargetReport } from "./report.ts";
import { doubts } from "./trust.ts";

/** Everything that was measured, in pairs of runs that followed one another, as one report. */
export function summarise(
  scenario: FanoutScenario,
  load: Load,
  rawPairs: readonly (readonly RawRun[])[],
  machine: MachineFacts,
): BenchReport {
  const pairs = rawPairs.map((runs): Pair => {
    const systems = runs.map(systemReport);
    return { systems, ratio: ratioOf(systems) };
  });
  const ratios = pairs.flatMap(({ ratio }) => (ratio === null ? [] : [ratio]));
  const ratioSpread =
    ratios.length === 0
      ? null
      : {
          serverCpuUsPerFrame: spread(ratios.map(({ serverCpuUsPerFrame }) => serverCpuUsPerFrame)),
          lastP99: spread(ratios.map(({ lastP99 }) => lastP99)),
        };
  const ratio = ratioSpread && {
    serverCpuUsPerFrame: ratioSpread.serverCpuUsPerFrame.median,
    lastP99: ratioSpread.lastP99.median,
  };
  const ratioInterval =
    ratios.length === 0
      ? null
      : {
          serverCpuUsPerFrame: bootstrapMedian(ratios.map(({ serverCpuUsPerFrame }) => serverCpuUsPerFrame)),
          lastP99: bootstrapMedian(ratios.map(({ lastP99 }) => lastP99)),
        };
  const typical = typicalPair(pairs);
  const reports = pairs.flatMap(({ systems }) => systems);
  const sameClock = rawPairs.flat().every((run) => run.sameClock === true);
  const reasons = [...doubts(reports, machine, sameClock), ...rawPairs.flatMap(uncomparedFrames)];
  return {
    scenario: scenario.name,
    systems: typical.systems,
    ratio,
    ratioSpread,
    ratioInterval,
    estimates: systemEstimates(pairs),
    targets: targets(scenario, load, pairs, ratio),
    trustworthy: reasons.length === 0,
    reasons,
    failures: pairs.flatMap((pair, i) => {
      const inPair = pairs.length === 1 ? "" : `pair ${i + 1}, `;
      return [
        ...pair.systems.flatMap(({ name, failures }) => failures.map((failure) => `${name}: ${failure}`)),
        ...pairFailures(rawPairs[i] ?? [], pair),
      ].map((failure) => `${inPair}${failure}`);
    }),
    machine,
    pairs,
  };
}

function ratioOf(systems: readonly SystemReport[]): Ratio | null {
  const [ours, bare] = [systems[0], systems.at(-1)];
  if (ours === undefined || bare === undefined || ours === bare) return null;
  return {
    serverCpuUsPerFrame: ours.serverCpuUsPerFrame / bare.serverCpuUsPerFrame,
    lastP99: ours.latencyMs.last.p99 / bare.latencyMs.last.p99,
  };
}

function typicalPair(pairs: readonly Pair[]): Pair {
  const byRatio = pairs.toSorted(
    (a, b) => (a.ratio?.serverCpuUsPerFrame ?? 0) - (b.ratio?.serverCpuUsPerFrame ?? 0),
  );
  const typical = byRatio[Math.ceil(byRatio.length / 2) - 1];
  if (typical === undefined) throw new RangeError("no runs, no report");
  return typical;
}

/**
 * The bare server published recorded frames: were they those that Tickcast sent? Where Tickcast left a tick
 * unpublished, the next frame says more than the recorded one; that run has failed already.
 */
function pairFailures(runs: readonly RawRun[], { systems }: Pair): string[] {
  const frames = comparedFrames(runs);
  if (frames === undefined || frames.differ === 0) return [];
  return systems.some(({ failures }) => failures.length > 0)
    ? []
    : [`${frames.differ} of ${frames.compared} frames differ between the two systems of a pair`];
}

function uncomparedFrames(runs: readonly RawRun[]): string[] {
  return comparedFrames(runs)?.compared === 0
    ? ["the systems of a pair measured no tick in common, so nothing shows that they sent the same bytes"]
    : [];
}

function comparedFrames(runs: readonly RawRun[]): ReturnType<typeof differingFrames> | undefined {
  const [ours, bare] = [runs[0], runs.at(-1)];
  if (ours === undefined || bare === undefined || ours === bare) return undefined;
  return differingFrames(measuredDigests(ours), measuredDigests(bare));
}

function targets(
  scenario: FanoutScenario,
  load: Load,
  pairs: readonly Pair[],
  ratio: Ratio | null,
): TargetReport[] {
  const lateness = pairs.map(({ systems }) => systems[0]?.latenessMs.p99 ?? 0);
  return scenario.targets
    .filter(({ appliesTo }) => appliesTo(load, pairs.length))
    .flatMap(({ says, figure, atMost }) => {
      const measured = figure === "latenessMs.p99" ? spread(lateness).median : ratio?.serverCpuUsPerFrame;
      return measured === undefined ? [] : [{ says, atMost, measured, met: measured <= atMost }];
    });
}
