import { describe, expect, test } from "vitest";
import type { TickPhases } from "../run/messages.ts";
import type { RawRun } from "../run/run-system.ts";
import { crowd } from "../scenarios/crowd.ts";
import { fanout } from "../scenarios/fanout.ts";
import { plain } from "./paint.ts";
import type { BenchReport } from "./report.ts";
import { machine, rawRun, type Told } from "./run.fixture.ts";
import { summarise } from "./summarise.ts";
import { terminalReport } from "./terminal.ts";

const load = rawRun("tickcast").load;

const summary = (...pairs: readonly (readonly RawRun[])[]): BenchReport =>
  summarise(fanout, load, pairs, [], machine);

const pair = (ours: Told = {}, bare: Told = {}): RawRun[] => [rawRun("tickcast", ours), rawRun("uws", bare)];

describe("the report", () => {
  test("[BEN-9] has a stable shape", () => {
    const report = summary(pair({ cpuUs: 2200 }, { cpuUs: 2000, lastP99: 2 }));
    const anyPercentiles = Object.fromEntries(
      ["p50", "p90", "p99", "p999", "max"].map((name) => [name, expect.any(Number)]),
    );
    expect(JSON.parse(JSON.stringify(report))).toMatchObject({
      scenario: "fanout",
      systems: [
        {
          name: "tickcast",
          clients: 10,
          hz: 20,
          seconds: 1,
          delivered: 200,
          expected: 200,
          latencyMs: { first: anyPercentiles, last: anyPercentiles, all: anyPercentiles },
          latenessMs: anyPercentiles,
          serverCpuUsPerFrame: 11,
          bytesPerClientPerSecond: 40_000,
          loadCpu: 0.1,
        },
        { name: "uws", delivered: 200, expected: 200, serverCpuUsPerFrame: 10 },
      ],
      ratio: { serverCpuUsPerFrame: 1.1, lastP99: 1.5 },
      trustworthy: true,
      reasons: [],
      failures: [],
      machine,
    });
  });

  test("[BEN-10] the ratio is the median of the paired ratios, not the ratio of medians", () => {
    // Ratios 1.5, 1.0 and 1.2; the ratio of the medians would be 3000 / 2000.
    const report = summary(
      pair({ cpuUs: 3000 }, { cpuUs: 2000 }),
      pair({ cpuUs: 1000 }, { cpuUs: 1000 }),
      pair({ cpuUs: 6000 }, { cpuUs: 5000 }),
    );
    expect(report.ratio?.serverCpuUsPerFrame).toBeCloseTo(1.2);
    expect(report.ratioSpread?.serverCpuUsPerFrame.min).toBeCloseTo(1);
    expect(report.ratioSpread?.serverCpuUsPerFrame.max).toBeCloseTo(1.5);
    expect(report.systems[0]?.serverCpuUsPerFrame).toBe(15);
    expect(report.pairs.length).toBe(3);
  });

  test("[BEN-82] of several pairs one is told tick by tick", () => {
    const { systems, pairs } = summary(pair(), pair());
    expect(systems.map(({ timeline }) => timeline?.lastMs.length)).toEqual([20, 20]);
    expect(systems[0]?.timeline?.latenessMs[1]).toBe(0.1);
    expect(pairs.flatMap((one) => one.systems.map(({ timeline }) => timeline))).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });

  test("one system alone has no ratio", () => {
    const report = summary([rawRun("tickcast")]);
    expect([report.ratio, report.ratioSpread]).toEqual([null, null]);
    expect(report.failures).toEqual([]);
  });

  test.each([
    ["a frame is missing", { delivered: 199 }, /199 of 200/],
    ["a frame is too many", { delivered: 201 }, /201 of 200/],
    ["a tick slipped", { slips: 1 }, /slipped once/],
    ["a connection was lost", { lost: ["the server closed with code 1011"] }, /1 connections .* 1011/],
    ["a frame did not follow the one before", { gaps: 2 }, /2 frames did not follow/],
    [
      "a mirror's hash differs",
      {
        hashes: [
          [20, "a", 0],
          [30, "c", 0],
        ],
      },
      /1 state hashes differ.* tick 30/,
    ],
    ["a mirror did not hash", { hashes: [[20, "a", 0]] }, /1 state hashes of mirrors are missing/],
    [
      "the bare server sent other bytes",
      {
        digests: [
          [20, 2],
          [21, 4],
        ],
      },
      /1 of 2 frames differ/,
    ],
  ] satisfies [string, Told, RegExp][])("[BEN-11] a run in which %s has failed", (_name, told, sentence) => {
    const { failures } = summary(pair(told));
    expect(failures.length).toBe(1);
    expect(failures[0]).toMatch(sentence);
  });

  test("[BEN-11] a mirror is compared with what the server says of its own sight", () => {
    const hashes: Told["hashes"] = [
      [20, "a", 4],
      [30, "b", 4],
    ];
    const sights = (ofServer: Told["hashes"]) =>
      summary(pair({ hashes, ...(ofServer && { ofServer }) })).failures;
    expect(sights(hashes)).toEqual([]);
    expect(sights([[20, "a", 5], ...hashes.slice(1)])).toEqual([
      expect.stringMatching(/1 state hashes differ.* tick 20/),
    ]);
    expect(sights([...hashes, [30, "c", 5]])).toEqual([expect.stringMatching(/1 state hashes .* missing/)]);
  });

  test("[BEN-11] a bare server that sends more or fewer bytes does other work", () => {
    const bytes = (bare: number) => summary(pair({}, { leanBytes: 9 * bare })).failures;
    expect(bytes(40_700)).toEqual([]);
    expect(bytes(41_000)).toEqual([expect.stringContaining("1.025 × the bytes")]);
    expect(bytes(39_000)).toEqual([expect.stringContaining("0.975 × the bytes")]);
  });

  test("[BEN-11] ticks outside of the window cannot fail it: there clients come and go", () => {
    const before: Told = {
      hashes: [
        [10, "other", 0],
        [20, "a", 0],
        [30, "b", 0],
      ],
      digests: [
        [5, 99],
        [20, 2],
      ],
    };
    expect(summary(pair(before)).failures).toEqual([]);
  });

  test("[BEN-12] a load that is too busy, others on its cores and unlike clocks are reasons for doubt", () => {
    expect(summary(pair({ loadCpuUs: 710_000, machineBusyMs: 715 })).reasons).toEqual([
      expect.stringContaining("71 % of its core"),
    ]);
    expect(summary(pair({ machineBusyMs: 250 })).reasons).toEqual([
      expect.stringContaining("other processes used 15 %"),
    ]);
    expect(summary(pair({ sameClock: undefined })).trustworthy).toBe(false);
    expect(summary(pair({ digests: [[39, 1]] }, { digests: [[38, 1]] })).reasons).toEqual([
      expect.stringContaining("no tick in common"),
    ]);
    const unpinned = { ...machine, placement: { pinned: false, because: "there is one core only" } as const };
    expect(summarise(fanout, load, [pair()], [], unpinned).reasons).toEqual([
      expect.stringContaining("there is one core only"),
    ]);
  });

  test("[BEN-13] a target is judged only where the load is the one that it is about", () => {
    const big = { ...load, clients: 1000 };
    const five = Array.from({ length: 5 }, () => pair({ cpuUs: 2400 }, { cpuUs: 2000 }));
    const of = (given: typeof load, pairs: RawRun[][]) =>
      summarise(fanout, given, pairs, [], machine).targets;
    expect(of(load, five)).toEqual([]);
    expect(of(big, five.slice(1))).toEqual([]);
    expect(of(big, five)).toMatchObject([{ atMost: 1.15, measured: 1.2, met: false }]);
    expect(of({ ...load, clients: 200 }, [pair()])).toMatchObject([{ atMost: 2, measured: 0.5, met: true }]);
  });
});

