import { describe, expect, test } from "vitest";
import type { Wire } from "../../shared/state/field-codec.ts";
import {
  DASH_TICKS,
  type Glider,
  newGlider,
  newPrediction,
  PERIOD_MS,
  SPEED,
  type Steering,
  steer,
  stepServer,
  wiresOf,
} from "../../tests/client-kit/glider.ts";
import type { Prediction } from "./prediction.ts";

/** Units in a tick. */
const STRIDE = (SPEED * PERIOD_MS) / 1000;
/** The first tick that the server confirms. */
const FIRST = 100;
const east: Steering = { go: 0 };
const north: Steering = { go: Math.PI / 2 };

/** A prediction that has its first row. */
function begun(given: Partial<Glider> = {}): { prediction: Prediction; server: Glider } {
  const prediction = newPrediction();
  const server = newGlider(given);
  prediction.confirmed(FIRST, wiresOf(server));
  return { prediction, server };
}

/** Where the newest tick left the row, nothing drawn beyond it. */
function newestOf(prediction: Prediction, tick: number, present: Steering = {}): Glider {
  const row = prediction.ownAt(tick, steer(present));
  if (row === undefined) throw new Error("nothing is predicted");
  return { ...row } as unknown as Glider;
}

function sampleAll(prediction: Prediction, steerings: readonly Steering[]): void {
  for (const [i, steering] of steerings.entries()) prediction.sampled(FIRST + 1 + i, steer(steering));
}

/** The server's row after each of some ticks. */
function serve(
  server: Glider,
  steerings: readonly Steering[],
  from = FIRST + 1,
): readonly (readonly Wire[])[] {
  return steerings.map((steering, i) => {
    stepServer(server, steering, from + i);
    return wiresOf(server);
  });
}

describe("[PRE-1] an input moves the own row at once", () => {
  test("by one tick for each sample, as the server will have it", () => {
    const { prediction, server } = begun();
    const way: Steering = { go: 0.7, aim: 1.3 };
    for (let tick = FIRST + 1; tick <= FIRST + 4; tick++) {
      prediction.sampled(tick, steer(way));
      stepServer(server, way, tick);
    }
    expect(newestOf(prediction, FIRST + 4, way)).toEqual(server);
  });

  test("quantised and restored: not as it was given", () => {
    const { prediction } = begun();
    prediction.sampled(FIRST + 1, steer({ aim: 1.3 }));
    const { aim } = newestOf(prediction, FIRST + 1, { aim: 1.3 });
    expect(aim).not.toBe(1.3);
    expect(aim).toBeCloseTo(1.3, 1);
  });
});

describe("[PRE-2] the input of a tick", () => {
  test("held parts stand over ticks without a sample, a press acts in its own alone", () => {
    const { prediction, server } = begun();
    prediction.sampled(FIRST + 1, steer({ ...east, dash: true }));
    prediction.sampled(FIRST + 4, steer(north));
    serve(server, [{ ...east, dash: true }, east, east, north]);
    expect(newestOf(prediction, FIRST + 4)).toEqual(server);
    expect(server.dashUntil).toBe(FIRST + 1 + DASH_TICKS);
  });

  test("is neutral before the first sample, and after 250 ms without one", () => {
    const { prediction, server } = begun();
    prediction.sampled(FIRST + 3, steer(east));
    prediction.sampled(FIRST + 10, steer(north));
    serve(server, [{}, {}, ...Array(5).fill(east), {}, {}, north]);
    expect(newestOf(prediction, FIRST + 10)).toEqual(server);
  });

  test("a sample that comes out of order counts no more than on the server: not at all", () => {
    const { prediction, server } = begun();
    prediction.sampled(FIRST + 2, steer(east));
    prediction.sampled(FIRST + 1, steer(north));
    prediction.sampled(FIRST + 2, steer(north));
    serve(server, [{}, east]);
    expect(newestOf(prediction, FIRST + 2)).toEqual(server);
  });
});

