import { describe, expect, test } from "vitest";
import { ManualClock } from "./manual-clock.ts";

describe("ManualClock", () => {
  test("timers run in due order, together in order of registration, each at its instant", () => {
    const clock = new ManualClock();
    const calls: string[] = [];
    const note = (name: string) => () => calls.push(`${name}@${clock.now()}`);
    clock.after(20, note("c"));
    clock.after(10, note("a"));
    clock.after(10, note("b"));
    clock.after(30.5, note("later"));
    clock.advance(30);
    expect(calls).toEqual(["a@10", "b@10", "c@20"]);
    expect(clock.now()).toBe(30);
    expect(clock.pending).toBe(1);
  });

  test("a timer that a timer starts runs in the same advance when it is due in it", () => {
    const clock = new ManualClock();
    const times: number[] = [];
    const again = () => {
      times.push(clock.now());
      clock.after(10, again);
    };
    clock.after(10, again);
    clock.advance(35);
    expect(times).toEqual([10, 20, 30]);
  });

  test("soon tasks run before the next timer, those added meanwhile included", () => {
    const clock = new ManualClock();
    const calls: string[] = [];
    clock.after(10, () => {
      clock.soon(() => {
        calls.push("soon 1");
        clock.soon(() => calls.push("soon 3"));
      });
      clock.soon(() => calls.push("soon 2"));
      calls.push("timer 1");
    });
    clock.after(10, () => calls.push("timer 2"));
    clock.advance(10);
    expect(calls).toEqual(["timer 1", "soon 1", "soon 2", "soon 3", "timer 2"]);
  });

  test("what was released does not run and does not count as pending", () => {
    const clock = new ManualClock();
    const release = clock.after(10, () => expect.fail("released timer"));
    const releaseSoon = clock.soon(() => expect.fail("released task"));
    release();
    release();
    releaseSoon();
    expect(clock.pending).toBe(0);
    expect(clock.pendingSoon).toBe(0);
    clock.advance(100);
    expect(clock.now()).toBe(100);
  });

  test("blocking lets time pass and runs nothing; what it delayed runs late", () => {
    const clock = new ManualClock();
    const times: number[] = [];
    const note = () => times.push(clock.now());
    clock.after(10, () => clock.block(15));
    clock.after(20, note);
    clock.after(40, note);
    clock.advance(30);
    expect(times).toEqual([25]);
    clock.advance(10);
    expect(times).toEqual([25, 40]);
  });

  test.each(["advance", "run"] as const)(
    "%s ends with the callback that blocks beyond its end",
    async (move) => {
      const clock = new ManualClock();
      let calls = 0;
      const overload = () => {
        calls += 1;
        clock.block(25);
        clock.soon(overload);
      };
      clock.after(10, overload);
      clock.after(11, overload);
      await clock[move](30);
      expect([calls, clock.now()]).toEqual([1, 35]);
      await clock[move](30);
      expect([calls, clock.now()]).toEqual([3, 85]);
    },
  );

  test("what schedules itself for ever ends in an error that says so", async () => {
    const clock = new ManualClock({ maxCallbacksAtOnce: 100 });
    const forever = () => void clock.soon(forever);
    clock.soon(forever);
    expect(() => clock.advance(1)).toThrow(/100 callbacks ran at 0 ms.*forever/);

    const timers = new ManualClock({ maxCallbacksAtOnce: 100 });
    const rearm = () => void timers.after(0, rearm);
    timers.after(5, rearm);
    await expect(timers.run(10)).rejects.toThrow(/100 callbacks ran at 5 ms.*rearm/);
  });

  test("many callbacks are no endless loop while time moves", () => {
    const clock = new ManualClock({ maxCallbacksAtOnce: 2 });
    let calls = 0;
    const again = () => {
      calls += 1;
      clock.after(1, again);
    };
    clock.after(1, again);
    clock.advance(1000);
    expect(calls).toBe(1000);
  });

  test("advance lets nothing proceed that awaits, run does", async () => {
    const clock = new ManualClock();
    const wakeUps: number[] = [];
    const sleep = (ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve));
    const sleeper = (async () => {
      for (let i = 0; i < 3; i++) {
        await sleep(10);
        wakeUps.push(clock.now());
      }
    })();
    clock.advance(15);
    expect(wakeUps).toEqual([]);
    await clock.run(20);
    await sleeper;
    expect(wakeUps).toEqual([15, 25, 35]);
    expect(clock.now()).toBe(35);
  });

  test("settle follows promises and soon tasks through each other, however deep, and time stands still", async () => {
    const clock = new ManualClock();
    let depth = 0;
    const dive = async (): Promise<void> => {
      for (let i = 0; i < 1000; i++) await Promise.resolve();
      depth += 1;
      if (depth < 5) clock.soon(() => void dive());
    };
    clock.soon(() => void dive());
    await clock.settle();
    expect(depth).toBe(5);
    expect(clock.now()).toBe(0);
  });

  test("a throwing callback reaches the caller, and the clock goes on", () => {
    const clock = new ManualClock();
    let ran = false;
    clock.after(10, () => {
      throw new Error("oops");
    });
    clock.after(20, () => {
      ran = true;
    });
    expect(() => clock.advance(30)).toThrow("oops");
    expect(clock.now()).toBe(10);
    clock.advance(10);
    expect(ran).toBe(true);
  });

  test("moving time from inside a callback is refused, and so is moving it back", () => {
    const clock = new ManualClock();
    clock.after(10, () => clock.advance(1));
    expect(() => clock.advance(10)).toThrow("time is moving already");
    expect(() => clock.advance(-1)).toThrow(RangeError);
    expect(() => clock.block(Number.NaN)).toThrow(RangeError);
  });
});
