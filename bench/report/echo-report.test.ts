import { describe, expect, test } from "vitest";
import type { EchoFigures } from "../run/messages.ts";
import type { RawEchoRun } from "../run/run-echo.ts";
import type { Percentiles } from "../statistics/latency-histogram.ts";
import { echoReport } from "./echo-report.ts";
import { echoTerminalReport } from "./echo-terminal.ts";
import { plain } from "./paint.ts";
import { machine } from "./run.fixture.ts";

const percentiles = (p99: number): Percentiles => ({ p50: 1, p90: 2, p99, p999: p99, max: p99 });
const figures = (p99: number, answered = 1000): EchoFigures => ({
  sent: 1000,
  answered,
  latencyMs: percentiles(p99),
});

function run(clients: Partial<RawEchoRun["clients"]> = {}, slips = 0): RawEchoRun {
  return {
    load: { clients: 100, hz: 20, rate: 10, seconds: 1 },
    sameClock: true,
    server: {
      cpuUs: 100_000,
      wallMs: 1000,
      latenessMs: percentiles(1),
      latenessByTick: [],
      published: 20,
      slips,
      phases: null,
      lateInputs: 0,
      hashes: [],
    },
    clients: {
      use: { cpuUs: 200_000, wallMs: 1000, machineBusyMs: 310 },
      request: figures(51),
      ping: figures(1),
      lost: [],
      ...clients,
    },
  };
}

describe("the report of the echo scenario", () => {
  test("[BEN-115] has a stable shape", () => {
    expect(JSON.parse(JSON.stringify(echoReport(run(), machine)))).toEqual({
      scenario: "echo",
      clients: 100,
      hz: 20,
      rate: 10,
      seconds: 1,
      request: figures(51),
      ping: figures(1),
      latenessMs: percentiles(1),
      serverCpu: 0.1,
      loadCpu: 0.2,
      targets: [
        { says: expect.stringContaining("a period and 2 ms"), atMost: 52, measured: 51, met: true },
        { says: expect.stringContaining("pings"), atMost: 2, measured: 1, met: true },
      ],
      machine,
      trustworthy: true,
      reasons: [],
      failures: [],
    });
  });

  test.each([
    ["a request has no answer", { request: figures(51, 999) }, 0, "999 of 1000 requests were answered"],
    ["nothing was sent", { ping: { ...figures(1, 0), sent: 0 } }, 0, "no ping was sent"],
    ["a connection was lost", { lost: ["the server closed"] }, 0, "1 connections were lost"],
    ["the server slipped", {}, 1, "its ticks slipped"],
  ])("[BEN-115] a run in which %s has failed", (_name, clients, slips, sentence) => {
    expect(echoReport(run(clients, slips), machine).failures).toEqual([expect.stringContaining(sentence)]);
  });

  test("[BEN-115] a person reads both ways, and which target is missed", () => {
    const shown = echoTerminalReport(echoReport(run({ ping: figures(3) }), machine), plain);
    expect(shown).toMatch(/request through the room +1\.000 +2\.000 +51\.0/);
    expect(shown).toContain("✗ 99 % of pings are answered within 2 ms: 3.000");
  });
});
