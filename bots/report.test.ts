import { describe, expect, test } from "vitest";
import { networkConditions, perfectNetwork } from "../shared/link/network-conditions.ts";
import { recordMs } from "./histogram.ts";
import { noMeasurements } from "./measurements.ts";
import { countReason, noOutcomes, type Outcomes } from "./outcomes.ts";
import { reportOf, type SwarmReport, verdictOf } from "./report.ts";
import { summaryOf } from "./summary.ts";
import type { SwarmResult } from "./swarm-run.ts";

const URL = "ws://127.0.0.1:3000/arena";

/** 200 bots over 10 s, all well. */
function resultOf(outcomes: Partial<Outcomes> = {}, more: Partial<SwarmResult> = {}): SwarmResult {
  const measurements = { ...noMeasurements(), sharedLatencies: 1, ticksClosed: 40_000, botSeconds: 2_000 };
  recordMs(measurements.latency, 1.5);
  recordMs(measurements.gaps, 50);
  measurements.bytesReceived = 25_000_000;
  measurements.framesReceived = 42_000;
  return {
    options: {
      module: "",
      url: URL,
      bots: 200,
      seconds: 10,
      rampPerSecond: 100,
      maxSlipMs: 250,
      threads: 2,
      seed: 1,
      network: perfectNetwork,
    },
    threads: 2,
    outcomes: { ...noOutcomes(), joined: 200, rooms: ["a"], ...outcomes },
    measurements,
    ending: "completed",
    joinSeconds: 2.04,
    seconds: 10.001,
    loadCpu: 0.41,
    busiestThread: 0.3,
    ...more,
  };
}

function refusal(count: number): Partial<Outcomes> {
  const refused = {};
  countReason(refused, "room-full", "all seats are taken", count);
  return { joined: 200 - count, refused };
}

describe("reportOf", () => {
  test("the figures have the names and nesting that other programs read", () => {
    const report = reportOf(resultOf());
    const distribution = ["p50", "p90", "p99", "p999", "max"];
    expect(Object.keys(report)).toEqual(
      expect.arrayContaining(
        "bots joined refused disconnects missedTicks slips slippedMs maxSlipMs overdueTicks latencyMs gapMs bytesPerBotPerSecond framesPerBotPerSecond clock seconds threads disconnectsByReason refusedByReason loadCpu".split(
          " ",
        ),
      ),
    );
    expect(Object.keys(report.latencyMs ?? {})).toEqual(distribution);
    expect(Object.keys(report.gapMs ?? {})).toEqual(distribution);
  });

  test("rates are by bot and second of the time that bots were in the room", () => {
    const report = reportOf(resultOf());
    expect(report).toMatchObject({ bytesPerBotPerSecond: 12_500, framesPerBotPerSecond: 21 });
  });

  test.each([
    [1, 0, "shared"],
    [0, 1, "estimated"],
    [1, 1, "mixed"],
    [0, 0, null],
  ])(
    "%i shared and %i estimated latencies make the clock %s",
    (sharedLatencies, estimatedLatencies, clock) => {
      const measurements = { ...noMeasurements(), sharedLatencies, estimatedLatencies };
      expect(reportOf(resultOf({}, { measurements })).clock).toBe(clock);
    },
  );

  test("where nothing was measured there are no figures, instead of zeros that look good", () => {
    const report = reportOf(resultOf({}, { measurements: noMeasurements() }));
    expect(report).toMatchObject({ latencyMs: null, gapMs: null, bytesPerBotPerSecond: 0 });
  });
});