describe("[PRE-3] an input that came late acts where the server says", () => {
  test("until then what stood before it stands, and all since is stepped again", () => {
    const { prediction, server } = begun();
    const sampled = [east, north, north, north, north];
    sampleAll(prediction, sampled);
    prediction.tookEffect(FIRST + 2, FIRST + 4);
    serve(server, [east, east, east, north, north]);
    expect(newestOf(prediction, FIRST + 5)).toEqual(server);
    expect(prediction.mispredictions).toBe(0);
  });

  test("its press acts there, and not where it was for", () => {
    const { prediction, server } = begun();
    const sampled = [east, { ...east, dash: true }, east, east, east, east];
    sampleAll(prediction, sampled);
    prediction.tookEffect(FIRST + 2, FIRST + 4);
    const rows = serve(server, [east, east, east, { ...east, dash: true }, east, east]);
    expect(newestOf(prediction, FIRST + 6)).toEqual(server);
    for (const [i, row] of rows.entries()) prediction.confirmed(FIRST + 1 + i, row);
    expect(prediction.mispredictions).toBe(0);
  });

  test("presses that came together act in a tick each, as they are told", () => {
    const { prediction, server } = begun();
    const dash = { ...east, dash: true };
    sampleAll(prediction, [east, dash, east, dash, east, east, east, east]);
    // Both came before tick 5; the second had to wait.
    prediction.tookEffect(FIRST + 2, FIRST + 5);
    prediction.tookEffect(FIRST + 4, FIRST + 5);
    prediction.tookEffect(FIRST + 4, FIRST + 8);
    serve(server, [east, east, east, east, dash, east, east, dash]);
    expect(newestOf(prediction, FIRST + 8)).toEqual(server);
    expect(server.dashUntil).toBe(FIRST + 8 + DASH_TICKS);
  });

  test("a late press makes way for the tick's own, and what it was held with goes on meanwhile", () => {
    const { prediction, server } = begun();
    const dash = { ...north, dash: true };
    sampleAll(prediction, [east, { ...north, dash: true }, north, dash, north, north, north]);
    prediction.tookEffect(FIRST + 2, FIRST + 4);
    prediction.tookEffect(FIRST + 2, FIRST + 7);
    serve(server, [east, east, east, dash, north, north, dash]);
    expect(newestOf(prediction, FIRST + 7)).toEqual(server);
    expect(server.dashUntil).toBe(FIRST + 7 + DASH_TICKS);
  });

  test("a later input that is late as well waits for its own tick", () => {
    const { prediction, server } = begun();
    const sampled = [{}, east, north, north, north, north];
    sampleAll(prediction, sampled);
    prediction.tookEffect(FIRST + 2, FIRST + 4);
    prediction.tookEffect(FIRST + 3, FIRST + 5);
    serve(server, [{}, {}, {}, east, north, north]);
    expect(newestOf(prediction, FIRST + 6)).toEqual(server);
  });
});

describe("[PRE-4] where the server's row is alike", () => {
  test("within one quantised step, our row stands, fractions and all", () => {
    const { prediction, server } = begun({ x: 0.04, fuel: 0.4 });
    for (let tick = FIRST + 1; tick <= FIRST + 30; tick++) {
      prediction.sampled(tick, steer({ go: 0.7 }));
      stepServer(server, { go: 0.7 }, tick);
      prediction.confirmed(tick, wiresOf(server));
    }
    expect(prediction.mispredictions).toBe(0);
    expect(prediction.lastCorrection).toBe(0);
    const { x } = newestOf(prediction, FIRST + 30);
    // It began at 0.0 instead of 0.04, and never was rounded since.
    expect(server.x - x).toBeCloseTo(0.04);
  });

  test("the step of an angle is that of the circle", () => {
    const { prediction, server } = begun({ roll: 2 * Math.PI - 0.301 });
    prediction.sampled(FIRST + 1, steer(east));
    stepServer(server, east, FIRST + 1);
    const wires = [...wiresOf(server)];
    expect(wires[3]).toBe(0);
    wires[3] = 255;
    prediction.confirmed(FIRST + 1, wires);
    expect(prediction.mispredictions).toBe(0);
  });

  test("what is counted whole is exact: a tick beside is another tick", () => {
    const { prediction, server } = begun();
    prediction.sampled(FIRST + 1, steer({ dash: true }));
    stepServer(server, { dash: true }, FIRST + 1);
    server.dashUntil += 1;
    prediction.confirmed(FIRST + 1, wiresOf(server));
    expect(prediction.mispredictions).toBe(1);
    expect(newestOf(prediction, FIRST + 1).dashUntil).toBe(server.dashUntil);
  });
});