describe("the report of a crowd", () => {
  const crowdLoad = { ...load, clients: 1000, layout: "uniform" } as const;
  const phases = (commit: number, publish: number): TickPhases => ({
    step: { meanMs: 1, p99Ms: 1 },
    commit: { meanMs: commit, p99Ms: 1 },
    publish: { meanMs: publish, p99Ms: 1 },
  });
  const crowded = (ours: Told, bare: Told, whole: Told) =>
    summarise(
      crowd,
      crowdLoad,
      [[rawRun("tickcast", ours), rawRun("uws-replay", bare)]],
      [rawRun("tickcast-whole", whole)],
      machine,
    );

  test("[BEN-31] encoding is what the tick takes beyond the calls that the bare server makes, too", () => {
    const { encoding, targets } = crowded({ phases: phases(1, 4) }, { phases: phases(0, 2) }, {});
    expect(encoding).toEqual({ meanMs: 3, shareOfPeriod: 0.06 });
    expect(targets).toContainEqual(expect.objectContaining({ atMost: 0.05, measured: 0.06, met: false }));
    expect(crowded({}, { phases: phases(0, 2) }, {}).encoding).toBeNull();
  });

  test("[BEN-31] bytes are held against the run in which everyone is sent everything", () => {
    const { beside, targets, failures } = crowded({}, {}, { leanBytes: 9 * 800_000, delivered: 199 });
    expect(beside.map(({ name }) => name)).toEqual(["tickcast-whole"]);
    expect(targets).toContainEqual(expect.objectContaining({ atMost: 0.1, measured: 0.05, met: true }));
    expect(failures).toEqual([expect.stringMatching(/^tickcast-whole: 199 of 200/)]);
  });

  test("[BEN-31] on a terminal it stands behind the pair and its ratio", () => {
    const report = crowded({ phases: phases(1, 4) }, { phases: phases(0, 2) }, {});
    const text = terminalReport(crowd, report, plain);
    expect(text).toMatch(/Tickcast +bare uWS +ratio +all to all/);
    expect(text).toContain("without the transport's calls: 3.000 ms, 6.0 % of the period");
  });
});

describe("the report on a terminal", () => {
  test("has both systems side by side, each failure and each doubt", () => {
    const report = summary(pair({ delivered: 150, loadCpuUs: 900_000, machineBusyMs: 905 }));
    const text = terminalReport(fanout, report, plain);
    expect(text).toMatch(/Tickcast +bare uWS/);
    expect(text).toMatch(/server CPU per frame +13\.33 µs +10\.00 µs +1\.33 ×/);
    expect(text).toContain("✗ Tickcast: 150 of 200 frames delivered");
    expect(text).toContain("! not trustworthy: the load itself used 90 % of its core");
  });

  test("its columns are aligned", () => {
    const text = terminalReport(fanout, summary(pair()), plain);
    const table = text.split("\n").filter((line) => /×$/.test(line));
    expect(table.length).toBeGreaterThan(8);
    expect(new Set(table.map((line) => line.length)).size).toBe(1);
  });
});
