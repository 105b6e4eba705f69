import { describe, expect, test } from "vitest";
import type { EntryFigures, ServerFigures } from "../run/messages.ts";
import type { JoinPhase, RawJoinStormRun } from "../run/run-join-storm.ts";
import type { JoinersFigures } from "../run/trial-messages.ts";
import type { Percentiles } from "../statistics/latency-histogram.ts";
import { joinStormReport } from "./join-storm-report.ts";
import { joinStormTerminalReport } from "./join-storm-terminal.ts";
import { plain } from "./paint.ts";
import { machine } from "./run.fixture.ts";

const percentiles = (p99: number): Percentiles => ({ p50: 1, p90: 2, p99, p999: p99, max: p99 });

const entry = (told: Partial<EntryFigures> = {}): EntryFigures => ({
  tick: 100,
  joined: 2,
  keyframes: 8,
  streams: 9,
  latenessMs: 1,
  ...told,
});

/** Forty ticks of two players. */
function phase(
  joined: number,
  server: Partial<ServerFigures> = {},
  clients: Partial<JoinersFigures> = {},
): JoinPhase {
  return {
    expectedTicks: 80,
    server: {
      cpuUs: 200_000,
      wallMs: 2000,
      latenessMs: percentiles(1),
      latenessByTick: [],
      published: 40,
      slips: 0,
      phases: null,
      lateInputs: 0,
      hashes: [],
      entries: joined === 0 ? [] : [entry(), entry({ tick: 101, joined: 1, latenessMs: 2 })],
      ...server,
    },
    clients: {
      cpuUs: 200_000,
      wallMs: 2000,
      machineBusyMs: 450,
      gapMs: percentiles(55),
      latencyMs: percentiles(4),
      delivered: 80,
      gaps: 0,
      joined,
      joinMs: percentiles(joined === 0 ? 0 : 90),
      lastInMs: 1080,
      connectingMs: 999,
      lost: [],
      ...clients,
    },
  };
}

const run = (storm: JoinPhase = phase(3), quiet: JoinPhase = phase(0)): RawJoinStormRun => ({
  load: { clients: 2, joiners: 3, seconds: 2 },
  sameClock: true,
  quiet,
  storm,
});

describe("the report of a storm of joins", () => {
  test("[BEN-76] has a stable shape", () => {
    expect(JSON.parse(JSON.stringify(joinStormReport(run(), machine)))).toMatchObject({
      scenario: "join-storm",
      clients: 2,
      joiners: 3,
      seconds: 2,
      hz: 20,
      joined: 3,
      connectingMs: 999,
      lastInMs: 1080,
      joinMs: percentiles(90),
      entries: { ticks: 2, joined: 2, keyframes: 8, streams: 9, latenessMs: 2 },
      keyframesBeyondStreams: 0,
      quiet: { gapMs: percentiles(55), latenessMs: percentiles(1), serverCpu: 0.1, loadCpu: 0.1 },
      storm: { gapMs: percentiles(55) },
      targets: [{ met: true }, { measured: 2, met: true }],
      trustworthy: true,
      failures: [],
    });
  });

  test("[BEN-76] a late tick in which players entered misses its bound, any other does not", () => {
    const late = joinStormReport(run(phase(3, { entries: [entry({ latenessMs: 6 })] })), machine);
    expect(late.targets.map(({ met }) => met)).toEqual([true, false]);
    const other = joinStormReport(run(phase(3, { latenessMs: percentiles(6) })), machine);
    expect(other.targets.map(({ met }) => met)).toEqual([true, true]);
  });

  test.each([
    [
      "a stream's keyframe was encoded twice",
      phase(3, { entries: [entry({ keyframes: 10 })] }),
      /1 keyframes .* beyond/,
    ],
    ["somebody could not join", phase(2), /2 of 3 joined/],
    ["a tick is missing", phase(3, {}, { delivered: 79 }), /in the storm 79 of 80 ticks/],
    ["a tick was left out", phase(3, {}, { gaps: 1 }), /in the storm 1 of these did not follow/],
    ["ticks slipped", phase(3, { slips: 1 }), /in the storm the server's ticks slipped/],
    ["a connection was lost", phase(3, {}, { lost: ["code 4202"] }), /in the storm 1 connections .* 4202/],
  ] satisfies [string, JoinPhase, RegExp][])(
    "[BEN-77] a run in which %s has failed",
    (_name, storm, sentence) => {
      expect(joinStormReport(run(storm), machine).failures).toEqual([expect.stringMatching(sentence)]);
    },
  );

  test("on a terminal has both windows, how they came in, and what failed", () => {
    const text = joinStormTerminalReport(joinStormReport(run(phase(2)), machine), plain);
    expect(text).toMatch(/from tick to tick at a player, p50 +1\.000 +1\.000/);
    expect(text).toContain("2 joined: they connected within 999 ms, the last was in after 1080 ms");
    expect(text).toContain("✗ 2 of 3 joined before the window ended");
  });
});