describe("[PRE-5] where it is another", () => {
  test("it counts, and the inputs since are played again on top of it", () => {
    const { prediction, server } = begun();
    const way = { go: 0.5 };
    for (let tick = FIRST + 1; tick <= FIRST + 5; tick++) prediction.sampled(tick, steer(way));
    serve(server, [way, way]);
    server.y += 7;
    prediction.confirmed(FIRST + 2, wiresOf(server));
    expect(prediction.mispredictions).toBe(1);
    expect(prediction.lastCorrection).toBeCloseTo(7, 1);
    serve(server, [way, way, way], FIRST + 3);
    const { x, y } = newestOf(prediction, FIRST + 5);
    expect(x).toBe(server.x);
    expect(y).toBeCloseTo(server.y, 1);
  });

  test("what was right about it keeps its fractions", () => {
    const { prediction, server } = begun({ x: 0.04 });
    prediction.sampled(FIRST + 1, steer(east));
    stepServer(server, east, FIRST + 1);
    server.y = 9;
    prediction.confirmed(FIRST + 1, wiresOf(server));
    expect(server.x - newestOf(prediction, FIRST + 1).x).toBeCloseTo(0.04);
  });

  test("a correction of the newest tick is measured, too", () => {
    const { prediction, server } = begun();
    prediction.sampled(FIRST + 1, steer(east));
    prediction.confirmed(FIRST + 1, wiresOf({ ...server, x: STRIDE + 3, y: 4 }));
    expect(prediction.lastCorrection).toBeCloseTo(5);
  });

  test("a tick without a sample is compared with what stood", () => {
    const { prediction, server } = begun();
    prediction.sampled(FIRST + 1, steer(east));
    serve(server, [east, east, east]);
    prediction.confirmed(FIRST + 3, wiresOf(server));
    expect(prediction.mispredictions).toBe(0);
    prediction.sampled(FIRST + 3, steer(north));
    prediction.sampled(FIRST + 4, steer(north));
    stepServer(server, north, FIRST + 4);
    expect(newestOf(prediction, FIRST + 4)).toMatchObject({ x: server.x, y: server.y });
  });

  test("a tick that came before is no news", () => {
    const { prediction, server } = begun();
    prediction.sampled(FIRST + 1, steer(east));
    prediction.confirmed(FIRST, wiresOf({ ...server, x: 500 }));
    prediction.confirmed(FIRST - 1, wiresOf({ ...server, x: 500 }));
    expect(newestOf(prediction, FIRST + 1).x).toBe(STRIDE);
  });
});

describe("[PRE-6] what no step ever changed", () => {
  test("is taken over as the server says, and counts as no misprediction", () => {
    const { prediction, server } = begun();
    for (let tick = FIRST + 1; tick <= FIRST + 3; tick++) prediction.sampled(tick, steer(east));
    stepServer(server, east, FIRST + 1);
    server.hp = 40;
    prediction.confirmed(FIRST + 1, wiresOf(server));
    expect(newestOf(prediction, FIRST + 3)).toMatchObject({ hp: 40, x: 3 * STRIDE });
    expect(prediction.mispredictions).toBe(0);
  });

  test("and moves the row where the step looks at it", () => {
    const { prediction, server } = begun();
    for (let tick = FIRST + 1; tick <= FIRST + 3; tick++) prediction.sampled(tick, steer(east));
    stepServer(server, east, FIRST + 1);
    server.hp = 0;
    prediction.confirmed(FIRST + 1, wiresOf(server));
    expect(newestOf(prediction, FIRST + 3).x).toBe(STRIDE);
    expect(prediction).toMatchObject({ mispredictions: 0, lastCorrection: 2 * STRIDE });
  });

  test("a field that comes into view is taken as it is", () => {
    const prediction = newPrediction();
    const wires: (Wire | undefined)[] = [...wiresOf(newGlider())];
    wires[7] = undefined;
    prediction.confirmed(FIRST, wires);
    expect(newestOf(prediction, FIRST).hp).toBeUndefined();
    prediction.confirmed(FIRST + 1, wiresOf(newGlider({ hp: 30 })));
    expect(newestOf(prediction, FIRST + 1).hp).toBe(30);
    prediction.confirmed(FIRST + 2, wires);
    expect(newestOf(prediction, FIRST + 2).hp).toBeUndefined();
    expect(prediction.mispredictions).toBe(0);
  });
});

