import type { TickHash, TickPhases } from "../run/messages.ts";
import type { RawRun } from "../run/run-system.ts";
import { CURVE_PERCENTS, type Percentiles } from "../statistics/latency-histogram.ts";
import { systems } from "../systems/systems.ts";
import type { MachineFacts } from "./machine.ts";

const percentiles = (p99: number): Percentiles => ({ p50: 1, p90: 2, p99, p999: p99, max: p99 });

const curveTo = (p99: number): number[] =>
  CURVE_PERCENTS.map((percent) => Math.max(0.1, (p99 * percent) / 99));

/** What the fixture's runs differ in. */
export interface Told {
  readonly cpuUs?: number;
  readonly lastP99?: number;
  readonly delivered?: number;
  readonly gaps?: number;
  readonly leanBytes?: number;
  readonly slips?: number;
  readonly published?: number;
  readonly lost?: readonly string[];
  readonly hashes?: readonly TickHash[];
  readonly ofServer?: readonly TickHash[];
  readonly phases?: TickPhases;
  readonly digests?: readonly (readonly [number, number])[];
  readonly loadCpuUs?: number;
  readonly machineBusyMs?: number;
  readonly sameClock?: boolean | undefined;
}

/** A run of ten clients over ticks 20 to 39, one second, all as it should be but for what is told otherwise. */
export function rawRun(system: RawRun["system"], told: Told = {}): RawRun {
  const mirrors = systems[system].hasState ? 1 : 0;
  const ofServer: readonly TickHash[] =
    told.ofServer ??
    (mirrors > 0
      ? [
          [10, "x", 0],
          [20, "a", 0],
          [30, "b", 0],
        ]
      : []);
  return {
    system,
    load: { clients: 10, hz: 20, seconds: 1, warmupSeconds: 1, mirrors },
    window: { epoch: 0, periodMs: 50, fromTick: 20, toTick: 40 },
    sameClock: "sameClock" in told ? told.sameClock : true,
    server: {
      cpuUs: told.cpuUs ?? 2000,
      wallMs: 1000,
      latenessMs: percentiles(0.5),
      latenessByTick: Array.from({ length: 20 }, (_, i) => (i % 4) / 10),
      published: told.published ?? 20,
      slips: told.slips ?? 0,
      phases: told.phases ?? null,
      lateInputs: 0,
      hashes: ofServer,
    },
    clients: {
      delivered: told.delivered ?? 200,
      gaps: told.gaps ?? 0,
      latencyMs: { first: percentiles(1), last: percentiles(told.lastP99 ?? 3), all: percentiles(2) },
      curves: {
        first: curveTo(1),
        last: curveTo(told.lastP99 ?? 3),
        all: curveTo(2),
      },
      byTick: {
        firstMs: Array.from({ length: 20 }, () => 1),
        lastMs: Array.from({ length: 20 }, (_, i) => (i === 7 ? null : (told.lastP99 ?? 3))),
        bytes: Array.from({ length: 20 }, () => 2000),
      },
      leanBytes: told.leanBytes ?? 9 * 40_000,
      leanFrames: 9 * 20,
      leanSent: 9,
      leanClients: 9,
      cpuUs: told.loadCpuUs ?? 100_000,
      wallMs: 1000,
      machineBusyMs: told.machineBusyMs ?? 105,
      lost: told.lost ?? [],
      digests: told.digests ?? [
        [5, 1],
        [20, 2],
        [21, 3],
      ],
      mirrors: { hashes: told.hashes ?? ofServer.slice(0, 3), differences: [] },
    },
  };
}

export const machine: MachineFacts = {
  node: "v20.0.0",
  cpu: "a processor",
  cores: 2,
  system: "linux 6.1 x64",
  commit: null,
  date: "2025-01-01T00:00:00.000Z",
  placement: { pinned: true, serverCore: 0, loadCore: 1 },
};
