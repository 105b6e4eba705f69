import { describe, expect, test } from "vitest";
import type { BacklogFigures, ServerFigures, TickHash } from "../run/messages.ts";
import type { RawSlowReadersRun, ReadersPair, ReadersWindow } from "../run/run-slow-readers.ts";
import type { ReadersFigures } from "../run/trial-messages.ts";
import type { Percentiles } from "../statistics/latency-histogram.ts";
import { plain } from "./paint.ts";
import { machine } from "./run.fixture.ts";
import { slowReadersReport } from "./slow-readers-report.ts";
import { slowReadersTerminalReport } from "./slow-readers-terminal.ts";

const percentiles = (p99: number): Percentiles => ({ p50: 1, p90: 2, p99, p999: p99, max: p99 });

const load = { clients: 10, slow: 2, mirrors: 1, seconds: 3, pairs: 1 };

interface Told {
  readonly p99?: number;
  readonly server?: Partial<ServerFigures>;
  readonly backlog?: Partial<BacklogFigures>;
  readonly clients?: Partial<ReadersFigures>;
}

const hashes: readonly TickHash[] = [[90, "a", 1]];

/** Sixty ticks of eight players who read. */
function measured(slow: boolean, { p99 = 4, server = {}, backlog = {}, clients = {} }: Told): ReadersWindow {
  return {
    window: { epoch: 0, periodMs: 50, fromTick: 40, toTick: 100 },
    server: {
      cpuUs: 300_000,
      wallMs: 3000,
      latenessMs: percentiles(0.5),
      latenessByTick: [],
      published: 60,
      slips: 0,
      phases: null,
      lateInputs: 0,
      hashes: [[90, "a", 1]],
      ...server,
      backlog: {
        rssBytes: { median: slow ? 100_400_000 : 100_000_000, max: 101_000_000 },
        bufferedBytes: slow ? 1000 : 0,
        stalled: slow ? 2 : 0,
        ...backlog,
      },
    },
    clients: {
      cpuUs: 300_000,
      wallMs: 3000,
      machineBusyMs: 650,
      latencyMs: percentiles(p99),
      delivered: 480,
      gaps: 0,
      returnsMs: slow ? [60, 80] : [],
      hashes: slow ? hashes : [],
      differences: [],
      lost: [],
      ...clients,
    },
  };
}

const pair = (stalled: Told = {}, reading: Told = {}): ReadersPair => ({
  stalled: measured(true, stalled),
  reading: measured(false, reading),
});

const run = (...pairs: readonly ReadersPair[]): RawSlowReadersRun => ({ load, sameClock: true, pairs });

describe("the report of slow readers", () => {
  test("[BEN-68] has a stable shape, and its ratios are those of pairs", () => {
    const report = slowReadersReport(run(pair({ p99: 6 }), pair({ p99: 9 }, { p99: 9 })), machine);
    const one = { latencyMs: percentiles(4), latenessMs: percentiles(0.5), serverCpu: 0.1, rssBytes: 1e8 };
    expect(JSON.parse(JSON.stringify(report))).toMatchObject({
      scenario: "slow-readers",
      ...load,
      hz: 20,
      pairReports: [{ stalled: { latencyMs: percentiles(6) }, reading: one }, {}],
      p99Ratio: { median: 1.25, low: 1, high: 1.5, count: 2 },
      bufferedBytes: 1000,
      rssBytesPerSlow: { median: 200_000 },
      returnMs: { max: expect.closeTo(80, 0) },
      hashesCompared: 2,
      trustworthy: true,
      failures: [],
      machine,
    });
  });

  test("[BEN-69] the ratio and the process's memory are judged at a fifth of 500 and ten pairs, the rest always", () => {
    const told = run(pair({ backlog: { bufferedBytes: 300_000 } }));
    const judged = (load: RawSlowReadersRun["load"]) =>
      slowReadersReport({ ...told, load }, machine).targets.map(({ says, met }) => [says.slice(0, 12), met]);
    expect(judged(load)).toEqual([
      ["bytes that w", false],
      ["each is at t", true],
    ]);
    expect(judged({ clients: 500, slow: 100, mirrors: 1, seconds: 5, pairs: 10 }).length).toBe(4);
  });

  test.each([
    ["a tick reached a reader late or never", pair({ clients: { delivered: 479 } }), /479 of 480 ticks/],
    ["a reader missed a tick", pair({}, { clients: { gaps: 1 } }), /1 of these did not follow/],
    ["a connection was lost", pair({ clients: { lost: ["code 4202"] } }), /1 connections .* 4202/],
    ["somebody did not stall", pair({ backlog: { stalled: 1 } }), /1 of 2 players who did not read/],
    ["somebody did not come back", pair({ clients: { returnsMs: [60] } }), /1 of 2 slow players came back/],
    ["a state differs", pair({ clients: { hashes: [[90, "b", 1]] } }), /1 states .* in tick 90/],
    ["a state could not be compared", pair({ clients: { hashes: [] } }), /0 of 1 slow clients of the SDK/],
    ["a row reads otherwise", pair({ clients: { differences: ["x is 1, not 2"] } }), /x is 1, not 2/],
  ] satisfies [string, ReadersPair, RegExp][])(
    "[BEN-70] a run in which %s has failed",
    (_name, told, sentence) => {
      const { failures } = slowReadersReport(run(pair(), told), machine);
      expect(failures).toEqual([expect.stringMatching(sentence)]);
      expect(failures[0]).toMatch(/^pair 2: /);
    },
  );

  test("[BEN-70] slips fail it, counted once", () => {
    const { failures } = slowReadersReport(run(pair(), pair({ server: { slips: 2 } })), machine);
    expect(failures).toEqual([expect.stringContaining("slipped 2 times")]);
  });

  test("a pair in which nothing arrived has no ratio, and fails", () => {
    const nothing = pair({ p99: 0, clients: { delivered: 0 } }, { p99: 0, clients: { delivered: 0 } });
    const report = slowReadersReport(run(pair({ p99: 6 }), nothing), machine);
    expect(report.p99Ratio).toMatchObject({ median: 1.5, high: 1.5, count: 1 });
    expect(report.failures[0]).toMatch(/pair 2: 0 of 480 ticks/);
  });

  test("on a terminal has both kinds of windows, the ratio with its interval, and what failed", () => {
    const failed = slowReadersReport(run(pair({ p99: 6, clients: { gaps: 1 } })), machine);
    const text = slowReadersTerminalReport(failed, plain);
    expect(text).toContain("10 players, 2 of them slow, 1 of these of the SDK · 20 Hz · 1 pairs of 3 s");
    expect(text).toMatch(/p99 +6\.000 +4\.000/);
    expect(text).toContain("1.500 × (min to max: 1.500 to 1.500)");
    expect(text).toContain("✗ pair 1: 1 of these did not follow the tick before");
  });
});
