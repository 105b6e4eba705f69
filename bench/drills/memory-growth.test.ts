import { expect, test } from "vitest";
import { isMet } from "./check.ts";
import { growth, growthCheck, type MemoryPoint } from "./memory-growth.ts";

/** Sixty points of a hundred joins each, which swing by up to 8 kB. */
function points(bytesAt: (done: number) => number): MemoryPoint[] {
  return Array.from({ length: 60 }, (_, n) => {
    const done = n * 100;
    return { done, inUse: 12_000_000 + bytesAt(done) + ((done * 7_919) % 1_013) * 8 };
  });
}
const passes = (made: readonly MemoryPoint[]): boolean => isMet(growthCheck("join", growth(made)));

test("[DRL-5] memory that grows by some bytes with each join fails, memory that swings does not", () => {
  expect(passes(points(() => 0))).toBe(true);
  expect(passes(points((done) => 10 * done))).toBe(false);
  expect(growth(points((done) => 10 * done))?.bytesEach).toBeCloseTo(10, 0);
});

test("[DRL-5] what grows at the beginning does not count; too few points fail", () => {
  expect(passes(points((done) => Math.min(done, 500) * 1_000))).toBe(true);
  expect(passes(points(() => 0).slice(0, 5))).toBe(false);
});
