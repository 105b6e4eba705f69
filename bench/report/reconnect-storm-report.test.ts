import { describe, expect, test } from "vitest";
import type { HeardFigures, ToldFigures } from "../run/messages.ts";
import type { RawReconnectStormRun } from "../run/run-reconnect-storm.ts";
import type { SurvivorFigures } from "../run/trial-messages.ts";
import type { Percentiles } from "../statistics/latency-histogram.ts";
import { plain } from "./paint.ts";
import { reconnectStormReport } from "./reconnect-storm-report.ts";
import { reconnectStormTerminalReport } from "./reconnect-storm-terminal.ts";
import { machine } from "./run.fixture.ts";

const percentiles = (p99: number): Percentiles => ({ p50: 1, p90: 2, p99, p999: p99, max: p99 });
const all = (upTo: number): HeardFigures => ({ upTo, missing: 0, repeated: 0 });

const survivor = (number: number, told: Partial<SurvivorFigures> = {}): SurvivorFigures => ({
  number,
  global: all(40),
  place: all(10),
  private: all(2),
  messagesSent: 10,
  requestsSent: 2,
  answered: 2,
  losses: 2,
  returns: 2,
  joined: true,
  lost: 0,
  ...told,
});

interface Told {
  readonly survivor?: Partial<SurvivorFigures>;
  readonly server?: Partial<ToldFigures>;
  readonly slips?: number;
}

/** Two clients in two seconds with two cuts; the second differs in what is told. */
function run({ survivor: second = {}, server = {}, slips = 0 }: Told = {}): RawReconnectStormRun {
  return {
    load: { clients: 2, seconds: 2, cuts: 2 },
    sameClock: true,
    server: {
      cpuUs: 100_000,
      wallMs: 5000,
      latenessMs: percentiles(1),
      latenessByTick: [],
      published: 100,
      slips,
      phases: null,
      lateInputs: 0,
      hashes: [],
      told: {
        global: 40,
        places: [10, 10, 10, 10],
        private: [2, 2],
        messages: [all(10), all(10)],
        requests: [all(2), all(2)],
        joined: 2,
        left: 0,
        cut: 2,
        ...server,
      },
    },
    clients: {
      cpuUs: 100_000,
      wallMs: 5000,
      machineBusyMs: 250,
      survivors: [survivor(0), survivor(1, second)],
      cut: 2,
      returnMs: percentiles(200),
    },
  };
}

describe("the report of a storm of cuts", () => {
  test("[BEN-73] has a stable shape, and counts every kind over all clients", () => {
    const report = reconnectStormReport(run(), machine);
    expect(JSON.parse(JSON.stringify(report))).toMatchObject({
      scenario: "reconnect-storm",
      clients: 2,
      seconds: 2,
      cuts: 2,
      hz: 20,
      cutBy: { clients: 2, server: 2 },
      losses: 4,
      returns: 4,
      returnMs: percentiles(200),
      lost: 0,
      repeated: 0,
      targets: [{ met: true }, { met: true }],
      trustworthy: true,
      failures: [],
    });
    expect(report.tallies.map(({ kind, expected }) => [kind, expected])).toEqual([
      ["events for everyone", 80],
      ["events in a place", 20],
      ["private events", 4],
      ["messages", 20],
      ["requests", 4],
      ["replies", 4],
      ["seats", 2],
    ]);
  });

  test.each([
    ["an event for everyone is missing", { survivor: { global: { ...all(40), missing: 1 } } }],
    ["the last event in a place never came", { survivor: { place: all(9) } }],
    ["a private event never came", { survivor: { private: all(1) } }],
    ["a message was not heard", { server: { messages: [all(10), all(9)] } }],
    [
      "no request was heard of a client",
      { survivor: { requestsSent: 1, answered: 1 }, server: { requests: [all(1)] } },
    ],
    ["a reply never came", { survivor: { answered: 1 } }],
    ["a seat was given up", { server: { left: 1 } }],
    ["a client is in the room no more", { survivor: { joined: false } }],
    ["the SDK says that something is lost", { survivor: { lost: 1 } }],
  ] satisfies [string, Told][])("[BEN-74] a run in which %s has failed", (_name, told) => {
    const { lost, repeated, failures } = reconnectStormReport(run(told), machine);
    expect([repeated, failures.length]).toEqual([0, 1]);
    expect(lost).toBeGreaterThan(0);
    expect(failures[0]).toMatch(/not so: no event, message, request or seat is lost/);
  });

  test.each([
    [
      "a message was heard twice",
      { server: { messages: [all(10), { ...all(10), repeated: 1 }] } },
      /twice: 1/,
    ],
    ["a client was cut once too few", { server: { cut: 1 } }, /3 connections were cut, not 4/],
    ["a client did not come back", { survivor: { returns: 1 } }, /4 connections were lost, and 3 times/],
    ["ticks slipped", { slips: 1 }, /slipped 1 times/],
  ] satisfies [string, Told, RegExp][])("[BEN-74] a run in which %s has failed", (_name, told, sentence) => {
    expect(reconnectStormReport(run(told), machine).failures).toEqual([expect.stringMatching(sentence)]);
  });

  test("on a terminal has every kind, the cuts, and what is lost", () => {
    const text = reconnectStormTerminalReport(
      reconnectStormReport(run({ survivor: { place: all(9) } }), machine),
      plain,
    );
    expect(text).toMatch(/events in a place +20 +1 +0/);
    expect(text).toContain("2 connections cut by clients, 2 by the server; lost 4 times, back 4 times");
    expect(text).toContain("✗ no event, message, request or seat is lost: 1");
  });
});
