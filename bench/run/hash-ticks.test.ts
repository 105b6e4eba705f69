import { describe, expect, test } from "vitest";
import { HashTicks } from "./hash-ticks.ts";

/** By mirror: how often it is due in a second. By tick: how many are. */
function second(hz: number, mirrors: number) {
  const ticks = new HashTicks({ hz, mirrors });
  const ofMirror = new Array<number>(mirrors).fill(0);
  const inTick = Array.from({ length: hz }, (_, tick) => {
    const [from, to] = ticks.dueAfter(tick);
    for (let mirror = from; mirror < to; mirror++) {
      expect(ticks.isDue(mirror, tick)).toBe(true);
      ofMirror[mirror] = (ofMirror[mirror] ?? 0) + 1;
    }
    expect([ticks.isDue(from - 1, tick), ticks.isDue(to, tick)]).toEqual([false, false]);
    return to - from;
  });
  return { ofMirror, inTick };
}

describe("[BEN-110] every mirror is hashed twice a second,", () => {
  test.each([
    [20, 1],
    [20, 3],
    [20, 50],
    [60, 200],
    [240, 1000],
  ])("at %i Hz with %i mirrors", (hz, mirrors) => {
    const { ofMirror, inTick } = second(hz, mirrors);
    expect(new Set(ofMirror)).toEqual(new Set([2]));
    expect(Math.max(...inTick)).toBeLessThanOrEqual(Math.max(3, Math.ceil((2 * mirrors) / hz)));
  });

  test("three together, so that they share a hash of what all see; none where there is no mirror", () => {
    expect(second(20, 3).inTick.filter((count) => count > 0)).toEqual([3, 3]);
    expect(Math.max(...second(20, 0).inTick)).toBe(0);
  });
});
