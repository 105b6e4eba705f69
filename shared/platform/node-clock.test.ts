import { execFileSync } from "node:child_process";
import { platform } from "node:os";
import { describe, expect, test } from "vitest";
import { clockId, NodeClock } from "./node-clock.ts";

describe("NodeClock", () => {
  test("its time is the system's, the same in every process", () => {
    const clock = new NodeClock();
    const before = clock.now();
    const script = "process.stdout.write(String(Number(process.hrtime.bigint()) / 1e6))";
    const elsewhere = Number(execFileSync(process.execPath, ["-e", script], { encoding: "utf8" }));
    expect(before).toBeLessThan(elsewhere);
    expect(elsewhere).toBeLessThan(clock.now());
  });

  test("its time does not go back", () => {
    const clock = new NodeClock();
    let last = clock.now();
    for (let i = 0; i < 10_000; i++) {
      const now = clock.now();
      expect(now >= last).toBe(true);
      last = now;
    }
  });

  test.each([0, 0.3, 1, 1.7, 2.999, 5.5])("a timer of %d ms never fires before its time", async (delayMs) => {
    const clock = new NodeClock();
    const waits = Array.from({ length: 20 }, () => {
      const dueAt = clock.now() + delayMs;
      return new Promise<number>((resolve) => void clock.after(delayMs, () => resolve(clock.now() - dueAt)));
    });
    for (const lateness of await Promise.all(waits)) expect(lateness).toBeGreaterThanOrEqual(0);
  });

  test("a timer longer than Node's longest does not fire at once", async () => {
    const clock = new NodeClock();
    let fired = false;
    const release = clock.after(2 ** 40, () => {
      fired = true;
    });
    await new Promise<void>((resolve) => void clock.after(5, resolve));
    release();
    expect(fired).toBe(false);
  });

  test("what was released is not called", async () => {
    const clock = new NodeClock();
    const calls: string[] = [];
    const stops = [clock.after(1, () => calls.push("timer")), clock.soon(() => calls.push("soon"))];
    for (const stop of [...stops, ...stops]) stop();
    await new Promise<void>((resolve) => void clock.after(5, resolve));
    expect(calls).toEqual([]);
  });
});

describe("clockId", () => {
  test.runIf(platform() === "linux")("is the same on every call, and tells nothing of the machine", () => {
    expect(clockId()).toMatch(/^[0-9a-f]{16}$/);
    expect(clockId()).toBe(clockId());
  });
});

test.runIf(process.platform === "linux")("[CLI-26] the clock has a name, always the same", () => {
  expect(clockId()).toMatch(/^[0-9a-f]{16}$/);
  expect(clockId()).toBe(clockId());
});
