import { describe, expect, test } from "vitest";
import { ManualClock } from "../tests/kit/manual-clock.ts";
import { DriftingClock } from "../tests/server-kit/drifting-clock.ts";
import { InputTimeline } from "./input-timeline.ts";
import { ServerClock } from "./server-clock.ts";
import { TickTimes } from "./tick-times.ts";

const PERIOD_MS = 50;

/** A server 20 ms away whose tick 0 is due at 0; `closed` moves as the test says, or with its frames. */
function begin(options: { readonly wayMs?: number } = {}) {
  const { wayMs = 20 } = options;
  const base = new ManualClock();
  const clock = new DriftingClock(base);
  const times = new TickTimes(0, PERIOD_MS);
  const serverClock = new ServerClock({ clock, times, periodMs: PERIOD_MS, reads: "another" });
  const sampled: { tick: number; at: number }[] = [];
  const seen = { doubts: 0, passes: 0, closed: 0, framesCome: true };
  const timeline = new InputTimeline({
    clock,
    times,
    serverClock,
    periodMs: PERIOD_MS,
    closedTick: () => seen.closed,
    sample: (tick) => {
      sampled.push({ tick, at: base.now() });
      return "sent";
    },
    pass: () => {
      seen.passes += 1;
    },
    inDoubt: () => {
      seen.doubts += 1;
    },
  });
  const ping = (): void => {
    const stamp = clock.now();
    timeline.pingSent(stamp);
    base.advance(wayMs);
    const serverNow = base.now();
    base.advance(wayMs);
    if (serverClock.answered(stamp, serverNow) === "anew") timeline.unsettled();
  };
  /** The server's frames, each a way's time after its tick was due. */
  const runServer = (): void => {
    base.after(PERIOD_MS, runServer);
    if (!seen.framesCome) return;
    seen.closed = Math.floor((base.now() - wayMs) / PERIOD_MS);
    timeline.wake();
  };
  base.advance(PERIOD_MS + wayMs);
  // So often that no deviation is left: the margin is one tick.
  for (let n = 0; n < 40; n++) ping();
  // On to the moment at which a frame arrives.
  base.advance(PERIOD_MS + wayMs - (base.now() % PERIOD_MS));
  runServer();
  return { base, clock, times, serverClock, timeline, sampled, seen, ping };
}

const ticksOf = (sampled: readonly { tick: number }[]): number[] => sampled.map(({ tick }) => tick);

describe("[ITL-1] one sample for each tick, at its time", () => {
  test("which is a way and the margin before the server runs it", () => {
    const { base, sampled, serverClock } = begin();
    base.advance(10_000);
    expect(serverClock.jitterMs).toBeLessThan(0.01);
    expect(sampled.length).toBeGreaterThan(195);
    for (const { tick, at } of sampled.slice(2)) expect(tick * PERIOD_MS - at).toBeCloseTo(20 + PERIOD_MS, 0);
    const ticks = ticksOf(sampled);
    expect(ticks).toEqual(ticks.map((_, index) => (ticks[0] ?? 0) + index));
  });

  test("nothing before the first answer", () => {
    const base = new ManualClock();
    const times = new TickTimes(0, PERIOD_MS);
    const time = { clock: base, times, periodMs: PERIOD_MS };
    const timeline = new InputTimeline({
      ...time,
      serverClock: new ServerClock({ ...time, reads: "another" }),
      closedTick: () => 1,
      sample: () => expect.unreachable(),
      pass: () => {},
      inDoubt: () => {},
    });
    timeline.wake();
    base.advance(1_000);
    expect(timeline.tickAt(base.now())).toBeUndefined();
    expect(base.pending).toBe(0);
  });

  test("the tick being played has a fraction, which is whole when it is sampled", () => {
    const { base, sampled, timeline } = begin();
    base.advance(1_000);
    const last = sampled.at(-1);
    const since = base.now() - (last?.at ?? 0);
    expect(timeline.tickAt(base.now())).toBeCloseTo((last?.tick ?? 0) + since / PERIOD_MS, 2);
    expect(timeline.sampledTick).toBe(last?.tick);
  });

  test("deadlines do not add up: timers that are late by 20 ms are late by no more after a minute", () => {
    const { base, clock, sampled, seen } = begin();
    base.advance(1_000);
    // Frames wake the timeline as well; here they do not.
    seen.framesCome = false;
    clock.lateMs = 20;
    for (let n = 0; n < 60; n++) {
      base.advance(1_000);
      seen.closed = Math.floor((base.now() - 20) / PERIOD_MS);
    }
    const { tick = 0, at = 0 } = sampled.at(-1) ?? {};
    expect(tick * PERIOD_MS - at).toBeGreaterThan(20 + PERIOD_MS - 20 - 1);
    expect(new Set(ticksOf(sampled)).size).toBe(sampled.length);
  });
});

