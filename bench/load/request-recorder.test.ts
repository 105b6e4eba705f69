import { expect, test } from "vitest";
import { RequestRecorder } from "./request-recorder.ts";

const window = { epoch: 100, periodMs: 50, fromTick: 10, toTick: 12 };

test("[BEN-18] answers with 2xx that arrive between the readings of CPU count, and no others", () => {
  const recorder = new RequestRecorder(window);
  for (const [status, now, latencyMs] of [
    [200, 574.9, 70],
    [200, 575, 1],
    [201, 674.9, 3],
    [503, 600, 80],
    [101, 600, 80],
    [304, 600, 80],
    [200, 675, 90],
  ] as const)
    recorder.answer(status, now, latencyMs);
  expect(recorder.answered).toBe(2);
  expect(recorder.latencies()).toMatchObject({ p50: expect.closeTo(1, 2), max: expect.closeTo(3, 2) });
});
