import { expect, test } from "vitest";
import { AckWindow } from "./ack-window.ts";

const options = { tickRate: 20, leastMs: 1_000, mostMs: 5_000 };

test("[FLO-3] the window is the interval of acknowledgements and three round trips, within bounds", () => {
  const ticksAt = (...delays: number[]): number => {
    const window = new AckWindow(0, options);
    delays.forEach((delay, index) => {
      window.acknowledged(index + 1, delay);
    });
    return window.ticks;
  };
  expect(ticksAt()).toBe(20);
  expect(ticksAt(10)).toBe(20);
  expect(ticksAt(300)).toBe((500 + 3 * 300) / 50);
  expect(ticksAt(60_000)).toBe(100);
});

test("[FLO-3] the lowest of the last sixteen round trips counts", () => {
  const window = new AckWindow(0, options);
  window.acknowledged(1, 200);
  for (let tick = 2; tick <= 16; tick++) window.acknowledged(tick, 1_000);
  expect(window.ticks).toBe(22);
  window.acknowledged(17, 1_000);
  expect(window.ticks).toBe(70);
});

test("[FLO-3] a slow game is not stalled by one late acknowledgement", () => {
  const window = new AckWindow(10, { ...options, tickRate: 1 });
  expect([window.isStalled(14), window.isStalled(15)]).toEqual([false, true]);
});

test("[FLO-3] one is overdue behind the interval, stalled behind the window, and neither once heard of", () => {
  const window = new AckWindow(100, options);
  expect([window.isOverdue(111), window.isOverdue(112)]).toEqual([false, true]);
  expect([window.isStalled(120), window.isStalled(121)]).toEqual([false, true]);
  window.acknowledged(110, 0);
  expect([window.isOverdue(121), window.isStalled(130), window.isStalled(131)]).toEqual([false, false, true]);
  window.acknowledged(105, 0);
  expect(window.isStalled(130)).toBe(false);
  window.restart(200);
  expect([window.isStalled(220), window.isStalled(221)]).toEqual([false, true]);
});
