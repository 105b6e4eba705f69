import { expect, test } from "vitest";
import { ManualClock } from "../../tests/kit/manual-clock.ts";
import { readAround } from "./cpu-window.ts";

const window = { epoch: 100, periodMs: 50, fromTick: 10, toTick: 12 };

test("[BEN-6] a window is read half a period before its first tick and half a period before the one after it", async () => {
  const clock = new ManualClock();
  const readings = readAround(window, clock, () => clock.now());
  await clock.run(1000);
  expect(await readings).toEqual({ before: 575, after: 675, wallMs: 100 });
});

test("[BEN-6] a window that has begun cannot be measured any more", async () => {
  const clock = new ManualClock({ startMs: 575 });
  await expect(readAround(window, clock, () => 0)).rejects.toThrow("due already");
});
