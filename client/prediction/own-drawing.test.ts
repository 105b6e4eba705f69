import { describe, expect, test } from "vitest";
import {
  newGlider,
  newPrediction,
  PERIOD_MS,
  SPEED,
  type Steering,
  steer,
  wiresOf,
} from "../../tests/client-kit/glider.ts";
import type { Prediction, PredictionParts } from "./prediction.ts";

/** Units in a tick. */
const STRIDE = (SPEED * PERIOD_MS) / 1000;
/** The first tick that the server confirms. */
const FIRST = 100;
/** A page of 144 Hz, in ticks. */
const FRAME = 1000 / 144 / PERIOD_MS;
const rest: Steering = {};
const east: Steering = { go: 0 };
const west: Steering = { go: Math.PI };

function begun(parts: Partial<PredictionParts> = {}): Prediction {
  const prediction = newPrediction(parts);
  prediction.confirmed(FIRST, wiresOf(newGlider()));
  return prediction;
}

/** Has flown for some ticks, so that it is known how far a tick goes. */
function flying(
  ticks = 10,
  parts: Partial<PredictionParts> = {},
): { prediction: Prediction; newest: number } {
  const prediction = begun(parts);
  for (let tick = FIRST + 1; tick <= FIRST + ticks; tick++) prediction.sampled(tick, steer(east));
  return { prediction, newest: FIRST + ticks };
}

function drawn(
  prediction: Prediction,
  at: number,
  present: Steering,
): Record<"x" | "y" | "aim" | "roll", number> {
  const row = prediction.ownAt(at, steer(present)) as unknown;
  return { ...(row as ReturnType<typeof drawn>) };
}

describe("[PRE-8] what is drawn", () => {
  test("goes from the newest tick to the one that the present input would give", () => {
    const prediction = begun();
    expect(drawn(prediction, FIRST, east).x).toBe(0);
    expect(drawn(prediction, FIRST + 0.25, east).x).toBeCloseTo(0.25 * STRIDE);
    expect(drawn(prediction, FIRST + 0.75, east).x).toBeCloseTo(0.75 * STRIDE);
    prediction.sampled(FIRST + 1, steer(east));
    expect(drawn(prediction, FIRST + 1, east).x).toBeCloseTo(STRIDE);
    expect(drawn(prediction, FIRST + 1.5, east).x).toBeCloseTo(1.5 * STRIDE);
  });

  test("moves in the frame after the input, wherever in a tick that is, and never jumps", () => {
    for (let pressedAt = 0.05; pressedAt < 1; pressedAt += 0.1) {
      const { prediction, newest } = flying();
      for (let tick = newest + 1; tick <= newest + 10; tick++) prediction.sampled(tick, steer(rest));
      const from = newest + 10;
      const still = drawn(prediction, from + pressedAt, rest).x;
      let last = still;
      for (let at = from + pressedAt + FRAME; at < from + 1; at += FRAME) {
        const { x } = drawn(prediction, at, east);
        expect(x - last).toBeGreaterThan(STRIDE * FRAME * 0.99);
        expect(x - last).toBeLessThan(STRIDE * 0.5);
        last = x;
      }
    }
  });

  test("stands at the end of the tick while the next one is not sampled, and before its beginning at that", () => {
    const { prediction, newest } = flying();
    expect(drawn(prediction, newest + 3, east).x).toBeCloseTo(11 * STRIDE);
    expect(drawn(prediction, newest - 3, east).x).toBeCloseTo(10 * STRIDE);
  });

  test("an angle that the input sets is shown as it is set, one that turns is shown turning", () => {
    const { prediction, newest } = flying();
    const aiming = { ...east, aim: 2 };
    const before = drawn(prediction, newest + 0.1, east);
    expect(before.aim).toBe(0);
    const after = drawn(prediction, newest + 0.2, aiming);
    expect(after.aim).toBeCloseTo(2, 1);
    expect(after.roll - before.roll).toBeCloseTo(0.03);
  });

  test("angles turn the short way round", () => {
    const prediction = newPrediction();
    prediction.confirmed(FIRST, wiresOf(newGlider({ roll: 2 * Math.PI - 0.1 })));
    prediction.sampled(FIRST + 1, steer(east));
    const from = drawn(prediction, FIRST + 1, east).roll;
    expect(drawn(prediction, FIRST + 1.5, east).roll - from).toBeCloseTo(0.15);
  });

  test("shows all else as of the newest tick, in one object for the whole stay", () => {
    const { prediction, newest } = flying();
    const row = prediction.ownAt(newest + 0.5, steer({ ...east, dash: true }));
    expect(row).toMatchObject({ id: 1, hp: 100, dashUntil: 0 });
    expect(row?.trail).toEqual([newest, newest - 1, newest - 2]);
    prediction.sampled(newest + 1, steer({ ...east, dash: true }));
    expect(prediction.ownAt(newest + 1, steer(east))).toBe(row);
    expect(row).toMatchObject({ dashUntil: newest + 4 });
  });

  test("looks at the row again only where something happened", () => {
    let steps = 0;
    const prediction = begun({
      step: (row) => {
        steps += 1;
        row.x = (row.x as number) + 1;
      },
    });
    const present = steer(east);
    for (let frame = 0; frame < 10; frame++) prediction.ownAt(FIRST + frame / 10, present);
    const first = steps;
    prediction.ownAt(FIRST + 0.99, steer(east));
    expect(steps).toBe(first);
    prediction.ownAt(FIRST + 0.99, steer(west));
    expect(steps).toBeGreaterThan(first);
  });
});