describe("verdictOf", () => {
  const verdict = (outcomes: Partial<Outcomes>, more: Partial<SwarmResult> = {}) =>
    verdictOf(reportOf(resultOf(outcomes, more)));
  const disconnects = { abnormal: { count: 2, example: "" } };

  test("[BOT-8] a run is good where every bot joined, missed nothing, stayed and threw nothing", () => {
    expect(verdict({})).toEqual({
      outcome: "ok",
      sentence: "ok: 200 of 200 bots joined, 0 ticks missed, 0 unexpected disconnects",
    });
  });

  test.each([
    [refusal(3), "failed: 197 of 200 bots joined, 0 ticks missed, 0 unexpected disconnects"],
    [{ missedTicks: 1 }, "failed: 200 of 200 bots joined, 1 tick missed, 0 unexpected disconnects"],
    [{ disconnects }, "failed: 200 of 200 bots joined, 0 ticks missed, 2 unexpected disconnects"],
    [
      { slips: { a: { count: 2, ms: 4_950.04 }, b: { count: 1, ms: 500 } } },
      "failed: 200 of 200 bots joined, 0 ticks missed, 0 unexpected disconnects, slipped 3 times, 4,950 ms in the worst room",
    ],
    [
      { overdueTicks: 135 },
      "failed: 200 of 200 bots joined, 0 ticks missed, 0 unexpected disconnects, 135 ticks never came",
    ],
    [{ failed: 1 }, "failed: 200 of 200 bots joined, 0 ticks missed, 0 unexpected disconnects, 1 bot error"],
  ])("[BOT-8] %j fails a run", (outcomes, sentence) => {
    expect(verdict(outcomes)).toEqual({ outcome: "failed", sentence });
  });

  test("[BOT-17] what a room may slip by is told, and fails no run", () => {
    const worst = (ms: number) => verdict({ slips: { a: { count: 1, ms: 100 }, b: { count: 1, ms } } });
    expect(worst(250)).toEqual({
      outcome: "ok",
      sentence:
        "ok: 200 of 200 bots joined, 0 ticks missed, 0 unexpected disconnects, slipped 2 times, 250 ms in the worst room",
    });
    expect(worst(251)).toMatchObject({ outcome: "failed" });
  });

  test("[BOT-9] who interrupts a run is not told that bots which had not come yet are missing", () => {
    const ending = "interrupted";
    expect(verdict(refusal(150), { ending })).toMatchObject({ outcome: "failed" });
    expect(verdict({ joined: 50 })).toMatchObject({ outcome: "failed" });
    expect(verdict({ joined: 50 }, { ending }).outcome).not.toBe("failed");
  });

  test("[BOT-19] an interrupted run is not ok, and failed only where something had failed by then", () => {
    const ending = "interrupted";
    expect(verdict({ joined: 0 }, { ending })).toEqual({
      outcome: "interrupted",
      sentence: "interrupted: 0 of 200 bots joined, 0 ticks missed, 0 unexpected disconnects",
    });
    expect(verdict({ missedTicks: 1 }, { ending })).toEqual({
      outcome: "failed",
      sentence:
        "failed: 200 of 200 bots joined, 1 tick missed, 0 unexpected disconnects, before it was interrupted",
    });
  });
});

describe("summaryOf", () => {
  const summary = (result: SwarmResult): string[] =>
    summaryOf(reportOf(result), URL, result.outcomes).split("\n");

  test("slips and ticks that never came are told where there are any", () => {
    const slips = { a: { count: 1, ms: 4_950 } };
    const lines = summary(resultOf({ slips, overdueTicks: 7 }));
    expect(lines).toContain("rooms        slipped 1 time, 4,950 ms in the worst room");
    expect(lines).toContain("never came   7 ticks");
    expect(summary(resultOf()).filter((each) => /slipped|never came/.test(each))).toEqual([]);
  });

  test("the verdict is the last line", () => {
    const result = resultOf(refusal(3));
    expect(summary(result).at(-1)).toBe(verdictOf(reportOf(result)).sentence);
  });

  test("figures stand below their names", () => {
    const lines = summary(resultOf());
    const names = lines.findIndex((each) => each.startsWith("in ms"));
    expect(lines.slice(names, names + 3)).toEqual([
      "in ms               p50       p90       p99     p99.9       max",
      "latency            1.50      1.50      1.50      1.50      1.50",
      "gap               50.02     50.02     50.02     50.02     50.02",
    ]);
  });

  test("a reason stands with its count and with what was said the first time", () => {
    const lines = summary(resultOf(refusal(3)));
    const at = lines.findIndex((each) => each.startsWith("refused"));
    expect(lines.slice(at, at + 2)).toEqual(["refused      3 room-full", "             all seats are taken"]);
  });

  test("[CON-9] it says through which network the bots played, and nothing where there was none", () => {
    const network = networkConditions({ latencyMs: 75, jitterMs: 30, stallEveryMs: 5_000, stallForMs: 400 });
    const { options } = resultOf();
    const text = "75 ms each way, up to 30 ms more, still for 400 ms every 5 s";
    expect(summary(resultOf({}, { options: { ...options, network } }))).toContain(`network      ${text}`);
    expect(reportOf(resultOf({}, { options: { ...options, network } })).network).toBe(text);
    expect(summary(resultOf()).filter((each) => each.startsWith("network"))).toEqual([]);
    expect(reportOf(resultOf()).network).toBeNull();
  });

  test("it says by which clock latency was measured", () => {
    expect(summary(resultOf()).join("\n")).toContain("by the clock shared with the server");
  });

  test("where nothing was measured it shows no figures at all", () => {
    const lines = summary(resultOf({ joined: 0, rooms: [] }, { measurements: noMeasurements() }));
    expect(lines.filter((each) => /in ms|latency|received|own load/.test(each))).toEqual([]);
  });

  test("threads that are hardly ever idle are told as a doubt about the figures", () => {
    const doubt = /bots themselves were busy/;
    expect(summary(resultOf({}, { busiestThread: 0.81 })).join()).toMatch(doubt);
    expect(summary(resultOf({}, { busiestThread: 0.8 })).join()).not.toMatch(doubt);
  });

  test("no line is wider than a terminal of 120 columns", () => {
    for (const each of summary(resultOf(refusal(3), { busiestThread: 1 })))
      expect(each.length).toBeLessThanOrEqual(120);
  });

  test("the report is plain JSON", () => {
    const report = reportOf(resultOf(refusal(3)));
    expect(JSON.parse(JSON.stringify(report)) as SwarmReport).toEqual(report);
  });
});
