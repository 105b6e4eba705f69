import { expect, test } from "vitest";
import { ClientFrame, ServerFrame } from "../../shared/protocol/frames.ts";
import { host } from "../../tests/server-kit/hosted.ts";
import { probeGame, probeRoom } from "../../tests/server-kit/probe-game.ts";
import { InputMargin } from "./input-margin.ts";

test("[ITL-7] the margin is the mean since it was last taken, in whole milliseconds", () => {
  const margin = new InputMargin();
  expect(margin.take()).toBeUndefined();
  margin.arrived("queued", -80);
  margin.arrived("late", 20.5);
  margin.arrived("too-far", -2_000);
  expect(margin.take()).toBe(687);
  expect(margin.take()).toBeUndefined();
});

test("[ITL-7] inputs that count for nothing do not count", () => {
  const margin = new InputMargin();
  margin.arrived("repeated", 500);
  margin.arrived("malformed", 500);
  expect(margin.take()).toBeUndefined();
});

test("[ITL-7] a pong says it of the inputs since the last one, and nothing where none came", async () => {
  const hosted = await host([probeRoom]);
  const ada = await hosted.join("/probe", probeGame);
  const ping = (stamp: number): void => ada.send([ClientFrame.ping, stamp]);
  const pongs = (): unknown[] =>
    ada.frames.filter(([type]) => type === ServerFrame.pong).map((pong) => pong[4]);
  const now = hosted.room().tick;
  ping(1);
  await hosted.run(0);
  ada.input(now + 3, 1, false);
  ada.input(now + 4, 2, false);
  ping(2);
  ping(3);
  await hosted.ticks(10);
  ada.input(now + 9, 3, false);
  ping(4);
  await hosted.run(0);
  expect(pongs()).toEqual([undefined, 175, undefined, -50]);
});
