import { expect, test } from "vitest";
import { backoffMs } from "./backoff.ts";

const atMost = (attempt: number, retry: "soon" | "later" = "soon"): number =>
  backoffMs(attempt, retry, () => 1);

test("[RET-8] pauses are anything from nothing to a bound that doubles up to five seconds", () => {
  expect([0, 1, 2, 3, 4, 5, 50].map((attempt) => atMost(attempt))).toEqual([
    250, 500, 1_000, 2_000, 4_000, 5_000, 5_000,
  ]);
  expect(backoffMs(7, "soon", () => 0)).toBe(0);
  expect(backoffMs(7, "soon", () => 0.5)).toBe(2_500);
});

test("[RET-8] what does not mend in a moment is not tried within a second", () => {
  expect(backoffMs(0, "later", () => 0)).toBe(1_000);
  expect(atMost(3, "later")).toBe(3_000);
});
