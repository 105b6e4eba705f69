import { expect, test } from "vitest";
import { ManualClock } from "../../tests/kit/manual-clock.ts";
import { TickProbe } from "../../tests/server-kit/tick-probe.ts";
import { TickScheduler, type TickTask } from "./tick-scheduler.ts";

/** Twenty rooms at 20 Hz, each of whose steps takes 1 ms, that have run for a while. */
function playing(stepMs = 1) {
  const clock = new ManualClock();
  const scheduler = new TickScheduler(clock);
  const probes = Array.from({ length: 20 }, () => new TickProbe(clock, () => clock.block(stepMs)));
  for (const probe of probes) scheduler.add(probe, 20);
  clock.advance(1_000);
  const ran = (): number => probes.reduce((sum, { steps }) => sum + steps.length, 0);
  return { clock, scheduler, probes, ran };
}

test("[DRL-20] a turn of the network that lasts for long is broken up by the rooms that are due in it", () => {
  const { clock, scheduler, probes } = playing();
  // Three hundred connections of 1 ms each, all in one turn of the event loop.
  for (let connection = 0; connection < 300; connection++) {
    scheduler.relieve();
    clock.block(1);
  }
  clock.advance(50);
  for (const { steps, slips } of probes) {
    expect(slips).toEqual([]);
    const inStorm = steps.filter(({ startedAt }) => startedAt >= 1_000);
    expect(Math.max(...inStorm.map(({ latenessMs }) => latenessMs))).toBeLessThan(30);
    expect(inStorm.every(({ publish }) => publish)).toBe(true);
  }
});

test("[DRL-20] where nothing is late it does nothing, nor from within a step", () => {
  const { clock, scheduler, ran } = playing();
  const before = ran();
  for (let message = 0; message < 100; message++) scheduler.relieve();
  expect(ran()).toBe(before);
  let depth = 0;
  let deepest = 0;
  const reentrant: TickTask = {
    step() {
      depth += 1;
      deepest = Math.max(deepest, depth);
      clock.block(20);
      scheduler.relieve();
      depth -= 1;
    },
    slipped() {},
  };
  scheduler.add(reentrant, 20);
  clock.advance(500);
  expect(deepest).toBe(1);
});

test("[DRL-20] rooms that need all the time leave the network as much as they took", () => {
  const { clock, scheduler, ran } = playing(0);
  const slow: TickTask = { step: () => clock.block(30), slipped: () => {} };
  scheduler.add(slow, 20);
  clock.block(200);
  const since = clock.now();
  let networkMs = 0;
  while (clock.now() - since < 1_000) {
    scheduler.relieve();
    clock.block(1);
    networkMs += 1;
  }
  expect(networkMs).toBeGreaterThan(450);
  expect(ran()).toBeGreaterThan(400);
});

test("[DRL-20] after it one wake-up stands for what is due next, as before", () => {
  const { clock, scheduler, ran } = playing();
  clock.block(40);
  scheduler.relieve();
  expect(clock.pending + clock.pendingSoon).toBe(1);
  const before = ran();
  clock.advance(1_000);
  expect(ran() - before).toBeGreaterThan(300);
});

test("[DRL-21] of those that are due a fast room goes before slow ones, which have more time, and these still run", () => {
  const clock = new ManualClock();
  const scheduler = new TickScheduler(clock, { turnBudgetMs: 0, shareTurnMs: 0 });
  const slow = Array.from({ length: 10 }, () => new TickProbe(clock, () => clock.block(20)));
  for (const probe of slow) scheduler.add(probe, 2);
  const fast = new TickProbe(clock);
  scheduler.add(fast, 20);
  clock.advance(10_000);
  expect(fast.slips).toEqual([]);
  // One slow step is in the way at most.
  expect(Math.max(...fast.steps.map(({ latenessMs }) => latenessMs))).toBeLessThanOrEqual(20);
  for (const { steps, slips } of slow) {
    expect(slips).toEqual([]);
    expect(steps.length).toBeGreaterThanOrEqual(18);
  }
  const late = slow.flatMap(({ steps }) => steps.map(({ latenessMs }) => latenessMs));
  expect(Math.max(...late)).toBeLessThan(300);
});

test("[DRL-21] a fast room that is always due does not starve a slow one", () => {
  const clock = new ManualClock();
  const scheduler = new TickScheduler(clock);
  scheduler.add({ step: () => clock.block(60), slipped: () => {} }, 20);
  const slow = new TickProbe(clock);
  scheduler.add(slow, 2);
  clock.advance(10_000);
  // It slips as the other does, by what the machine lacks, and runs all the same.
  expect(slow.steps.length).toBeGreaterThanOrEqual(15);
});

test("[DRL-21] while there is not time enough for all, slow rooms wait and fast ones are in time", () => {
  const clock = new ManualClock();
  const scheduler = new TickScheduler(clock);
  const fast = Array.from({ length: 10 }, () => new TickProbe(clock, () => clock.block(0.5)));
  for (const probe of fast) scheduler.add(probe, 20);
  // For a second and a half the slow ones alone need a fifth more time than there is.
  const slow = Array.from({ length: 60 }, () => new TickProbe(clock, (n) => clock.block(n < 3 ? 10 : 1)));
  for (const probe of slow) scheduler.add(probe, 2);
  clock.advance(4_000);
  for (const { steps, slips } of fast) {
    expect(slips).toEqual([]);
    expect(Math.max(...steps.map(({ latenessMs }) => latenessMs))).toBeLessThan(50);
  }
  expect(slow.every(({ steps, slips }) => slips.length === 0 && steps.length >= 7)).toBe(true);
});

test("[DRL-21] a room that is released while it is due does not run", () => {
  const clock = new ManualClock();
  const scheduler = new TickScheduler(clock, { shareTurnMs: 0 });
  const probe = new TickProbe(clock);
  const second = scheduler.add(probe, 20);
  scheduler.add({ step: () => second.release(), slipped: () => {} }, 60);
  clock.block(300);
  clock.advance(0);
  const ran = probe.steps.length;
  clock.advance(500);
  expect(probe.steps.length).toBeLessThanOrEqual(ran + 1);
  expect(scheduler.size).toBe(1);
});
