import fc from "fast-check";
import { expect, test } from "vitest";
import { BucketFlow, TokenBucket } from "./token-bucket.ts";

test("[LIM-10] what was saved up may be taken at once, then as much as flows", () => {
  const bucket = new TokenBucket(new BucketFlow(10, 30), 0);
  expect(Array.from({ length: 31 }, () => bucket.take(0)).filter(Boolean)).toHaveLength(30);
  expect(bucket.take(99)).toBe(false);
  expect(bucket.take(100)).toBe(true);
  expect(bucket.take(100)).toBe(false);
  expect(bucket.waitMs(100)).toBe(100);
  expect(bucket.waitMs(150)).toBeCloseTo(50);
  expect(bucket.isFull(3_099)).toBe(false);
  expect(bucket.isFull(3_100)).toBe(true);
  expect(bucket.isFull(1_000_000)).toBe(true);
});

test("[LIM-10] an amount that is not there takes nothing", () => {
  const bucket = new TokenBucket(new BucketFlow(1_000, 100), 0);
  expect(bucket.take(0, 101)).toBe(false);
  expect(bucket.take(0, 100)).toBe(true);
});

test("[LIM-10] within any time at most what flowed and what was saved up passes, and a steady rate always does", () => {
  const steps = fc.array(
    fc.record({ waitMs: fc.double({ min: 0, max: 500, noNaN: true }), amount: fc.nat(40) }),
  );
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 500 }),
      fc.integer({ min: 40, max: 100 }),
      steps,
      (rate, capacity, list) => {
        const bucket = new TokenBucket(new BucketFlow(rate, capacity), 0);
        let now = 0;
        let passed = 0;
        for (const { waitMs, amount } of list) {
          now += waitMs;
          if (bucket.take(now, amount)) passed += amount;
          expect(passed).toBeLessThanOrEqual(capacity + (now * rate) / 1000 + 1e-6);
        }
      },
    ),
  );
  const steady = new TokenBucket(new BucketFlow(300, 300), 0);
  for (let n = 1; n <= 3_000; n++) expect(steady.take((n * 1000) / 300)).toBe(true);
});

test("[LIM-10] a clock that goes back gives nothing", () => {
  const bucket = new TokenBucket(new BucketFlow(10, 1), 1_000);
  expect(bucket.take(1_000)).toBe(true);
  expect(bucket.take(0)).toBe(false);
  expect(bucket.take(1_000)).toBe(false);
  expect(bucket.take(1_100)).toBe(true);
});
