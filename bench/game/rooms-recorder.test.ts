import { expect, test } from "vitest";
import { RoomsRecorder } from "./rooms-recorder.ts";

const window = { epoch: 1000, periodMs: 50, fromTick: 10, toTick: 12 };

test("[BEN-90] rooms that are due at different moments have their own ticks in the window, and their own last receiver", () => {
  const recorder = new RoomsRecorder(window);
  const arrive = (room: string, epoch: number, tick: number, latencyMs: number): void => {
    const dueAt = epoch + tick * 50;
    recorder.received(room, { tick, previous: tick - 1, dueAt, receivedAt: dueAt + latencyMs, bytes: 100 });
  };
  // From 1,475 to 1,575: ticks 10 and 11 of the one, 6 and 7 of the other, which began 220 ms later.
  for (const tick of [9, 10, 11, 12]) {
    arrive("a", 1000, tick, 2);
    arrive("a", 1000, tick, 4);
  }
  for (const tick of [5, 6, 7, 8]) arrive("b", 1220, tick, 30);
  expect(recorder.delivered).toBe(6);
  expect(recorder.gaps).toBe(0);
  const { first, last, all } = recorder.latencies();
  expect([first.p50, last.p50, last.max].map(Math.round)).toEqual([2, 4, 30]);
  expect([all.p50, all.max].map(Math.round)).toEqual([4, 30]);
  expect(recorder.curves().last.at(-1)).toBeCloseTo(30, 1);
  expect(recorder.byTick()).toEqual({ firstMs: [2, 2], lastMs: [4, 4], bytes: [100, 100] });
});

test("[BEN-90] nobody who arrives is no figure", () => {
  const recorder = new RoomsRecorder(window);
  expect([recorder.delivered, recorder.latencies().all.max]).toEqual([0, 0]);
  expect(recorder.byTick()).toEqual({ firstMs: [], lastMs: [], bytes: [] });
});