describe("[ITL-2] a timer that is late", () => {
  test("samples the tick that is due by then; those jumped over have no sample", () => {
    const { base, clock, sampled, seen } = begin();
    base.advance(1_000);
    seen.framesCome = false;
    clock.lateMs = 170;
    base.advance(600);
    const steps = sampled.slice(-2).map(({ tick, at }) => [tick, Math.floor((at + 70 + 0.05) / PERIOD_MS)]);
    for (const [tick, due] of steps) expect(tick).toBe(due);
    const [before, last] = ticksOf(sampled).slice(-2);
    expect((last ?? 0) - (before ?? 0)).toBeGreaterThan(3);
  });

  test("a tick that closes samples what is due, so that throttled timers lose nothing", () => {
    const { base, clock, sampled } = begin();
    base.advance(1_000);
    clock.lateMs = 1_000;
    const before = sampled.length;
    base.advance(5_000);
    expect(sampled.length - before).toBe(100);
  });
});

describe("[ITL-4] another target", () => {
  test("is approached by at most 5 %, and no tick is left out or sampled twice", () => {
    const { base, sampled, timeline, seen } = begin();
    base.advance(1_000);
    // The server says that inputs are 100 ms later than they should be.
    const stamp = base.now();
    timeline.pingSent(stamp);
    timeline.answered(stamp, -50);
    const from = sampled.length;
    base.advance(5_000);
    const gaps = sampled.slice(from).map(({ at }, index) => at - (sampled[from + index - 1]?.at ?? at));
    for (const gap of gaps.slice(1)) expect(gap).toBeGreaterThanOrEqual(PERIOD_MS * 0.95 - 0.01);
    expect(Math.min(...gaps.slice(1))).toBeLessThan(PERIOD_MS * 0.96);
    const { tick: last = 0, at: lastAt = 0 } = sampled.at(-1) ?? {};
    expect(last * PERIOD_MS - lastAt).toBeCloseTo(70 + 100, 0);
    const ticks = ticksOf(sampled);
    expect(ticks).toEqual(ticks.map((_, index) => (ticks[0] ?? 0) + index));
    expect(seen.passes).toBe(0);
  });

  test("more than ten ticks away is taken at once; going back, each tick still has one sample", () => {
    const { base, times, sampled, seen } = begin();
    base.advance(1_000);
    const last = sampled.at(-1)?.tick ?? 0;
    // The server slept for 600 ms and says so with the next tick.
    times.slipped([seen.closed + 1, 600]);
    seen.framesCome = false;
    base.advance(590);
    expect(sampled.at(-1)?.tick).toBe(last);
    expect(seen.passes).toBeGreaterThan(9);
    seen.closed = Math.floor((base.now() - 620) / PERIOD_MS);
    base.advance(200);
    expect(sampled.at(-1)?.tick).toBeGreaterThan(last);
    const ticks = ticksOf(sampled);
    expect(ticks).toEqual(ticks.map((_, index) => (ticks[0] ?? 0) + index));
  });
});

describe("[ITL-5] a clock in doubt", () => {
  test("samples nothing while no frames come for a second, and goes on with the next", () => {
    const { base, sampled, seen } = begin();
    base.advance(1_000);
    seen.framesCome = false;
    base.advance(900);
    const inTime = sampled.length;
    base.advance(3_000);
    expect(sampled.length - inTime).toBeLessThan(5);
    expect(seen.doubts).toBeGreaterThan(0);
    seen.framesCome = true;
    base.advance(PERIOD_MS);
    const { tick = 0, at = 0 } = sampled.at(-1) ?? {};
    expect(tick).toBe(Math.floor((at + 70 + 0.05) / PERIOD_MS));
  });

  test.each([2_000, -2_000])("that jumped by %i ms samples nothing, until a ping has told", (jump) => {
    const { base, clock, sampled, seen, ping } = begin();
    base.advance(1_000);
    const before = sampled.length;
    clock.jump(jump);
    base.advance(200);
    expect(sampled.length - before).toBeLessThanOrEqual(1);
    expect(seen.doubts).toBeGreaterThan(0);
    ping();
    base.advance(2 * PERIOD_MS);
    const { tick = 0, at = 0 } = sampled.at(-1) ?? {};
    expect(tick * PERIOD_MS - at).toBeCloseTo(70, 0);
  });

  test("takes back at once what made it sample ticks that are over", () => {
    const { base, sampled, timeline } = begin();
    base.advance(1_000);
    const stamp = base.now();
    timeline.pingSent(stamp);
    timeline.answered(stamp, 10_000);
    base.advance(200);
    const { tick = 0, at = 0 } = sampled.at(-1) ?? {};
    expect(tick * PERIOD_MS - at).toBeCloseTo(70, 0);
  });
});

test("[ITL-6] a timeline that is stopped has no timer, and goes on when it is woken", () => {
  const { base, sampled, timeline, seen } = begin();
  base.advance(1_000);
  seen.framesCome = false;
  timeline.stop();
  const before = sampled.length;
  base.advance(500);
  expect(sampled.length).toBe(before);
  timeline.wake();
  expect(sampled.length).toBe(before + 1);
});
