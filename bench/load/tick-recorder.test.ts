import { describe, expect, test } from "vitest";
import { CURVE_PERCENTS } from "../statistics/latency-histogram.ts";
import { TickRecorder } from "./tick-recorder.ts";

const window = { epoch: 1000, periodMs: 50, fromTick: 10, toTick: 13 };
const dueAt = (tick: number): number => window.epoch + tick * window.periodMs;

describe("TickRecorder", () => {
  test("[BEN-5] latency counts from the tick's intended time, to the first and to the last who had it", () => {
    const recorder = new TickRecorder(window);
    for (const [tick, delays] of [
      [10, [2, 1, 4]],
      [11, [3, 2, 8]],
      [12, [70, 71, 90]],
    ] as const)
      for (const delay of delays) recorder.received(tick, tick - 1, dueAt(tick) + delay);
    const { first, last, all } = recorder.latencies();
    expect([first.p50, first.max]).toEqual([expect.closeTo(2, 1), expect.closeTo(70, 0)]);
    expect([last.p50, last.max]).toEqual([expect.closeTo(8, 1), expect.closeTo(90, 0)]);
    expect([all.p50, all.max]).toEqual([expect.closeTo(4, 1), expect.closeTo(90, 0)]);
    expect(recorder.delivered).toBe(9);
  });

  test("[BEN-5] ticks before and after the window do not count", () => {
    const recorder = new TickRecorder(window);
    for (const tick of [1, 9, 13, 14]) recorder.received(tick, tick - 1, dueAt(tick) + 1);
    expect(recorder.delivered).toBe(0);
    expect(recorder.latencies().all.max).toBe(0);
  });

  test("a tick that did not follow the one before is a gap, at the window's first tick, too", () => {
    const recorder = new TickRecorder(window);
    recorder.received(10, 8, dueAt(10));
    recorder.received(11, 10, dueAt(11));
    recorder.received(11, 11, dueAt(11));
    expect(recorder.gaps).toBe(2);
  });

  test("who is counted only is not timed", () => {
    const recorder = new TickRecorder(window);
    expect(recorder.counted(12, 11)).toBe(true);
    expect(recorder.counted(13, 12)).toBe(false);
    expect(recorder.delivered).toBe(1);
    expect(recorder.latencies().all.max).toBe(0);
  });

  test("[BEN-82] distributions are told as curves, and ticks one by one: null where nobody had one", () => {
    const recorder = new TickRecorder(window);
    recorder.received(10, 9, dueAt(10) + 2, 100);
    recorder.received(10, 9, dueAt(10) + 4.00049, 300);
    recorder.received(12, 11, dueAt(12) + 8, 50);
    expect(recorder.byTick()).toEqual({
      firstMs: [2, null, 8],
      lastMs: [4, null, 8],
      bytes: [200, null, 50],
    });
    const { first, last, all } = recorder.curves();
    expect([first, last, all].map((curve) => curve.length)).toEqual(
      [1, 1, 1].map(() => CURVE_PERCENTS.length),
    );
    expect(all.at(-1)).toBeCloseTo(8, 1);
    expect(all).toEqual(all.toSorted((a, b) => a - b));
    expect(new TickRecorder(window).curves()).toEqual({ first: [], last: [], all: [] });
  });
});
