import { expect, test } from "vitest";
import { LinkReadings, readingOf, SHOWN_MS } from "./link-readings.ts";

test("[ARE-35] a figure that the SDK does not tell is not known, instead of 0", () => {
  expect(readingOf({ rttMs: 120.5, jitterMs: undefined, inputMarginMs: Number.NaN, bytesSent: 3 })).toEqual({
    ping: 120.5,
    jitter: undefined,
    delay: undefined,
    margin: undefined,
    corrections: undefined,
  });
  expect(
    readingOf({ rttMs: 1, jitterMs: 2, interpolationDelayMs: 3, inputMarginMs: -4, mispredictions: 5 }),
  ).toEqual({ ping: 1, jitter: 2, delay: 3, margin: -4, corrections: 5 });
});

test("[ARE-35] it looks ten times a second, keeps 20 s, and marks corrections where they came", () => {
  const readings = new LinkReadings();
  for (let now = 0; now <= 30_000; now += 16)
    readings.look(now, {
      statistics: {
        rttMs: now / 100,
        mispredictions: 7 + (now > 25_000 ? 2 : 0) + (now > 28_000 ? 1 : 0),
      },
    });
  const { samples } = readings;
  expect(samples.length).toBeGreaterThan(150);
  expect(samples.length).toBeLessThanOrEqual(201);
  expect((samples.at(-1)?.at ?? 0) - (samples[0]?.at ?? 0)).toBeLessThanOrEqual(SHOWN_MS);
  const marks = samples.filter(({ corrected }) => corrected > 0);
  expect(marks.map(({ corrected }) => corrected)).toEqual([2, 1]);
  expect(marks[0]?.at).toBeGreaterThan(25_000);
  expect(marks[0]?.at).toBeLessThan(25_200);
  readings.reset();
  expect(readings.samples).toEqual([]);
});

test("[ARE-35] corrections that begin anew with another connection are none", () => {
  const readings = new LinkReadings();
  for (const [step, mispredictions] of [9, 9, 0, 1].entries())
    readings.look(step * 100, { statistics: { mispredictions } });
  expect(readings.samples.map(({ corrected }) => corrected)).toEqual([0, 0, 0, 1]);
});
