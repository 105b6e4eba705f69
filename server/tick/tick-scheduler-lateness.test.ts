import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dueAt } from "../../shared/tick/tick.ts";
import { ManualClock } from "../../tests/kit/manual-clock.ts";
import { TickProbe } from "../../tests/server-kit/tick-probe.ts";
import { type ScheduledTask, type SchedulerOptions, TickScheduler } from "./tick-scheduler.ts";

function game(options?: Partial<SchedulerOptions>) {
  const clock = new ManualClock({ startMs: 7 });
  return { clock, scheduler: new TickScheduler(clock, options) };
}

/** For each n: due, started, published. */
function told(probe: TickProbe): string[] {
  return probe.steps.map(
    (s) => `${s.n}: due ${s.dueAt}, at ${s.startedAt}${s.publish ? "" : ", unpublished"}`,
  );
}

describe("lateness", () => {
  /** A 20 Hz room whose first step takes `blockMs`. */
  function blocked(blockMs: number) {
    const { clock, scheduler } = game({ spinBelowRooms: 0 });
    const probe = new TickProbe(clock, (n) => clock.block(n === 0 ? blockMs : 0));
    const room = scheduler.add(probe, 20);
    const before = room.epoch;
    clock.advance(50);
    clock.advance(100);
    return { probe, room, before };
  }

  test("[TIC-5] a late room runs the ticks it owes at once, and publishes only the last", () => {
    const { probe } = blocked(160);
    expect(told(probe)).toEqual([
      "0: due 57, at 57",
      "1: due 107, at 217, unpublished",
      "2: due 157, at 217, unpublished",
      "3: due 207, at 217",
      "4: due 257, at 257",
      "5: due 307, at 307",
    ]);
    expect(probe.slips).toEqual([]);
  });

  test("[TIC-5] five ticks are caught up with", () => {
    const { probe } = blocked(250);
    expect(probe.steps.slice(0, 6).map((s) => s.publish)).toEqual([true, false, false, false, false, true]);
    expect(probe.steps[5]).toMatchObject({ n: 5, dueAt: 307, startedAt: 307 });
    expect(probe.slips).toEqual([]);
  });

  test("[TIC-6] with more than five the epoch moves by whole periods, told before the step", () => {
    const { probe, room, before } = blocked(310);
    expect(probe.slips).toEqual([{ fromTick: 1, newEpoch: before + 250, skippedMs: 250, at: 367 }]);
    expect(told(probe).slice(0, 3)).toEqual(["0: due 57, at 57", "1: due 357, at 367", "2: due 407, at 407"]);
    expect(room.epoch).toBe(before + 250);
  });

  test("[TIC-6] a process that slept for a day slips once and runs one step", () => {
    const day = 86_400_000;
    const { probe } = blocked(day);
    expect(probe.slips.map((slip) => slip.skippedMs)).toEqual([day - 50]);
    expect(probe.steps.length).toBe(4);
  });

  test("[TIC-6] rooms that slip together stay as spread as they were", () => {
    const { clock, scheduler } = game();
    const probes = Array.from({ length: 100 }, () => new TickProbe(clock));
    for (const probe of probes) scheduler.add(probe, 20);
    const phases = () => probes.map((probe) => ((probe.steps.at(-1)?.startedAt ?? 0) - 7) % 50);
    clock.advance(50);
    const before = phases();
    clock.block(10_003);
    clock.advance(200);
    expect(probes.every((probe) => probe.slips.length === 1)).toBe(true);
    for (const [i, phase] of phases().entries()) expect(phase).toBeCloseTo(before[i] ?? -1, 6);
  });

  test("[TIC-7] a room that needs longer than its period slips every few ticks and goes on publishing", () => {
    const { clock, scheduler } = game();
    const probe = new TickProbe(clock, () => clock.block(60));
    scheduler.add(probe, 20);
    clock.advance(60_000);
    expect(probe.steps.length).toBeGreaterThan(990);
    expect(probe.steps.every((s) => s.latenessMs < 5 * 50)).toBe(true);
    expect(longestUnpublished(probe)).toBe(4);
  });

  function longestUnpublished(probe: TickProbe): number {
    let longest = 0;
    let run = 0;
    for (const { publish } of probe.steps) {
      run = publish ? 0 : run + 1;
      longest = Math.max(longest, run);
    }
    return longest;
  }

  test("[TIC-8] for any pattern of blocking, ticks are consecutive, never early, bounded, and rightly timed", () => {
    const rooms = fc.array(
      fc.record({
        rate: fc.constantFrom(1, 7, 20, 30, 60, 128, 240),
        work: fc.array(
          fc.oneof(
            fc.constant(0),
            fc.double({ min: 0, max: 30, noNaN: true }),
            fc.integer({ min: 0, max: 2000 }),
          ),
          { minLength: 1 },
        ),
      }),
      { minLength: 1, maxLength: 6 },
    );
    const limit = fc.integer({ min: 1, max: 6 });
    fc.assert(
      fc.property(rooms, limit, fc.integer({ min: 0, max: 4 }), (specs, maxCatchUpTicks, spinBelowRooms) => {
        const { clock, scheduler } = game({ maxCatchUpTicks, spinBelowRooms });
        const probes = specs.map(({ rate, work }) => {
          const probe = new TickProbe(clock, (n) => clock.block(work[n % work.length] ?? 0));
          const room = scheduler.add(probe, rate);
          return { probe, room, epoch: room.epoch };
        });
        for (let i = 0; i < 50; i++) clock.advance(37.3);
        for (const { probe, room, epoch } of probes) checkTiming(probe, room, epoch, maxCatchUpTicks);
      }),
    );
  });

  function checkTiming(
    probe: TickProbe,
    room: ScheduledTask,
    firstEpoch: number,
    maxCatchUpTicks: number,
  ): void {
    let epoch = firstEpoch;
    const slips = [...probe.slips];
    for (const [i, step] of probe.steps.entries()) {
      expect(step.n).toBe(i);
      const slipped = slips[0]?.fromTick === i ? slips.shift() : undefined;
      if (slipped !== undefined) {
        expect(slipped.at).toBe(step.startedAt);
        expect(slipped.newEpoch - epoch).toBeCloseTo(slipped.skippedMs, 6);
        const periods = slipped.skippedMs / room.periodMs;
        expect(periods).toBeGreaterThan(0.999);
        expect(Math.abs(periods - Math.round(periods))).toBeLessThan(1e-9);
        epoch = slipped.newEpoch;
        expect(step.publish).toBe(true);
        expect(step.latenessMs).toBeLessThan(room.periodMs + 1e-6);
      }
      expect(step.dueAt).toBe(dueAt(epoch, i, room.periodMs));
      expect(step.startedAt).toBeGreaterThanOrEqual(step.dueAt - 1e-6);
      expect(step.latenessMs).toBe(Math.max(0, step.startedAt - step.dueAt));
      expect(step.latenessMs).toBeLessThan(maxCatchUpTicks * room.periodMs + 1e-6);
      if (slipped === undefined)
        expect(step.publish).toBe(step.startedAt < dueAt(epoch, i + 1, room.periodMs));
    }
    expect(slips).toEqual([]);
    expect(room.epoch).toBe(epoch);
    expect(longestUnpublished(probe)).toBeLessThan(maxCatchUpTicks);
  }
});
