import { describe, expect, test } from "vitest";
import { dueAt, tick } from "../../shared/tick/tick.ts";
import { ManualClock } from "../../tests/kit/manual-clock.ts";
import { TickProbe } from "../../tests/server-kit/tick-probe.ts";
import { type SchedulerOptions, TickScheduler } from "./tick-scheduler.ts";

function game(options?: Partial<SchedulerOptions>) {
  const clock = new ManualClock({ startMs: 7 });
  return { clock, scheduler: new TickScheduler(clock, options) };
}

describe("deadlines", () => {
  test("[TIC-4] the first tick is due within one period, and every window of a period has one tick", () => {
    const { clock, scheduler } = game();
    const probes = Array.from({ length: 100 }, () => new TickProbe(clock));
    clock.advance(13);
    for (const probe of probes) scheduler.add(probe, 20);
    for (let window = 1; window <= 20; window++) {
      clock.advance(50);
      expect(probes.every((probe) => probe.steps.length === window)).toBe(true);
    }
  });

  test("[TIC-1] intended times are epoch + n × period to the last bit, an hour on, with no lateness", () => {
    const { clock, scheduler } = game();
    const probe = new TickProbe(clock);
    const { epoch, periodMs } = scheduler.add(probe, 60);
    clock.advance(3_600_000);
    expect(probe.steps.length).toBe(216_000);
    expect(probe.steps.every((s, n) => s.n === n && s.dueAt === dueAt(epoch, n, periodMs))).toBe(true);
    expect(probe.steps.every((s) => s.startedAt >= s.dueAt && s.latenessMs < 1e-6 && s.publish)).toBe(true);
  });

  test("a restored room begins with the tick it is given", () => {
    const { clock, scheduler } = game();
    const probe = new TickProbe(clock);
    const room = scheduler.add(probe, 20, tick(5000));
    clock.advance(100);
    expect(probe.steps.map((s) => s.n)).toEqual([5000, 5001]);
    expect(probe.steps[0]?.dueAt).toBe(room.epoch + 5000 * 50);
    expect(room.next).toBe(5002);
  });

  test("rooms of different rates keep their own", () => {
    const { clock, scheduler } = game();
    const probes = [1, 10, 20, 60, 128].map((rate) => ({ rate, probe: new TickProbe(clock) }));
    for (const { rate, probe } of probes) scheduler.add(probe, rate);
    clock.advance(10_000);
    for (const { rate, probe } of probes) expect(probe.steps.length).toBe(rate * 10);
  });
});

