import { expect, test } from "vitest";
import { HeapSamples } from "./heap-samples.ts";

function samples(bytesAt: (done: number) => number, count = 20): HeapSamples {
  const heap = new HeapSamples();
  for (let n = 0; n < count; n++) heap.add(n * 1_000, bytesAt(n * 1_000));
  return heap;
}

test("[FUZ-3] memory that grows is seen as bytes a message, memory that swings is not", () => {
  const noise = (done: number) => ((done * 7_919) % 1_013) * 10;
  const leak = samples((done) => 5_000_000 + 3 * done + noise(done)).slope();
  expect(leak?.bytesEach).toBeCloseTo(3, 0);
  expect((leak?.bytesEach ?? 0) - (leak?.margin ?? 0)).toBeGreaterThan(0);
  const level = samples((done) => 5_000_000 + noise(done)).slope();
  expect((level?.bytesEach ?? 0) - (level?.margin ?? 0)).toBeLessThanOrEqual(0);
});

test("[FUZ-3] the first rounds do not count, and too few say nothing", () => {
  const warm = samples((done) => (done < 3_000 ? done * 1_000 : 9_000_000)).slope();
  expect(warm).toEqual({ bytesEach: 0, margin: 0 });
  expect(samples(() => 1, 5).slope()).toBeUndefined();
});

test("[FUZ-3] what is kept is in the samples, what is garbage is not", () => {
  const heap = new HeapSamples();
  heap.take(0);
  const before = heap.last;
  const kept = Array.from({ length: 100_000 }, (_, i) => ({ i }));
  heap.take(1);
  expect(heap.last - before).toBeGreaterThan(1_000_000);
  kept.length = 0;
  heap.take(2);
  expect(heap.last - before).toBeLessThan(1_000_000);
});
