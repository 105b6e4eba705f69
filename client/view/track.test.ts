import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DrawnFields } from "./drawn-fields.ts";
import { Track } from "./track.ts";
import type { ViewRow } from "./view-row.ts";

const TURN = 2 * Math.PI;

const fields: DrawnFields = {
  gliding: [
    { name: "x", index: 0, turn: undefined, teleport: 50 },
    { name: "aim", index: 1, turn: TURN, teleport: Number.POSITIVE_INFINITY },
  ],
  stepping: [{ name: "life", index: 2 }],
  mask: 0b111,
};

type Row = { x: number | undefined; aim: number; life: string };

/** A row by what it is in ticks from 10 on; `undefined`: it did not change. */
function trackOf(
  ticks: readonly (Partial<Row> | undefined)[],
  most = 100,
): (tick: number, closed?: number) => Row {
  const track = new Track(fields, most);
  let row: Row = { x: 0, aim: 0, life: "alive" };
  ticks.forEach((change, at) => {
    row = { ...row, ...change };
    if (at === 0) track.restart(10, row);
    else if (change !== undefined) track.record(10 + at, 9 + at, row, Number.NEGATIVE_INFINITY);
  });
  const shown = { ...row };
  return (tick, closed = 9 + ticks.length) => {
    track.draw(tick, closed, shown as unknown as ViewRow);
    return { ...shown };
  };
}

describe("[VIE-10] between two ticks", () => {
  test("what moves evenly is drawn evenly", () => {
    const at = trackOf([{ x: 0 }, { x: 10 }, { x: 20 }, { x: 30 }]);
    for (const tick of [10, 10.25, 11.9, 12.5, 13]) expect(at(tick).x).toBeCloseTo((tick - 10) * 10);
  });

  test("a field never leaves the interval of its two values, and is each of them in its tick", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -25, max: 25 }), { minLength: 3, maxLength: 12 }), (xs) => {
        const at = trackOf(xs.map((x) => ({ x })));
        for (let tick = 0; tick + 1 < xs.length; tick++) {
          const [from, to] = [xs[tick] as number, xs[tick + 1] as number];
          expect(at(10 + tick).x).toBeCloseTo(from);
          for (let part = 0.1; part < 1; part += 0.1) {
            const x = at(10 + tick + part).x as number;
            expect(x).toBeGreaterThanOrEqual(Math.min(from, to) - 1e-9);
            expect(x).toBeLessThanOrEqual(Math.max(from, to) + 1e-9);
          }
        }
      }),
    );
  });

  test("its speed does not jump in a tick, where it goes on the same way", () => {
    const at = trackOf([0, 4, 10, 18, 25, 30].map((x) => ({ x })));
    for (const tick of [11, 12, 13, 14]) {
      const [before, here, after] = [tick - 0.001, tick, tick + 0.001].map((near) => at(near).x as number);
      const bend = (after as number) - 2 * (here as number) + (before as number);
      expect(Math.abs(bend)).toBeLessThan(1e-4);
    }
  });

  test("an angle goes the short way round, and is drawn as from 0 to a turn", () => {
    const at = trackOf([{ aim: 6.1 }, { aim: 0.1 }, { aim: 6.1 }]);
    const middle = at(10.5).aim;
    expect(Math.min(middle, TURN - middle)).toBeLessThan(0.15);
    for (let tick = 10; tick <= 12; tick += 0.05) {
      expect(at(tick).aim).toBeGreaterThanOrEqual(0);
      expect(at(tick).aim).toBeLessThan(TURN);
      expect(Math.cos(at(tick).aim)).toBeGreaterThan(0.97);
    }
  });
});

test("[VIE-11] a row that stood begins to move in the tick that moves it", () => {
  const at = trackOf([{ x: 0 }, undefined, undefined, undefined, { x: 10 }, undefined, { x: 20 }]);
  for (const tick of [10.5, 12, 13]) expect(at(tick).x).toBe(0);
  expect(at(13.5).x).toBeGreaterThan(2);
  for (const tick of [14, 14.5, 15]) expect(at(tick).x).toBe(10);
  expect(at(15.5).x).toBeGreaterThan(12);
});