describe("[PRE-9] what turns out otherwise", () => {
  /** The server says that the row is elsewhere, by so much, as of four ticks before the newest. */
  function correct(prediction: Prediction, newest: number, x: number, y: number, hp = 100): void {
    const tick = newest - 4;
    prediction.confirmed(
      tick,
      wiresOf(newGlider({ x: (tick - FIRST) * STRIDE + x, y, fuel: (tick - FIRST) * 0.3, hp })),
    );
  }

  test("fades within 100 ms instead of jumping", () => {
    const { prediction, newest } = flying();
    const before = drawn(prediction, newest + 0.5, east);
    correct(prediction, newest, 8, 0);
    expect(prediction.lastCorrection).toBeCloseTo(8);
    expect(drawn(prediction, newest + 0.5, east)).toEqual({ ...before, roll: expect.any(Number) });
    let last = before.x;
    let tick = newest;
    for (let at = newest + 0.5 + FRAME; at <= newest + 2.5; at += FRAME) {
      while (tick + 1 <= at) prediction.sampled(++tick, steer(east));
      const { x } = drawn(prediction, at, east);
      expect(x - last).toBeGreaterThan(STRIDE * FRAME);
      expect(x - last).toBeLessThan(STRIDE * FRAME + 2);
      last = x;
    }
    // Two ticks are 100 ms: a twentieth of the eight is left.
    expect(last).toBeCloseTo(12.5 * STRIDE + 8 - 8 * 0.05, 0);
  });

  test("is a jump where it is more than four of the largest steps that the row ever made", () => {
    for (const [off, isJump] of [
      [3.9 * STRIDE, false],
      [4.1 * STRIDE, true],
    ] as const) {
      const { prediction, newest } = flying();
      const before = drawn(prediction, newest + 0.5, east).x;
      correct(prediction, newest, off, 0);
      expect(drawn(prediction, newest + 0.5, east).x).toBeCloseTo(isJump ? before + off : before);
    }
  });

  test("what the server alone changes is as it is at once, and is no jump of the row", () => {
    const { prediction, newest } = flying(10, { marks: new Map([["hp", {}]]) });
    const before = drawn(prediction, newest + 0.5, east);
    correct(prediction, newest, 8, 0, 60);
    const after = prediction.ownAt(newest + 0.5, steer(east));
    expect(after).toMatchObject({ hp: 60, x: before.x });
  });

  test("or where the game says so of one of its fields: then all of it jumps", () => {
    for (const [off, isJump] of [
      [99, false],
      [101, true],
    ] as const) {
      const marks = new Map([
        ["x", { teleport: 1_000 }],
        ["y", { teleport: 100 }],
      ]);
      const { prediction, newest } = flying(10, { marks });
      const before = drawn(prediction, newest + 0.5, east);
      correct(prediction, newest, 8, off);
      const after = drawn(prediction, newest + 0.5, east);
      expect(after.x - before.x).toBeCloseTo(isJump ? 8 : 0);
      expect(after.y).toBeCloseTo(isJump ? off : 0);
    }
  });

  test("a step that teleports by itself is not drawn half-way", () => {
    const marks = new Map([["x", { teleport: 100 }]]);
    const prediction = begun({
      marks,
      step: (row, input) => {
        row.x = (row.x as number) + (input.dash === true ? 500 : 3);
        row.y = (row.y as number) + 4;
      },
    });
    expect(drawn(prediction, FIRST + 0.5, rest)).toMatchObject({ x: 1.5, y: 2 });
    expect(drawn(prediction, FIRST + 0.5, { dash: true })).toMatchObject({ x: 0, y: 0 });
    prediction.sampled(FIRST + 1, steer({ dash: true }));
    expect(drawn(prediction, FIRST + 1, rest)).toMatchObject({ x: 500, y: 4 });
  });

  test("an input taken back before its tick is over takes its movement back without a jump", () => {
    const { prediction, newest } = flying();
    const ahead = drawn(prediction, newest + 0.8, east).x;
    expect(drawn(prediction, newest + 0.8, rest).x).toBeCloseTo(ahead);
    prediction.sampled(newest + 1, steer(rest));
    for (let at = newest + 1; at < newest + 4; at += FRAME) drawn(prediction, at, rest);
    expect(drawn(prediction, newest + 1, rest).x).toBeCloseTo(10 * STRIDE, 0);
  });

  test("a row that was away begins where it is", () => {
    const { prediction, newest } = flying();
    drawn(prediction, newest + 0.5, east);
    prediction.confirmed(newest, undefined);
    prediction.confirmed(newest + 1, wiresOf(newGlider({ x: 52, y: 1 })));
    expect(drawn(prediction, newest + 1, rest)).toMatchObject({ x: 52, y: 1 });
  });

  test("a row that stood for want of news goes on from where it stood", () => {
    const { prediction } = flying(40);
    const stood = drawn(prediction, FIRST + 40, east).x;
    expect(stood).toBe(30 * STRIDE);
    const tick = FIRST + 3;
    prediction.confirmed(
      tick,
      wiresOf(newGlider({ x: 3 * STRIDE, fuel: 0.9, roll: 0.9, trail: [103, 102, 101] })),
    );
    expect(drawn(prediction, FIRST + 40, east).x).toBeCloseTo(stood);
    for (let at = FIRST + 40; at < FIRST + 43; at += FRAME) drawn(prediction, at, east);
    expect(drawn(prediction, FIRST + 43, east).x).toBeCloseTo(33 * STRIDE, 0);
  });
});
