import { expect, test } from "vitest";
import { EchoRecorder } from "./echo-recorder.ts";

const window = { epoch: 0, periodMs: 50, fromTick: 10, toTick: 20 };

test("[BEN-114] what was sent in the window counts, whenever its answer comes, and nothing else", () => {
  const recorder = new EchoRecorder(window);
  for (const sentAt of [400, 480, 900, 980]) recorder.asked("request", sentAt);
  recorder.answered("request", 400, 500);
  recorder.answered("request", 480, 520);
  expect(recorder.complete).toBe(false);
  recorder.answered("request", 980, 990);
  recorder.answered("request", 900, 2000);
  expect(recorder.complete).toBe(true);
  expect(recorder.figures("request")).toMatchObject({
    sent: 2,
    answered: 2,
    latencyMs: { p50: expect.closeTo(40, 1), max: expect.closeTo(1100, -1) },
  });
  expect(recorder.figures("ping")).toMatchObject({ sent: 0, answered: 0 });
});
