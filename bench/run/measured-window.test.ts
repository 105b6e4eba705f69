import { expect, test } from "vitest";
import { dueAt } from "../../shared/tick/tick.ts";
import { windowOfRoom } from "./measured-window.ts";

const window = { epoch: 1000, periodMs: 50, fromTick: 40, toTick: 60 };

test.each([1000, 1001, 1024, 1026, 1049, 1050, 1175, 760])(
  "[BEN-111] of a room that began at %i as many ticks count, those due in the same time",
  (epoch) => {
    const { fromTick, toTick, periodMs } = windowOfRoom(window, epoch);
    expect(toTick - fromTick).toBe(20);
    const apart = dueAt(epoch, fromTick, periodMs) - dueAt(window.epoch, window.fromTick, periodMs);
    expect(apart).toBeGreaterThanOrEqual(-25);
    expect(apart).toBeLessThan(25);
  },
);

test("[BEN-111] the window's own room has it as it is", () => {
  expect(windowOfRoom(window, window.epoch)).toEqual(window);
});
