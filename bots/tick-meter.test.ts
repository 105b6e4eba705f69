import { describe, expect, test } from "vitest";
import { echo } from "../games/echo/echo.ts";
import type { Percentiles } from "./histogram.ts";
import { percentilesOf } from "./histogram.ts";
import { noMeasurements } from "./measurements.ts";
import { type MeteredRoom, TickMeter } from "./tick-meter.ts";

const PERIOD_MS = 1_000 / echo.spec.tickRate;

/** A room whose tick n is due at n periods. */
function roomAt(clock: "shared" | "estimated" | undefined): MeteredRoom {
  return {
    game: echo.description,
    intendedTimeOf: (tick) => (clock ? { at: tick * PERIOD_MS, clock } : undefined),
  };
}

/** What histograms say is exact to three significant figures. */
function near(ms: number): number {
  return expect.closeTo(ms, ms < 10 ? 1 : 0) as unknown as number;
}

/** The same room, but that it slips by so many periods just before a tick. */
function roomThatSlips(fromTick: number, periods: number): MeteredRoom {
  const skippedMs = periods * PERIOD_MS;
  return {
    game: echo.description,
    intendedTimeOf: (tick) => ({
      at: tick * PERIOD_MS + (tick < fromTick ? 0 : skippedMs),
      clock: "shared",
    }),
  };
}

function all(ms: number): Percentiles {
  return { p50: near(ms), p90: near(ms), p99: near(ms), p999: near(ms), max: near(ms) };
}

describe("TickMeter", () => {
  test("[BOT-2] a bot's first closed tick warms it up and is not measured", () => {
    const into = noMeasurements();
    new TickMeter(roomAt("shared")).closed(10, 10 * PERIOD_MS + 900, into);
    expect(into).toEqual(noMeasurements());
  });

  test("[BOT-3] latency counts from the tick's intended time, and the gap from the bot's previous tick", () => {
    const into = noMeasurements();
    const meter = new TickMeter(roomAt("shared"));
    meter.closed(1, PERIOD_MS, undefined);
    meter.closed(2, 2 * PERIOD_MS + 5, into);
    expect(percentilesOf(into.latency)).toEqual(all(5));
    expect(percentilesOf(into.gaps)).toEqual(all(PERIOD_MS + 5));
    expect(into).toMatchObject({ ticksClosed: 1, sharedLatencies: 1, estimatedLatencies: 0 });
  });

  test("[BOT-4] a tick that the server folded into a later one is as late as that one's arrival", () => {
    const into = noMeasurements();
    const meter = new TickMeter(roomAt("shared"));
    meter.closed(1, PERIOD_MS, undefined);
    meter.closed(4, 4 * PERIOD_MS, into);
    expect(into.latency.count).toBe(3);
    expect(percentilesOf(into.latency)).toMatchObject({ p50: near(PERIOD_MS), max: near(2 * PERIOD_MS) });
    expect(into).toMatchObject({ ticksClosed: 1 });
    expect(into.gaps.count).toBe(1);
  });

  test("[BOT-5] ticks late by more than a period when the measuring ends count with their lateness so far", () => {
    const into = noMeasurements();
    const meter = new TickMeter(roomAt("shared"));
    meter.closed(1, PERIOD_MS, undefined);
    meter.overdue(4.5 * PERIOD_MS, into);
    expect(into.latency.count).toBe(2);
    expect(percentilesOf(into.latency)?.max).toEqual(near(2.5 * PERIOD_MS));
    expect(percentilesOf(into.gaps)).toEqual(all(3.5 * PERIOD_MS));
    expect(into.ticksClosed).toBe(0);
  });

  test("[BOT-5] a tick that is due but not late by a period is no lateness", () => {
    const into = noMeasurements();
    const meter = new TickMeter(roomAt("shared"));
    meter.closed(1, PERIOD_MS, undefined);
    meter.overdue(2.9 * PERIOD_MS, into);
    expect(into).toEqual(noMeasurements());
  });

  test("[BOT-6] a latency that an estimated clock puts below zero counts as 1 µs and is told", () => {
    const into = noMeasurements();
    const meter = new TickMeter(roomAt("estimated"));
    meter.closed(1, PERIOD_MS, undefined);
    meter.closed(2, 2 * PERIOD_MS - 3, into);
    expect(percentilesOf(into.latency)?.max).toBe(0.001);
    expect(into).toMatchObject({ negativeLatencies: 1, sharedLatencies: 0, estimatedLatencies: 1 });
  });

  test("[BOT-17] every period that a room skipped counts with its lateness from the old schedule", () => {
    const into = noMeasurements();
    const meter = new TickMeter(roomThatSlips(3, 4));
    meter.closed(1, PERIOD_MS, into);
    meter.closed(2, 2 * PERIOD_MS, into);
    meter.closed(3, 7 * PERIOD_MS, into);
    expect(into.latency.count).toBe(2 + 4);
    expect(percentilesOf(into.latency)).toMatchObject({ p50: near(PERIOD_MS), max: near(4 * PERIOD_MS) });
    expect(into).toMatchObject({ ticksClosed: 2, sharedLatencies: 6 });
    expect(meter.slips).toEqual({ count: 1, ms: expect.closeTo(4 * PERIOD_MS, 6) });
  });

  test("[BOT-17] a room that slips among ticks that come as one has slipped all the same", () => {
    const into = noMeasurements();
    const meter = new TickMeter(roomThatSlips(3, 10));
    meter.closed(1, PERIOD_MS, into);
    meter.closed(5, 15 * PERIOD_MS, into);
    expect(into.latency.count).toBe(4 + 10);
    expect(percentilesOf(into.latency)?.max).toEqual(near(13 * PERIOD_MS));
    expect(meter.slips.count).toBe(1);
  });

  test("[BOT-17] slips count from a bot's first tick on, measured or not, and not those before it came", () => {
    const meter = new TickMeter(roomThatSlips(3, 4));
    meter.closed(2, 2 * PERIOD_MS, undefined);
    meter.closed(3, 7 * PERIOD_MS, undefined);
    expect(meter.slips.count).toBe(1);
    const newcomer = new TickMeter(roomThatSlips(3, 4));
    newcomer.closed(3, 7 * PERIOD_MS, undefined);
    newcomer.closed(4, 8 * PERIOD_MS, undefined);
    expect(newcomer.slips).toEqual({ count: 0, ms: 0 });
  });

  test("[BOT-18] once the next tick is late by more than the patience, all that are due count as never come", () => {
    const meter = new TickMeter(roomAt("shared"));
    meter.closed(1, PERIOD_MS, undefined);
    const patienceMs = 20 * PERIOD_MS;
    expect(meter.overdueTicks(22 * PERIOD_MS, patienceMs)).toBe(0);
    expect(meter.overdueTicks(22.5 * PERIOD_MS, patienceMs)).toBe(20);
    expect(meter.overdueTicks(2.9 * PERIOD_MS, 0)).toBe(0);
  });

  test("while the server's clock is not known, gaps alone are measured", () => {
    const into = noMeasurements();
    const meter = new TickMeter(roomAt(undefined));
    meter.closed(1, 100, undefined);
    meter.closed(2, 120, into);
    meter.overdue(10_000, into);
    expect(into.latency.count).toBe(0);
    expect(into.gaps.count).toBe(1);
    expect(meter.overdueTicks(10_000, 0)).toBe(0);
  });
});
