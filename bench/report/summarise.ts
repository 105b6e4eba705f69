import { periodMs } from "../../shared/tick/tick.ts";
import type { RawRun } from "../run/run-system.ts";
import type { FanoutScenario, Load } from "../scenarios/scenario.ts";
import { bootstrapMedian } from "../statistics/bootstrap.ts";
import { spread } from "../statistics/median.ts";
import { systemEstimates } from "./estimates.ts";
import { differingFrames, measuredDigests, systemReport } from "./judge.ts";
import type { MachineFacts } from "./machine.ts";
import { overRuns } from "./over-runs.ts";
import type { BenchReport, Encoding, Pair, Ratio, SystemReport } from "./report.ts";
import { judgeTargets } from "./targets.ts";
import { doubts } from "./trust.ts";

/** Everything that was measured, in pairs of runs that followed one another, as one report. */
export function summarise(
  scenario: Pick<FanoutScenario, "name" | "targets">,
  load: Load,
  rawPairs: readonly (readonly RawRun[])[],
  rawBeside: readonly RawRun[],
  machine: MachineFacts,
): BenchReport {
  const pairs = rawPairs.map((runs): Pair => {
    const systems = runs.map(systemReport);
    return { systems, ratio: ratioOf(systems), encoding: encodingOf(systems) };
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
  const encodings = pairs.flatMap(({ encoding }) => encoding ?? []);
  const encoding: Encoding | null =
    encodings.length === 0
      ? null
      : {
          meanMs: spread(encodings.map(({ meanMs }) => meanMs)).median,
          shareOfPeriod: spread(encodings.map(({ shareOfPeriod }) => shareOfPeriod)).median,
        };
  const ratioInterval =
    ratios.length === 0
      ? null
      : {
          serverCpuUsPerFrame: bootstrapMedian(ratios.map(({ serverCpuUsPerFrame }) => serverCpuUsPerFrame)),
          lastP99: bootstrapMedian(ratios.map(({ lastP99 }) => lastP99)),
        };
  const typical = typicalPair(pairs);
  const beside = rawBeside.map(systemReport);
  const reports = [...pairs.flatMap(({ systems }) => systems), ...beside];
  const sameClock = [...rawPairs.flat(), ...rawBeside].every((run) => run.sameClock === true);
  const reasons = [
    ...doubts(reports, machine, sameClock),
    ...lateFrames(rawPairs.flat()),
    ...rawPairs.flatMap(uncomparedFrames),
  ];
  return {
    scenario: scenario.name,
    rooms: load.rooms ?? null,
    layout: load.layout ?? null,
    systems: typical.systems.map((shown, place) =>
      overRuns(
        pairs.flatMap(({ systems }) => systems.slice(place, place + 1)),
        shown,
      ),
    ),
    beside,
    ratio,
    ratioSpread,
    ratioInterval,
    estimates: systemEstimates(pairs),
    encoding,
    targets: judgeTargets(scenario.targets, load, { pairs, beside, ratio, encoding }),
    trustworthy: reasons.length === 0,
    reasons,
    failures: [
      ...pairs.flatMap((pair, i) => {
        const inPair = pairs.length === 1 ? "" : `pair ${i + 1}, `;
        return [
          ...pair.systems.flatMap(({ name, failures }) => failures.map((failure) => `${name}: ${failure}`)),
          ...pairFailures(rawPairs[i] ?? [], pair),
        ].map((failure) => `${inPair}${failure}`);
      }),
      ...beside.flatMap(({ name, failures }) => failures.map((failure) => `${name}: ${failure}`)),
    ],
    machine,
    // What one pair shows tick by tick is enough: the others would fill the file.
    pairs: pairs.map((pair) => ({
      ...pair,
      systems: pair.systems.map((report) => ({ ...report, timeline: null })),
    })),
  };
}

/** Two systems of a pair send the same frames, but for the length of some numbers in them. */
const MAX_BYTES_APART = 0.02;

function ratioOf(systems: readonly SystemReport[]): Ratio | null {
  const [ours, bare] = [systems[0], systems.at(-1)];
  if (ours === undefined || bare === undefined || ours === bare) return null;
  return {
    serverCpuUsPerFrame: ours.serverCpuUsPerFrame / bare.serverCpuUsPerFrame,
    lastP99: ours.latencyMs.last.p99 / bare.latencyMs.last.p99,
  };
}

function encodingOf(systems: readonly SystemReport[]): Encoding | null {
  const [ours, bare] = [systems[0], systems.at(-1)];
  if (ours === bare || !ours?.phases || !bare?.phases) return null;
  const { commit, publish } = ours.phases;
  const meanMs = commit.meanMs + publish.meanMs - bare.phases.publish.meanMs;
  return { meanMs, shareOfPeriod: meanMs / periodMs(ours.hz) };
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
  if (systems.some(({ failures }) => failures.length > 0)) return [];
  const frames = comparedFrames(runs);
  const [ours, bare] = [systems[0], systems.at(-1)];
  if (frames === undefined || ours === undefined || bare === undefined) return [];
  const bytes = bare.bytesPerClientPerSecond / ours.bytesPerClientPerSecond;
  return [
    ...(frames.differ > 0
      ? [`${frames.differ} of ${frames.compared} frames differ between the two systems of a pair`]
      : []),
    ...(Math.abs(bytes - 1) > MAX_BYTES_APART
      ? [`the bare server sent ${bytes.toFixed(3)} × the bytes, so it did not do the same work`]
      : []),
  ];
}

/** What the bare server does beside publishing makes Tickcast look better. */
function lateFrames(runs: readonly RawRun[]): string[] {
  return runs.some(({ server }) => server.framesMade === "within the window")
    ? ["the bare server made frames within the window, which is in its figures: give it a longer --warmup"]
    : [];
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
