import fc from "fast-check";
import { expect, test } from "vitest";
import { ManualClock } from "../../tests/kit/manual-clock.ts";
import { seededRandom } from "../random/seeded-random.ts";
import { DuplexLink } from "./duplex-link.ts";
import { Link, type LinkConditions } from "./link-model.ts";

interface Arrival {
  readonly item: number;
  readonly at: number;
}

function linkOn(clock: ManualClock, conditions: Partial<LinkConditions>, seed = 1) {
  const arrivals: Arrival[] = [];
  const link = new Link<number>({ clock, random: seededRandom(seed), conditions }, (item) =>
    arrivals.push({ item, at: clock.now() }),
  );
  return { link, arrivals };
}

const plans = fc.record({
  seed: fc.nat(),
  conditions: fc.record({
    latencyMs: fc.integer({ min: 0, max: 200 }),
    jitterMs: fc.integer({ min: 0, max: 300 }),
    bytesPerSecond: fc.constantFrom(1_000, 50_000, Number.POSITIVE_INFINITY),
  }),
  steps: fc.array(
    fc.record({
      waitMs: fc.integer({ min: 0, max: 40 }),
      bytes: fc.integer({ min: 0, max: 500 }),
      stallMs: fc.option(fc.integer({ min: 0, max: 300 }), { freq: 5 }),
    }),
    { maxLength: 40 },
  ),
});
type Plan = typeof plans extends fc.Arbitrary<infer P> ? P : never;

function play({ seed, conditions, steps }: Plan) {
  const clock = new ManualClock();
  const { link, arrivals } = linkOn(clock, conditions, seed);
  const sentAt: number[] = [];
  for (const [item, { waitMs, bytes, stallMs }] of steps.entries()) {
    clock.advance(waitMs);
    if (stallMs !== null) link.stall(stallMs);
    link.push(item, bytes);
    sentAt.push(clock.now());
  }
  clock.advance(60_000);
  return { arrivals, sentAt, link, clock };
}

test("[LNK-1] under any jitter, rate and stalls everything arrives once and in the order in which it was sent", () => {
  fc.assert(
    fc.property(plans, (plan) => {
      const { arrivals, link, clock } = play(plan);
      expect(arrivals.map(({ item }) => item)).toEqual(plan.steps.map((_, index) => index));
      expect([link.bytesInFlight, clock.pending]).toEqual([0, 0]);
    }),
    { seed: 1 },
  );
});

test("[LNK-2] nothing arrives before its latency has passed", () => {
  fc.assert(
    fc.property(plans, (plan) => {
      const { arrivals, sentAt } = play(plan);
      for (const { item, at } of arrivals)
        expect(at - (sentAt[item] ?? 0)).toBeGreaterThanOrEqual(plan.conditions.latencyMs);
    }),
    { seed: 2 },
  );
});

test("[LNK-3] equal seeds give equal times, other seeds give others", () => {
  const plan: Plan = {
    seed: 3,
    conditions: { latencyMs: 20, jitterMs: 50, bytesPerSecond: 10_000 },
    steps: Array.from({ length: 20 }, () => ({ waitMs: 10, bytes: 10, stallMs: null })),
  };
  expect(play(plan).arrivals).toEqual(play(plan).arrivals);
  expect(play({ ...plan, seed: 4 }).arrivals).not.toEqual(play(plan).arrivals);
});

test("[LNK-4] nothing arrives during a stall; at its end all that was due does, at once", () => {
  const clock = new ManualClock();
  const { link, arrivals } = linkOn(clock, { latencyMs: 10 });
  link.push(1, 1);
  clock.advance(5);
  link.stall(100);
  link.push(2, 1);
  clock.advance(99);
  expect(arrivals).toEqual([]);
  link.push(3, 1);
  clock.advance(50);
  expect(arrivals).toEqual([
    { item: 1, at: 105 },
    { item: 2, at: 105 },
    { item: 3, at: 114 },
  ]);
});

test("[LNK-5] bytes beyond the rate wait their turn", () => {
  const clock = new ManualClock();
  const { link, arrivals } = linkOn(clock, { latencyMs: 10, bytesPerSecond: 1_000 });
  link.push(1, 100);
  link.push(2, 50);
  clock.advance(1_000);
  link.push(3, 1);
  clock.advance(1_000);
  expect(arrivals).toEqual([
    { item: 1, at: 110 },
    { item: 2, at: 160 },
    { item: 3, at: 1_011 },
  ]);
});

test("[LNK-6] nothing is delivered within the call that sends it", () => {
  const clock = new ManualClock();
  const { link, arrivals } = linkOn(clock, {});
  link.push(1, 1);
  expect(arrivals).toEqual([]);
  clock.advance(0);
  expect(arrivals).toEqual([{ item: 1, at: 0 }]);
});

function duplexOn(clock: ManualClock) {
  const told: string[] = [];
  const link = new DuplexLink<string, string>(
    { clock, random: seededRandom(1), conditions: { latencyMs: 10 } },
    {
      up: (item) => told.push(`up ${item}`),
      down: (item) => told.push(`down ${item}`),
      cut: () => told.push("cut"),
    },
  );
  const send = (item: string): void => {
    link.up.push(item, 1);
    link.down.push(item, 1);
  };
  return { link, told, send };
}

test("[LNK-7] a cut is told once, loses what is on its way and leaves no timer", () => {
  const clock = new ManualClock();
  const { link, told, send } = duplexOn(clock);
  send("a");
  link.cut();
  link.cut();
  send("b");
  expect(clock.pending).toBe(0);
  clock.advance(100);
  expect(told).toEqual(["cut"]);
});

test("[LNK-8] a way that went silent swallows everything, the other goes on, and nobody is told", () => {
  const clock = new ManualClock();
  const { link, told, send } = duplexOn(clock);
  send("a");
  link.halfOpen("down");
  send("b");
  clock.advance(100);
  expect(told).toEqual(["up a", "up b"]);
  link.halfOpen("both");
  send("c");
  clock.advance(100);
  expect(told).toEqual(["up a", "up b"]);
  link.cut();
  expect(told).toEqual(["up a", "up b", "cut"]);
});

test("[LNK-9] what a delivery leads to counts at once: a cut or a stall in it holds the rest back", () => {
  const clock = new ManualClock();
  const seen: number[] = [];
  const link: Link<number> = new Link({ clock, random: seededRandom(1) }, (item) => {
    seen.push(item);
    if (item === 1) link.stall(50);
    if (item === 2) link.cut();
  });
  for (const item of [1, 2, 3]) link.push(item, 1);
  clock.advance(49);
  expect(seen).toEqual([1]);
  clock.advance(1_000);
  expect(seen).toEqual([1, 2]);
});

test("[LNK-10] conditions that no link can have are refused by name", () => {
  const clock = new ManualClock();
  const { link } = linkOn(clock, {});
  expect(() => link.change({ latencyMs: -1 })).toThrow(/latencyMs is -1/);
  expect(() => link.change({ jitterMs: Number.NaN })).toThrow(/jitterMs is NaN/);
  expect(() => link.change({ bytesPerSecond: 0 })).toThrow(/bytesPerSecond is 0/);
  expect(() => link.stall(Number.NaN)).toThrow(/stall for NaN/);
});