describe("many rooms", () => {
  test("[TIC-9] 1,000 rooms tick evenly over the period: no millisecond has more than twice its share", () => {
    const { clock, scheduler } = game();
    const probes = Array.from({ length: 1000 }, () => new TickProbe(clock));
    for (const probe of probes) scheduler.add(probe, 20);
    clock.advance(1000);
    const perMillisecond = new Map<number, number>();
    for (const { steps } of probes) {
      expect(steps.length).toBe(20);
      for (const { startedAt } of steps) {
        const slot = Math.floor(startedAt);
        perMillisecond.set(slot, (perMillisecond.get(slot) ?? 0) + 1);
      }
    }
    expect(perMillisecond.size).toBeGreaterThanOrEqual(1000);
    expect(Math.max(...perMillisecond.values())).toBeLessThan(40);
  });

  test("[TIC-10] of rooms that are due the one due longest goes first, also before another's catch-up", () => {
    const { clock, scheduler } = game();
    const order: string[] = [];
    const names = ["a", "b", "c", "d"];
    for (const name of names)
      scheduler.add({ step: (n, { dueAt: due }) => order.push(`${due}${name}${n}`), slipped: () => {} }, 20);
    clock.block(200);
    clock.advance(0);
    expect(order.length).toBe(16);
    const dues = order.map((entry) => Number.parseFloat(entry));
    expect(dues).toEqual(dues.toSorted((a, b) => a - b));
    for (const round of [0, 1, 2, 3])
      expect(new Set(order.slice(round * 4, round * 4 + 4).map((entry) => entry.slice(-2)))).toEqual(
        new Set(names.map((name) => `${name}${round}`)),
      );
  });

  /** What happens when four rooms are due whose steps take so long. */
  function fourDue(stepMs: number, options?: Partial<SchedulerOptions>): string[] {
    const { clock, scheduler } = game(options);
    const order: string[] = [];
    const step = () => {
      order.push("step");
      clock.soon(() => order.push("network"));
      clock.block(stepMs);
    };
    for (let i = 0; i < 4; i++) scheduler.add({ step, slipped: () => {} }, 1);
    clock.block(1000);
    while (order.length < 8) clock.advance(1);
    return order;
  }

  test("[TIC-11] between two rooms that are due the event loop has its turn", () => {
    const alternately = ["step", "network", "step", "network", "step", "network", "step", "network"];
    expect(fourDue(0.3, { pressAfterMs: 10_000 })).toEqual(alternately);
    expect(fourDue(0, { pressAfterMs: 10_000, shareTurnMs: 0 })).toEqual(alternately);
  });

  test("[TIC-20] rooms that are due share a turn while it has lasted less than a quarter of a millisecond", () => {
    const [step, network] = ["step", "network"];
    expect(fourDue(0.1, { pressAfterMs: 10_000 })).toEqual([
      step,
      step,
      step,
      network,
      network,
      network,
      step,
      network,
    ]);
    expect(fourDue(0.01, { pressAfterMs: 10_000 }).slice(0, 4)).toEqual([step, step, step, step]);
  });

  test("[TIC-15] rooms that are late run in one turn, for a bounded time, before the network has its own", () => {
    const { clock, scheduler } = game();
    const order: string[] = [];
    const step = () => {
      order.push("step");
      clock.soon(() => order.push("network"));
      clock.block(3);
    };
    for (let i = 0; i < 6; i++) scheduler.add({ step, slipped: () => {} }, 20);
    clock.block(99);
    clock.advance(0);
    // All were due before. With the fourth step of 3 ms the turn's 10 ms are over.
    expect(order).toEqual(["step", "step", "step", "step"]);
    clock.advance(0);
    expect(order.slice(4, 8)).toEqual(["network", "network", "network", "network"]);
  });

  test("one timer serves all rooms", () => {
    const { clock, scheduler } = game();
    for (let i = 0; i < 1000; i++) scheduler.add(new TickProbe(clock), 20);
    clock.advance(123);
    expect(clock.pending + clock.pendingSoon).toBe(1);
    expect(scheduler.size).toBe(1000);
  });
});

describe("coming and going", () => {
  test("[TIC-12] no step begins after release, and the last leaves nothing armed", () => {
    const { clock, scheduler } = game();
    const probes = [new TickProbe(clock), new TickProbe(clock)];
    const rooms = probes.map((probe) => scheduler.add(probe, 20));
    clock.advance(100);
    for (const room of rooms) {
      room.release();
      room.release();
    }
    expect(scheduler.size).toBe(0);
    expect(clock.pending + clock.pendingSoon).toBe(0);
    clock.advance(1000);
    expect(probes.map((probe) => probe.steps.length)).toEqual([2, 2]);
  });

  test("[TIC-12] a room may release itself in a step, in the midst of catching up", () => {
    const { clock, scheduler } = game();
    const probe: TickProbe = new TickProbe(clock, () => room.release());
    const room = scheduler.add(probe, 20);
    clock.block(200);
    clock.advance(1000);
    expect(probe.steps.length).toBe(1);
    expect(clock.pending).toBe(0);
  });

  test("[TIC-12] a room that is released when it hears of its slip takes no step", () => {
    const { clock, scheduler } = game();
    let steps = 0;
    const room = scheduler.add({ step: () => steps++, slipped: () => room.release() }, 20);
    clock.block(10_000);
    clock.advance(1000);
    expect(steps).toBe(0);
    expect(scheduler.size).toBe(0);
  });

  test("a room that is added in a step ticks, also when it is due before all others", () => {
    const { clock, scheduler } = game();
    const added = new TickProbe(clock);
    const probe = new TickProbe(clock, (n) => {
      if (n === 0) scheduler.add(added, 240);
    });
    scheduler.add(probe, 1);
    clock.advance(1000);
    clock.advance(1000);
    expect(added.steps.length).toBe(240);
    expect(added.steps.every((s) => s.latenessMs < 1e-6)).toBe(true);
  });

  test("a room that is added later and due earlier is not kept waiting", () => {
    const { clock, scheduler } = game();
    scheduler.add(new TickProbe(clock), 1);
    const quick = new TickProbe(clock);
    scheduler.add(quick, 100);
    clock.advance(100);
    expect(quick.steps.length).toBe(10);
  });
});

