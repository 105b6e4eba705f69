import { expect, test, vi } from "vitest";
import { SystemClock } from "./system-clock.ts";

test("[CLI-26] a delay beyond what timers count is waited for in parts", () => {
  vi.useFakeTimers();
  try {
    const clock = new SystemClock();
    const called: number[] = [];
    const month = 30 * 24 * 3_600_000;
    clock.after(month, () => called.push(clock.now()));
    const start = clock.now();
    vi.advanceTimersByTime(month - 1);
    expect(called).toEqual([]);
    vi.advanceTimersByTime(2);
    expect(called).toHaveLength(1);
    expect((called[0] as number) - start).toBeGreaterThanOrEqual(month);
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

test("[CLI-26] a released callback is not called, and releasing twice is harmless", () => {
  vi.useFakeTimers();
  try {
    const clock = new SystemClock();
    const called: string[] = [];
    const release = clock.after(10, () => called.push("after"));
    clock.soon(() => called.push("soon"));
    release();
    release();
    vi.advanceTimersByTime(20);
    expect(called).toEqual(["soon"]);
  } finally {
    vi.useRealTimers();
  }
});
