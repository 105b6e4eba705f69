import { MessageChannel, receiveMessageOnPort } from "node:worker_threads";
import fc from "fast-check";
import { expect, test } from "vitest";
import { durationHistogram, percentilesOf, recordMs } from "./histogram.ts";
import { addMeasurements, type Measurements, noMeasurements } from "./measurements.ts";

function measurementsOf(latencies: readonly number[]): Measurements {
  const measurements = noMeasurements();
  for (const ms of latencies) recordMs(measurements.latency, ms);
  return { ...measurements, ticksClosed: latencies.length, botSeconds: 1.5, bytesReceived: 10 };
}

/** As `postMessage` brings it to another thread. */
function acrossThreads(measurements: Measurements): Measurements {
  const { port1, port2 } = new MessageChannel();
  port1.postMessage(measurements);
  const received = receiveMessageOnPort(port2)?.message as Measurements;
  port1.close();
  return received;
}

test("[BOT-7] measurements of several threads add up to what one thread would have measured", () => {
  const latencies = fc.array(fc.double({ min: 0.001, max: 60_000, noNaN: true }), { maxLength: 50 });
  fc.assert(
    fc.property(fc.array(latencies, { minLength: 1, maxLength: 4 }), (threads) => {
      const sum = noMeasurements();
      for (const each of threads) addMeasurements(sum, acrossThreads(measurementsOf(each)));
      const whole = measurementsOf(threads.flat());
      expect(percentilesOf(sum.latency)).toEqual(percentilesOf(whole.latency));
      expect(sum.latency.count).toBe(whole.latency.count);
      expect(sum.ticksClosed).toBe(whole.ticksClosed);
      expect(sum.botSeconds).toBe(1.5 * threads.length);
      expect(sum.bytesReceived).toBe(10 * threads.length);
    }),
    { numRuns: 50 },
  );
});

test("nothing recorded has no percentiles", () => {
  expect(percentilesOf(durationHistogram())).toBeUndefined();
});

test("durations keep three significant figures from 1 µs to 10 minutes, where longer ones end", () => {
  for (const ms of [0.001, 0.0423, 1.234, 50, 16_667, 599_000]) {
    const histogram = durationHistogram();
    recordMs(histogram, ms);
    expect(Math.abs((percentilesOf(histogram)?.max ?? 0) / ms - 1)).toBeLessThan(0.02);
    if (ms >= 1) expect(Math.abs((percentilesOf(histogram)?.max ?? 0) / ms - 1)).toBeLessThan(0.001);
  }
  const beyond = durationHistogram();
  recordMs(beyond, 3_600_000);
  expect(beyond.exceeds).toBe(0);
  expect(percentilesOf(beyond)?.max).toBeGreaterThanOrEqual(600_000);
});
