import { expect, test } from "vitest";
import { ManualClock } from "../tests/kit/manual-clock.ts";
import { SilenceWatch } from "./silence-watch.ts";

/** A watch, and what it did when. */
function watching() {
  const clock = new ManualClock();
  const told: string[] = [];
  const watch = new SilenceWatch(clock, {
    ask: () => told.push(`asks at ${clock.now()}`),
    lost: () => told.push(`lost at ${clock.now()}`),
  });
  watch.begin();
  return { clock, watch, told };
}

test("[RET-11] after five seconds of silence the server is asked, after five more the connection is lost", () => {
  const { clock, told } = watching();
  clock.advance(60_000);
  expect(told).toEqual(["asks at 5000", "lost at 10000"]);
  expect(clock.pending).toBe(0);
});

test("[RET-11] both count from the last frame, and an answer is one", () => {
  const { clock, watch, told } = watching();
  clock.advance(4_000);
  watch.heard();
  clock.advance(6_000);
  watch.heard();
  clock.advance(60_000);
  expect(told).toEqual(["asks at 9000", "asks at 15000", "lost at 20000"]);
});

test("[RET-11] frames arm no timer: one fires every five seconds at the most", () => {
  const { clock, watch, told } = watching();
  for (let ms = 0; ms < 60_000; ms += 50) {
    clock.advance(50);
    watch.heard();
    expect(clock.pending).toBe(1);
  }
  expect(told).toEqual([]);
});

test("[RET-11] once stopped it does nothing and leaves no timer behind", () => {
  const { clock, watch, told } = watching();
  clock.advance(6_000);
  watch.stop();
  expect(clock.pending).toBe(0);
  clock.advance(60_000);
  expect(told).toEqual(["asks at 5000"]);
});

test("[RET-12] who stood still asks, and gives the server its time before the connection is lost", () => {
  const { clock, told } = watching();
  clock.after(3_000, () => clock.block(40_000));
  clock.advance(100_000);
  expect(told).toEqual(["asks at 43000", "lost at 48000"]);
});

test("[RET-12] who stood still after asking asks again, and hears the answer", () => {
  const { clock, watch, told } = watching();
  clock.after(6_000, () => clock.block(40_000));
  clock.advance(47_000);
  watch.heard();
  clock.advance(4_000);
  expect(told).toEqual(["asks at 5000", "asks at 46000"]);
});

test("[RET-12] where every timer is late the connection is lost nevertheless", () => {
  const { clock, told } = watching();
  clock.after(1, () => clock.block(60_000));
  for (const at of [62_000, 122_000]) clock.after(at, () => clock.block(60_000));
  clock.advance(200_000);
  expect(told).toEqual(["asks at 60001", "asks at 122000", "lost at 182000"]);
});
