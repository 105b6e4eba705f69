import { describe, expect, test } from "vitest";
import type { EndpointFigures } from "../run/messages.ts";
import type { HttpPhase, RawHttpRun } from "../run/run-http.ts";
import type { Percentiles } from "../statistics/latency-histogram.ts";
import { httpReport } from "./http-report.ts";
import { httpTerminalReport } from "./http-terminal.ts";
import { plain } from "./paint.ts";
import { machine } from "./run.fixture.ts";

const percentiles = (p99: number): Percentiles => ({ p50: 1, p90: 2, p99, p999: p99, max: p99 });

/** Over a second. */
function phase(serverCpuUs: number, p99: number, slips = 0, loadCpuUs = 400_000): HttpPhase {
  return {
    server: {
      cpuUs: serverCpuUs,
      wallMs: 1000,
      latenessMs: percentiles(p99),
      latenessByTick: [],
      published: 20,
      slips,
      phases: null,
      lateInputs: 0,
      hashes: [],
    },
    clients: { cpuUs: loadCpuUs, wallMs: 1000, machineBusyMs: (serverCpuUs + loadCpuUs) / 1000 + 5 },
  };
}

const endpoint = (told: Partial<EndpointFigures> = {}): EndpointFigures => ({
  name: "GET /rooms",
  answered: 5000,
  latencyMs: percentiles(4),
  answeredAtAll: 12_000,
  errors: 0,
  non2xx: 0,
  ...told,
});

function run(told: Partial<RawHttpRun> = {}): RawHttpRun {
  return {
    load: { rooms: 20, players: 4, seconds: 1, connections: 50 },
    sameClock: true,
    quiet: phase(100_000, 2),
    loaded: phase(800_000, 7),
    endpoints: [endpoint(), endpoint({ name: "POST /rooms", answered: 2, answeredAtAll: 9 })],
    lost: [],
    ...told,
  };
}

describe("the report of the HTTP scenario", () => {
  test("[BEN-21] has a stable shape", () => {
    expect(JSON.parse(JSON.stringify(httpReport(run(), machine)))).toEqual({
      scenario: "http",
      rooms: 20,
      players: 4,
      seconds: 1,
      connections: 50,
      endpoints: [
        { name: "GET /rooms", requestsPerSecond: 5000, latencyMs: percentiles(4), errors: 0, non2xx: 0 },
        { name: "POST /rooms", requestsPerSecond: 2, latencyMs: percentiles(4), errors: 0, non2xx: 0 },
      ],
      latenessMs: { quiet: percentiles(2), loaded: percentiles(7) },
      serverCpu: { quiet: 0.1, loaded: 0.8 },
      loadCpu: 0.4,
      machine,
      trustworthy: true,
      reasons: [],
      failures: [],
    });
  });

  test.each([
    ["no request was answered", { endpoints: [endpoint({ answeredAtAll: 0 })] }, /no request was answered/],
    ["a request had no answer", { endpoints: [endpoint({ errors: 3 })] }, /GET \/rooms: 3 requests/],
    ["an answer was not 2xx", { endpoints: [endpoint({ non2xx: 2 })] }, /GET \/rooms: 2 answers were not/],
    [
      "a tick slipped before the requests",
      { quiet: phase(1, 2, 1), loaded: phase(1, 2, 1) },
      /without requests .* slipped once/,
    ],
    ["ticks slipped under requests", { loaded: phase(1, 2, 2) }, /under requests .* slipped 2 times/],
    ["a player lost the connection", { lost: ["code 1006"] }, /1 players lost .* code 1006/],
  ] satisfies [string, Partial<RawHttpRun>, RegExp][])(
    "[BEN-22] a run in which %s has failed",
    (_name, told, sentence) => {
      const { failures } = httpReport(run(told), machine);
      expect(failures.length).toBe(1);
      expect(failures[0]).toMatch(sentence);
    },
  );

  test("[BEN-12] a load that is too busy makes its figures bounds, not values", () => {
    const { trustworthy, reasons } = httpReport(run({ loaded: phase(900_000, 7, 0, 950_000) }), machine);
    expect(trustworthy).toBe(false);
    expect(reasons).toEqual([expect.stringMatching(/95 % of its core.* requests a second as a lower bound/)]);
  });

  test("[BEN-12] unlike clocks are a reason for doubt", () => {
    expect(httpReport(run({ sameClock: undefined }), machine).reasons).toEqual([
      expect.stringContaining("different windows"),
    ]);
  });

  test("on a terminal has every endpoint, both windows, and what failed", () => {
    const failed = httpReport(run({ endpoints: [endpoint({ errors: 3 })] }), machine);
    const text = httpTerminalReport(failed, plain);
    expect(text).toContain("80 players in 20 rooms · 20 Hz · 1 s · 50 connections");
    expect(text).toMatch(/GET \/rooms +5,000 +1\.000 +2\.000 +4\.000 +4\.000 +4\.000 +3 +0/);
    expect(text).toMatch(/p99 +2\.000 +7\.000/);
    expect(text).toMatch(/server CPU of a core +10\.0 % +80\.0 %/);
    expect(text).toContain("✗ GET /rooms: 3 requests were left without an answer");
    expect(text).not.toContain("✓");
  });
});
