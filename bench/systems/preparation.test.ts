import { describe, expect, test } from "vitest";
import { machine, rawRun } from "../report/run.fixture.ts";
import { summarise } from "../report/summarise.ts";
import { crowd } from "../scenarios/crowd.ts";
import { Preparation } from "./preparation.ts";

/** Ticks 20 to 39 of 50 ms, from 975 to 1,975 ms. */
const { window, load } = rawRun("uws-replay");

/** Makes so many ticks of so many milliseconds each, up to a time. */
function prepared(count: number, eachMs: number, untilMs: number) {
  let now = 0;
  let next: { at: number; run: () => void } | undefined;
  const clock = {
    now: () => now,
    after: (delayMs: number, run: () => void) => {
      next = { at: now + delayMs, run };
      return () => {};
    },
    soon: () => () => {},
  };
  const made: number[] = [];
  const longest: number[] = [];
  const preparation = new Preparation(clock, count, (index) => {
    made.push(index);
    now += eachMs;
  });
  while (next !== undefined && next.at <= untilMs) {
    const { at, run } = next;
    next = undefined;
    now = at;
    run();
    longest.push(now - at);
  }
  return { preparation, made, longest: Math.max(...longest) };
}

describe("what a bare server replays", () => {
  test("[BEN-127] is made in order, a few milliseconds at a time", () => {
    const { made, longest } = prepared(1000, 0.5, 10_000);
    expect(made).toEqual(Array.from({ length: 1000 }, (_, i) => i));
    expect(longest).toBeLessThanOrEqual(5.5);
  });

  test("[BEN-127] is done before the window, however long it is, where there is time for it", () => {
    // More than 300 ticks a second.
    expect(prepared(900, 0.5, 10_000).preparation.made(window)).toBe("before the window");
  });

  test("[BEN-127] that is made within the window, or not at all by its end, is told", () => {
    expect(prepared(2000, 0.5, 10_000).preparation.made(window)).toBe("within the window");
    expect(prepared(100_000, 0.5, 2_000).preparation.made(window)).toBe("within the window");
  });

  test("[BEN-127] within the window is a reason for doubt, once", () => {
    const report = (framesMade: "before the window" | "within the window") => {
      const bare = rawRun("uws-replay");
      const pair = [rawRun("tickcast"), { ...bare, server: { ...bare.server, framesMade } }];
      return summarise(crowd, load, [pair, pair], [], machine);
    };
    expect(report("before the window").trustworthy).toBe(true);
    expect(report("within the window").trustworthy).toBe(false);
    expect(report("within the window").reasons).toEqual([
      expect.stringContaining("the bare server made frames within the window"),
    ]);
  });
});
