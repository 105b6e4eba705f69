import { expect, test } from "vitest";
import { MarginCorrection } from "./margin-correction.ts";

/** Inputs that are 100 ms ahead, between two pings; pings say that 40 would be just in time. */
function report(correction: MarginCorrection, stamp: number, ...marginsMs: number[]): void {
  for (const marginMs of marginsMs) {
    correction.sent(100);
    correction.pingSent(stamp);
    correction.answered(stamp, marginMs, 40);
  }
}

function begun(): MarginCorrection {
  const correction = new MarginCorrection();
  correction.pingSent(0);
  correction.answered(0, undefined, 40);
  return correction;
}

test("[ITL-3] an input that is ahead by as much as it is early needs no correction", () => {
  const correction = begun();
  report(correction, 1, 60);
  expect(correction.ms).toBe(0);
});

test("[ITL-3] inputs that arrive later than pings promise are to be earlier, and the other way round", () => {
  const late = begun();
  report(late, 1, 35);
  expect(late.ms).toBe(25);
  const early = begun();
  report(early, 1, 70);
  expect(early.ms).toBe(-10);
});

test("[ITL-3] of the last five reports the middle one counts, so a stall changes nothing", () => {
  const correction = begun();
  report(correction, 1, 50, 52, 48, -200, 51);
  expect(correction.ms).toBe(10);
  report(correction, 2, -200, 20, 20, 20, 20);
  expect(correction.ms).toBe(40);
});

test("[ITL-3] a report is held against the inputs just before its ping, however late it comes", () => {
  const correction = begun();
  correction.sent(100);
  correction.sent(120);
  correction.pingSent(1);
  correction.sent(500);
  correction.pingSent(2);
  correction.answered(1, 60, 40);
  expect(correction.ms).toBe(10);
  correction.answered(2, 460, 40);
  expect(correction.ms).toBe(5);
});

test("[ITL-3] where time did not run evenly, inputs on their way say nothing", () => {
  const correction = begun();
  report(correction, 1, 50);
  correction.sent(100);
  correction.pingSent(2);
  correction.sent(100);
  correction.void();
  correction.sent(100);
  correction.pingSent(3);
  correction.answered(2, -900, 40);
  correction.answered(3, -900, 40);
  expect(correction.ms).toBe(10);
  report(correction, 4, 70);
  expect(correction.ms).toBe(0);
  correction.forget();
  expect(correction.ms).toBe(0);
});
