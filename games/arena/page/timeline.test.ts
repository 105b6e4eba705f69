import { expect, test } from "vitest";
import { Timeline } from "./timeline.ts";

const PERIOD_MS = 50;

test("[ARE-21] ticks that arrive unevenly are drawn evenly", () => {
  const timeline = new Timeline();
  const lateness = [0, 14, 3, 22, 8, 0, 19, 5, 11, 2];
  let drawn = 0;
  for (let tick = 1; tick <= 400; tick++) {
    const due = tick * PERIOD_MS;
    timeline.arrived(tick, due + (lateness[tick % lateness.length] ?? 0));
    const now = due + 30;
    if (tick > 200) expect(Math.abs(timeline.tickAt(now) - drawn - 1)).toBeLessThan(0.06);
    drawn = timeline.tickAt(now);
  }
});

test("[ARE-21] what is drawn lies between ticks that have arrived", () => {
  const timeline = new Timeline();
  for (let tick = 1; tick <= 200; tick++) {
    const arrival = tick * PERIOD_MS + (tick % 3) * 8;
    if (tick > 60) expect(timeline.tickAt(arrival - 0.1)).toBeLessThanOrEqual(tick - 1);
    timeline.arrived(tick, arrival);
  }
});

test("[ARE-21] after a pause of the room or the page the view jumps to the present", () => {
  const timeline = new Timeline();
  for (let tick = 1; tick <= 100; tick++) timeline.arrived(tick, tick * PERIOD_MS);
  timeline.arrived(101, 100 * PERIOD_MS + 3_000);
  expect(timeline.tickAt(100 * PERIOD_MS + 3_000)).toBeGreaterThan(99);
  expect(timeline.tickAt(100 * PERIOD_MS + 3_000)).toBeLessThan(101);
});