test("[VIE-11] over ticks that were not told one by one it moves all the way", () => {
  const track = new Track(fields, 10);
  const shown: Record<string, unknown> = {};
  track.restart(10, { x: 0, aim: 0, life: "alive" });
  track.record(14, 10, { x: 40, aim: 0, life: "alive" }, 0);
  track.draw(12, 14, shown as ViewRow);
  expect(shown.x).toBeCloseTo(20);
});

describe("[VIE-12] a change beyond the teleport in one tick", () => {
  const at = trackOf([{ x: 0, aim: 1 }, { x: 10 }, { x: 200, aim: 2 }, { x: 210, aim: 2.5 }]);

  test("is no movement, of none of the row's fields", () => {
    expect(at(11.99)).toMatchObject({ x: 10, aim: 1 });
    expect(at(12)).toMatchObject({ x: 200, aim: 2 });
  });

  test("and does not bend the way after it", () => {
    expect(at(12.5).x).toBeCloseTo(205);
    expect(at(12.5).aim).toBeCloseTo(2.25);
  });

  test("is one where it took several ticks", () => {
    const track = new Track(fields, 10);
    const shown: Record<string, unknown> = {};
    track.restart(10, { x: 0, aim: 0, life: "alive" });
    track.record(12, 10, { x: 90, aim: 0, life: "alive" }, 0);
    track.draw(11, 12, shown as ViewRow);
    expect(shown.x).toBeCloseTo(45);
  });
});

test("[VIE-13] a field that cannot be in between has the value of the tick before", () => {
  const at = trackOf([{ life: "alive" }, { life: "dead" }, { life: "ghost" }]);
  expect([10.9, 11, 11.9, 12].map((tick) => at(tick).life)).toEqual(["alive", "dead", "dead", "ghost"]);
});

describe("[VIE-14] what is not known", () => {
  test("before its first tick a row is what it is in it", () => {
    expect(trackOf([{ x: 7 }, { x: 9 }])(3).x).toBe(7);
  });

  test("a field that is not seen reads undefined, whatever the others do", () => {
    const at = trackOf([{ x: undefined, aim: 1 }, { aim: 2 }]);
    expect(at(10.5)).toMatchObject({ x: undefined });
    expect(at(10.5).aim).toBeCloseTo(1.5);
    expect(at(11)).toMatchObject({ x: undefined, aim: 2 });
  });
});

describe("[VIE-4] beyond the last tick", () => {
  test("a row that moved in it goes on as fast, one that stood in it stands", () => {
    expect(trackOf([{ x: 0 }, { x: 10 }, { x: 20 }])(12.5, 12).x).toBeCloseTo(25);
    expect(trackOf([{ x: 0 }, { x: 10 }, undefined])(12.5, 12).x).toBe(10);
  });

  test("a row that was put elsewhere stands", () => {
    expect(trackOf([{ x: 0 }, { x: 100 }])(11.5, 11).x).toBe(100);
  });
});

test("[VIE-17] what was drawn is dropped, and of what was not the oldest beyond the bound", () => {
  const at = trackOf(
    Array.from({ length: 50 }, (_, x) => ({ x })),
    5,
  );
  expect(at(12).x).toBe(45);
  expect(at(57.5).x).toBeCloseTo(47.5);
});

test("[CKP-27] in a room that was set back a row is what it was last, whatever the numbers of its ticks", () => {
  const track = new Track(fields, 100);
  track.restart(1_000, { x: 0, aim: 0, life: "alive" });
  track.record(1_001, 1_000, { x: 9, aim: 1, life: "gone" }, 1_000);
  track.stand(66);
  const shown = { x: 0, aim: 0, life: "alive" };
  const row = shown as unknown as ViewRow;
  track.draw(65.6, 67, row);
  expect(shown).toMatchObject({ x: 9, aim: 1, life: "gone" });
  track.record(68, 67, { x: 19, aim: 1, life: "gone" }, 66);
  track.draw(67.5, 68, row);
  expect(shown.x).toBeGreaterThan(9);
  expect(shown.x).toBeLessThan(19);
});