describe("errors", () => {
  test("[TIC-13] a task that throws is reported with its error; it and all others tick on", () => {
    const reports: unknown[] = [];
    const { clock, scheduler } = game({ onTaskError: (error, task) => reports.push(error, task) });
    const oops = new Error("oops");
    const bad = new TickProbe(clock, (n) => {
      if (n === 1) throw oops;
    });
    const good = new TickProbe(clock);
    scheduler.add(bad, 20);
    scheduler.add(good, 20);
    clock.advance(200);
    expect(reports).toEqual([oops, bad]);
    expect(bad.steps.map((s) => s.n)).toEqual([0, 1, 2, 3]);
    expect(good.steps.map((s) => s.n)).toEqual([0, 1, 2, 3]);
  });

  test("[TIC-13] a throw in slipped does not cost the step", () => {
    const reports: unknown[] = [];
    const { clock, scheduler } = game({ onTaskError: (error) => reports.push(error) });
    const steps: number[] = [];
    scheduler.add(
      {
        step: (n) => steps.push(n),
        slipped: () => {
          throw new Error("oops");
        },
      },
      20,
    );
    clock.block(10_000);
    clock.advance(0);
    expect(reports.length).toBe(1);
    expect(steps).toEqual([0]);
  });

  test.each([
    ["without onTaskError", undefined],
    [
      "where onTaskError throws it on",
      (error: unknown) => {
        throw error;
      },
    ],
  ])("[TIC-13] %s an error surfaces, and the schedule goes on", (_, onTaskError) => {
    const { clock, scheduler } = game({ onTaskError });
    const probe = new TickProbe(clock, (n) => {
      if (n === 0) throw new Error("oops");
    });
    scheduler.add(probe, 20);
    expect(() => clock.advance(50)).toThrow("oops");
    clock.advance(100);
    expect(probe.steps.map((s) => s.n)).toEqual([0, 1, 2]);
  });

  test.each([
    { maxCatchUpTicks: 0 },
    { maxCatchUpTicks: 1.5 },
    { spinBelowRooms: -1 },
    { wakeEarlyMs: Number.NaN },
  ])("the option %o is refused", (options) => {
    expect(() => new TickScheduler(new ManualClock(), options)).toThrow(RangeError);
  });
});

describe("spinning", () => {
  /** A clock like Node's: each turn of the event loop takes time, and timers fire late. */
  class SlowClock extends ManualClock {
    override soon(callback: () => void) {
      return super.soon(() => {
        this.block(0.01);
        callback();
      });
    }

    override after(delayMs: number, callback: () => void) {
      return super.after(delayMs + 0.8, callback);
    }
  }

  test("[TIC-14] few rooms are on time although timers are late", () => {
    const clock = new SlowClock();
    const probe = new TickProbe(clock);
    new TickScheduler(clock).add(probe, 20);
    clock.advance(10_000);
    expect(probe.steps.length).toBe(200);
    expect(probe.steps.every((s) => s.latenessMs <= 0.011)).toBe(true);
  });

  test("[TIC-14] many rooms sleep instead", () => {
    const clock = new SlowClock();
    const scheduler = new TickScheduler(clock, { spinBelowRooms: 2 });
    const probes = [new TickProbe(clock), new TickProbe(clock)];
    for (const probe of probes) scheduler.add(probe, 20);
    clock.advance(10_000);
    for (const { steps } of probes) {
      const late = steps.filter((s) => s.latenessMs > 0.7);
      expect(late.length).toBe(steps.length);
    }
  });

  test("a clock that stands still while the event loop turns is not spun upon for ever", () => {
    const clock = new ManualClock({ maxCallbacksAtOnce: 10 });
    const probe = new TickProbe(clock);
    new TickScheduler(clock).add(probe, 20);
    clock.advance(1000);
    expect(probe.steps.length).toBe(20);
  });
});
