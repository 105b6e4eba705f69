import { describe, expect, test } from "vitest";
import { RoomTimers } from "./room-timers.ts";

function setup() {
  const timers = new RoomTimers();
  const called: string[] = [];
  const set = (tick: number, name: string, more: () => void = () => {}) =>
    timers.at(tick, () => {
      called.push(name);
      more();
      return undefined;
    });
  const run = (tick: number) => timers.run(tick, (callback) => callback());
  return { timers, called, set, run };
}

describe("[ROO-3] a room's timers", () => {
  test("run in the order of their ticks, those of one tick in the order of setting", () => {
    const { called, set, run, timers } = setup();
    set(5, "late");
    set(3, "first");
    set(3, "second");
    run(2);
    expect(called).toEqual([]);
    run(3);
    expect(called).toEqual(["first", "second"]);
    run(9);
    expect(called).toEqual(["first", "second", "late"]);
    expect(timers.size).toBe(0);
  });

  test("one that is released never runs, also not by another of the same tick", () => {
    const { called, set, run } = setup();
    let release = (): void => {};
    set(3, "first", () => release());
    release = set(3, "second");
    set(3, "third");
    run(3);
    expect(called).toEqual(["first", "third"]);
  });

  test("one that is set by another for this tick runs in this tick", () => {
    const { called, set, run } = setup();
    set(3, "first", () => set(3, "inner"));
    set(3, "second");
    run(3);
    expect(called).toEqual(["first", "second", "inner"]);
  });

  test("releasing what has run, twice, is harmless", () => {
    const { called, set, run, timers } = setup();
    const release = set(1, "once");
    set(2, "other");
    run(1);
    release();
    release();
    expect(timers.size).toBe(1);
    run(2);
    expect(called).toEqual(["once", "other"]);
  });

  test("are as many as a game wants: who looks at all others to release one does not come to the end of this", () => {
    const { called, set, run, timers } = setup();
    const many = 160_000;
    const releases = Array.from({ length: many }, (_, n) => set(1 + ((n * 7_919) % 500), `${n}`));
    for (const [n, release] of releases.entries()) if (n !== many / 2) release();
    expect(timers.size).toBe(1);
    run(500);
    expect(called).toEqual([`${many / 2}`]);
  });
});
