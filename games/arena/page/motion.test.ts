import { expect, test } from "vitest";
import { shipAt } from "../ship.fixture.ts";
import { Motion, shortWay } from "./motion.ts";

test("[ARE-22] between two ticks a ship is drawn on the way from one place to the other", () => {
  const motion = new Motion();
  motion.record([shipAt(100, 200, { aim: 6.2 })], 10);
  motion.record([shipAt(110, 220, { aim: 0.1 })], 11);
  const pose = motion.poseOf(1, 10.25);
  expect(pose).toMatchObject({ x: 102.5, y: 205, moving: true });
  expect(pose?.aim).toBeCloseTo(6.2 + shortWay(6.2, 0.1) * 0.25);
  expect(shortWay(6.2, 0.1)).toBeCloseTo(0.1 + 2 * Math.PI - 6.2);
});

test("[ARE-22] a ship that reappears elsewhere does not fly there", () => {
  const motion = new Motion();
  motion.record([shipAt(100, 200)], 10);
  motion.record([shipAt(3_000, 200)], 11);
  expect(motion.poseOf(1, 10.4)?.x).toBe(100);
  expect(motion.poseOf(1, 10.6)?.x).toBe(3_000);
});

test("[ARE-22] before its first tick a ship stands where it appeared, after its newest where it was last", () => {
  const motion = new Motion();
  motion.record([shipAt(100, 200)], 10);
  motion.record([shipAt(110, 200)], 11);
  expect(motion.poseOf(1, 8)?.x).toBe(100);
  expect(motion.poseOf(1, 14)?.x).toBe(110);
  expect(motion.poseOf(2, 10)).toBeUndefined();
});

test("[ARE-22] ships that are gone are forgotten", () => {
  const motion = new Motion();
  motion.record([shipAt(100, 200)], 10);
  motion.record([], 100);
  expect(motion.poseOf(1, 10)).toBeUndefined();
});
