import { describe, expect, test } from "vitest";
import { seededRandom } from "../../shared/random/seeded-random.ts";
import { Arrivals } from "./arrivals.ts";

const PERIOD_MS = 50;

/** Ticks that arrive `lateness(tick)` after they are due, in order; stalls hold all back until they end. */
function play(
  lateness: (tick: number) => number,
  { ticks = 400, stallEvery = 0, stallMs = 0 } = {},
): { arrivals: Arrivals; now: number } {
  const arrivals = new Arrivals(PERIOD_MS);
  let now = 0;
  for (let tick = 1; tick <= ticks; tick++) {
    const due = tick * PERIOD_MS;
    const inStall = stallEvery > 0 ? due % stallEvery : stallMs;
    now = Math.max(now, due + lateness(tick), inStall < stallMs ? due - inStall + stallMs : 0);
    arrivals.arrived(tick, now);
  }
  return { arrivals, now };
}

const uniform = (most: number, seed = 1) => {
  const random = seededRandom(seed);
  return () => random() * most;
};

describe("[VIE-2] the allowance for unevenness", () => {
  test("is nothing where ticks arrive evenly, whatever the latency", () => {
    expect(play(() => 80).arrivals.unevennessMs).toBeCloseTo(0);
  });

  test.each([10, 30, 60])("has arrivals spread over %d ms in time, and hardly more", (most) => {
    const { arrivals, now } = play(uniform(most));
    const latest = now - arrivals.safeTickAt(now) * PERIOD_MS;
    const usual = now - arrivals.usualTickAt(now) * PERIOD_MS;
    expect(latest).toBeGreaterThan(most * 0.95);
    expect(latest).toBeLessThan(most * 1.25);
    expect(Math.abs(usual - most / 2)).toBeLessThan(most * 0.2);
  });

  test("is not inflated by a stall of 400 ms every 5 s", () => {
    const calm = play(uniform(30)).arrivals.unevennessMs;
    const stalling = play(uniform(30), { stallEvery: 5_000, stallMs: 400 }).arrivals.unevennessMs;
    expect(Math.abs(stalling - calm)).toBeLessThan(4);
  });

  test("never exceeds 400 ms", () => {
    expect(play(uniform(3_000)).arrivals.unevennessMs).toBe(400);
  });

  test("begins with a guess, which ticks that arrive evenly take back within a second", () => {
    expect(play(() => 80, { ticks: 2 }).arrivals.unevennessMs).toBeGreaterThan(10);
    expect(play(() => 80, { ticks: 20 }).arrivals.unevennessMs).toBe(0);
  });
});

describe("[VIE-5] a network that changed", () => {
  const later = (tick: number) => (tick > 300 ? 180 : 80);

  test("is followed at once where three ticks in a row are later than allowed for", () => {
    const { arrivals, now } = play(later, { ticks: 303 });
    expect(arrivals.safeTickAt(now)).toBeCloseTo(303);
  });

  test("is what is usual after a second", () => {
    const { arrivals, now } = play(later, { ticks: 322 });
    expect(arrivals.usualTickAt(now)).toBeCloseTo(322);
  });

  test("is none where a stall of a second ends and all that was due arrives at once", () => {
    const { arrivals, now } = play(() => 80, { ticks: 240, stallEvery: 11_000, stallMs: 1_000 });
    expect(arrivals.usualTickAt(now)).toBeCloseTo(240);
  });
});

test("[VIE-5] what arrived before anybody measured counts until the next tick", () => {
  const arrivals = new Arrivals(PERIOD_MS);
  arrivals.guess(10, 540);
  expect(arrivals.usualTickAt(540)).toBeCloseTo(10);
  arrivals.arrived(11, 555);
  expect(arrivals.usualTickAt(555)).toBeCloseTo(11);
});
