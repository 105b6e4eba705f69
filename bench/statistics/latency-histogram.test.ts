import { describe, expect, test } from "vitest";
import { LatencyHistogram } from "./latency-histogram.ts";

describe("LatencyHistogram", () => {
  test("percentiles are the recorded values, to three figures", () => {
    const histogram = new LatencyHistogram();
    for (let ms = 1; ms <= 1000; ms++) histogram.record(ms);
    const { p50, p90, p99, p999, max } = histogram.percentiles();
    expect(histogram.count).toBe(1000);
    for (const [got, want] of [
      [p50, 500],
      [p90, 900],
      [p99, 990],
      [p999, 999],
      [max, 1000],
    ] as const)
      expect(Math.abs(got - want) / want).toBeLessThan(0.001);
  });

  test("one stall shows in the maximum and leaves the median alone", () => {
    const histogram = new LatencyHistogram();
    for (let i = 0; i < 999; i++) histogram.record(0.5);
    histogram.record(80);
    expect(histogram.percentiles().p50).toBeCloseTo(0.5, 3);
    expect(histogram.percentiles().max).toBeCloseTo(80, 0);
  });

  test("what is below a microsecond or beyond a minute counts at that bound", () => {
    const histogram = new LatencyHistogram();
    histogram.record(-0.2);
    expect(histogram.percentiles().max).toBe(0.001);
    histogram.record(1e9);
    expect(Math.abs(histogram.percentiles().max - 60_000)).toBeLessThan(60);
  });

  test("without a value all is zero", () => {
    expect(new LatencyHistogram().percentiles()).toEqual({ p50: 0, p90: 0, p99: 0, p999: 0, max: 0 });
  });
});
