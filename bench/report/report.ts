import type { ArrivalsByTick, ByTick, LatencyCurves, TickPhases } from "../run/messages.ts";
import type { Layout, SystemName } from "../scenarios/scenario.ts";
import type { Estimate } from "../statistics/bootstrap.ts";
import type { Percentiles } from "../statistics/latency-histogram.ts";
import type { Spread } from "../statistics/median.ts";
import type { SystemEstimates } from "./estimates.ts";
import type { MachineFacts } from "./machine.ts";

/** What happened tick by tick in a run. */
export interface Timeline extends ArrivalsByTick {
  /** The first tick. */
  readonly fromTick: number;
  /** How late each began on the server. */
  readonly latenessMs: ByTick;
}

/** One system's figures in one run, or over several: {@link overRuns} says how. Latencies are milliseconds from a tick's intended time. */
export interface SystemReport {
  readonly name: SystemName;
  readonly clients: number;
  readonly hz: number;
  readonly seconds: number;
  /** Frames that closed a measured tick, counted at the clients, and how many there should have been. */
  readonly delivered: number;
  readonly expected: number;
  /** To the first and the last client that had a tick, over ticks; `all` is over every single frame. */
  readonly latencyMs: { readonly first: Percentiles; readonly last: Percentiles; readonly all: Percentiles };
  /** How late ticks began on the server. */
  readonly latenessMs: Percentiles;
  /** The distributions of {@link latencyMs}, as milliseconds at fixed percentages. */
  readonly curves: LatencyCurves;
  /** Of one run: that of the pair whose CPU ratio is the median, of an even count the lower of the two in the middle. */
  readonly timeline: Timeline | null;
  /** Everything that the server process did in the measured time, over the frames delivered. */
  readonly serverCpuUsPerFrame: number;
  /** Share of one core, as are the next two. */
  readonly serverCpu: number;
  readonly loadCpu: number;
  /** What others than server and load used of their cores. */
  readonly otherCpu: number;
  /** With WebSocket headers, without those of TCP and IP. */
  readonly bytesPerClientPerSecond: number;
  /** Messages that a lean client gets in a tick, and sends in a second. */
  readonly framesPerClientPerTick: number;
  readonly sentPerClientPerSecond: number;
  readonly phases: TickPhases | null;
  /** Inputs that missed their tick. */
  readonly lateInputs: number;
  /** State hashes of mirrors that were compared with the server's. */
  readonly hashesCompared: number;
  /** What is to be known of this system before its figures are compared; sentences. */
  readonly remarks: readonly string[];
  /** Why this run is none. */
  readonly failures: readonly string[];
}

/** Tickcast's figure over the bare server's. */
export interface Ratio {
  readonly serverCpuUsPerFrame: number;
  readonly lastP99: number;
}

/** What Tickcast's ticks take for comparing and encoding: without the calls of the transport, which the bare server makes, too. */
export interface Encoding {
  readonly meanMs: number;
  readonly shareOfPeriod: number;
}

/** A run of each system, one right after the other. */
export interface Pair {
  readonly systems: readonly SystemReport[];
  readonly ratio: Ratio | null;
  /** Null where one of the two does not tell. */
  readonly encoding: Encoding | null;
}

export interface TargetReport {
  readonly says: string;
  readonly atMost: number;
  readonly measured: number;
  readonly met: boolean;
}

/** What `--json` writes. */
export interface BenchReport {
  readonly scenario: string;
  /** Null for a scenario of one room. */
  readonly rooms: number | null;
  /** Null for a scenario without a choice. */
  readonly layout: Layout | null;
  /** Each over all pairs: medians of figures, sums of counts. */
  readonly systems: readonly SystemReport[];
  /** Systems that ran once, for what does not vary. */
  readonly beside: readonly SystemReport[];
  /** Medians of the paired ratios; null where one system ran alone. */
  readonly ratio: Ratio | null;
  readonly ratioSpread: { readonly serverCpuUsPerFrame: Spread; readonly lastP99: Spread } | null;
  /** Medians of the pairs. */
  readonly encoding: Encoding | null;
  /** Between what the true medians of the paired ratios lie, 19 times in 20. */
  readonly ratioInterval: { readonly serverCpuUsPerFrame: Estimate; readonly lastP99: Estimate } | null;
  /** Every system over all pairs, in the order in which they ran. */
  readonly estimates: readonly SystemEstimates[];
  readonly targets: readonly TargetReport[];
  readonly trustworthy: boolean;
  /** Why not, as sentences. */
  readonly reasons: readonly string[];
  /** Why the run counts as failed, as sentences; empty: it does not. */
  readonly failures: readonly string[];
  readonly machine: MachineFacts;
  readonly pairs: readonly Pair[];
}
