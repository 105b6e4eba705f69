import { expect, test } from "vitest";
import { AckWindow } from "./ack-window.ts";

const options = { tickRate: 20, leastMs: 1_000, mostMs: 5_000 };

/** How many ticks after the acknowledged one a client may be silent. */
function windowOf(window: AckWindow, acknowledged: number): number {
  let ticks = 0;
  while (!window.isStalled(acknowledged + ticks + 1)) ticks++;
  return ticks;
}

test("[FLO-3] the window is the interval of acknowledgements and three round trips, within bounds", () => {
  const ticksAt = (...delays: number[]): number => {
    const window = new AckWindow(0, options);
    delays.forEach((delay, index) => {
      window.acknowledged(index + 1, delay);
    });
    return windowOf(window, delays.length);
  };
  expect(ticksAt()).toBe(20);
  expect(ticksAt(10)).toBe(20);
  expect(ticksAt(300)).toBe((500 + 3 * 300) / 50);
  expect(ticksAt(60_000)).toBe(100);
});

test("[FLO-3] the lowest of the last round trips counts, of at least eight and at most fifteen", () => {
  const window = new AckWindow(0, options);
  window.acknowledged(1, 200);
  for (let tick = 2; tick <= 15; tick++) window.acknowledged(tick, 1_000);
  expect(windowOf(window, 15)).toBe(22);
  window.acknowledged(16, 1_000);
  expect(windowOf(window, 16)).toBe(70);
  window.acknowledged(17, 400);
  expect(windowOf(window, 17)).toBe(34);
  for (let tick = 18; tick <= 31; tick++) window.acknowledged(tick, 1_000);
  expect(windowOf(window, 31)).toBe(34);
});

test("[FLO-3] a slow game is not stalled by one late acknowledgement", () => {
  const window = new AckWindow(10, { ...options, tickRate: 1 });
  expect([window.isStalled(14), window.isStalled(15)]).toEqual([false, true]);
});

test("[FLO-3] one is overdue behind the interval, stalled behind the window, and neither once heard of", () => {
  const window = new AckWindow(100, options);
  expect(window.overdueAt).toBe(112);
  expect([window.isStalled(120), window.isStalled(121)]).toEqual([false, true]);
  window.acknowledged(110, 0);
  expect([window.overdueAt, window.isStalled(130), window.isStalled(131)]).toEqual([122, false, true]);
  window.acknowledged(105, 0);
  expect(window.isStalled(130)).toBe(false);
  expect(window.acknowledgedTick).toBe(110);
  window.restart(200);
  expect([window.isStalled(220), window.isStalled(221)]).toEqual([false, true]);
});