describe("[PRE-7] how far it goes", () => {
  test("nothing is predicted before the own row is there, nor after it is gone", () => {
    const prediction = newPrediction();
    prediction.sampled(FIRST, steer(east));
    expect(prediction.ownAt(FIRST, steer())).toBeUndefined();
    prediction.confirmed(FIRST, wiresOf(newGlider()));
    expect(prediction.ownAt(FIRST, steer())).toBeDefined();
    prediction.confirmed(FIRST + 1, undefined);
    prediction.sampled(FIRST + 2, steer(east));
    expect(prediction.ownAt(FIRST + 2, steer())).toBeUndefined();
    prediction.confirmed(FIRST + 2, wiresOf(newGlider({ x: 50 })));
    prediction.sampled(FIRST + 3, steer(east));
    expect(newestOf(prediction, FIRST + 3).x).toBe(50 + STRIDE);
    expect(prediction.mispredictions).toBe(0);
  });

  test("nor while it is not seen, by one who looks elsewhere", () => {
    const { prediction, server } = begun();
    const unseen: (Wire | undefined)[] = [...wiresOf(server)];
    unseen[0] = undefined;
    unseen[1] = undefined;
    prediction.confirmed(FIRST + 1, unseen);
    prediction.sampled(FIRST + 2, steer(east));
    expect(prediction.ownAt(FIRST + 2, steer(east))).toBeUndefined();
    prediction.confirmed(FIRST + 2, wiresOf(newGlider({ x: 70 })));
    prediction.sampled(FIRST + 3, steer(east));
    expect(newestOf(prediction, FIRST + 3).x).toBe(70 + STRIDE);
    expect(prediction.mispredictions).toBe(0);
  });

  test("inputs from before the first row count from it on", () => {
    const prediction = newPrediction();
    for (let tick = FIRST; tick <= FIRST + 4; tick++) prediction.sampled(tick, steer(east));
    prediction.confirmed(FIRST + 1, wiresOf(newGlider()));
    expect(newestOf(prediction, FIRST + 4).x).toBe(3 * STRIDE);
  });

  test("it stands 1.5 s after the last confirmed tick, and goes on from the next", () => {
    const { prediction, server } = begun();
    for (let tick = FIRST + 1; tick <= FIRST + 50; tick++) prediction.sampled(tick, steer(east));
    expect(newestOf(prediction, FIRST + 50).x).toBe(30 * STRIDE);
    expect(prediction.ownAt(FIRST + 50.5, steer(north))?.y).toBe(0);
    serve(server, Array(15).fill(east));
    prediction.confirmed(FIRST + 15, wiresOf(server));
    expect(newestOf(prediction, FIRST + 50).x).toBe(45 * STRIDE);
    expect(prediction.mispredictions).toBe(0);
  });

  test("a row from beyond all that is a new beginning", () => {
    const { prediction } = begun();
    prediction.sampled(FIRST + 1, steer(east));
    prediction.confirmed(FIRST + 500, wiresOf(newGlider({ x: 77 })));
    prediction.sampled(FIRST + 501, steer(east));
    expect(newestOf(prediction, FIRST + 501).x).toBe(77 + STRIDE);
    expect(prediction.mispredictions).toBe(0);
  });
});

test("[PRE-11] what a step throws is reported once, and nothing is predicted after it", () => {
  const reported: unknown[] = [];
  const mistake = new Error("a mistake");
  const prediction = newPrediction({
    step: () => {
      throw mistake;
    },
    report: (error) => reported.push(error),
  });
  prediction.confirmed(FIRST, wiresOf(newGlider()));
  for (let tick = FIRST + 1; tick < FIRST + 5; tick++) {
    prediction.sampled(tick, steer(east));
    prediction.confirmed(tick, wiresOf(newGlider()));
    prediction.tookEffect(tick, tick + 1);
    expect(prediction.ownAt(tick, steer(east))).toBeUndefined();
  }
  expect(reported).toEqual([mistake]);
});

test("[PRE-11] so is a value that is none", () => {
  const reported: unknown[] = [];
  const prediction = newPrediction({
    step: (row) => {
      row.x = Number.NaN;
    },
    report: (error) => reported.push(error),
  });
  prediction.confirmed(FIRST, wiresOf(newGlider()));
  prediction.sampled(FIRST + 1, steer(east));
  prediction.confirmed(FIRST + 1, wiresOf(newGlider()));
  expect(reported).toEqual([expect.objectContaining({ message: "NaN is no number" })]);
  expect(prediction.ownAt(FIRST + 1, steer())).toBeUndefined();
});
