import fc from "fast-check";
import { expect, test } from "vitest";
import type { Prediction } from "../client/prediction/prediction.ts";
import { InputQueue } from "../server/room/input-queue.ts";
import type { Wire } from "../shared/state/field-codec.ts";
import {
  type Glider,
  glider,
  layout,
  newGlider,
  newPrediction,
  PERIOD_MS,
  type Steering,
  steer,
  wiresOf,
} from "./client-kit/glider.ts";

/** By so many ticks a client's input is ahead of the server's tick when it is sampled. */
const LEAD = 3;
/** An input that stands is sent again after so many ticks: see `InputSampler`. */
const HEARTBEAT = 3;

/** What happens around one tick. */
interface Moment {
  readonly steering: Steering;
  /** How long the input is on its way, in ticks; what is sent after it does not overtake it. */
  readonly inputTakes: number;
  /** No input is sampled for this tick. */
  readonly isGap: boolean;
  /** How long the tick's frame is on its way. */
  readonly frameTakes: number;
  /** What befalls the server's row besides its step. */
  readonly blow: Partial<Glider>;
}

/**
 * A server's own queue and row and a client's prediction, with two ordered ways between them, tick by tick. In the
 * end everything has arrived and everything is confirmed.
 */
function play(
  moments: readonly Moment[],
  start: Glider,
): { readonly server: Glider; readonly prediction: Prediction; readonly tick: number } {
  const queue = new InputQueue(layout, { maxLeadTicks: 40, silenceTicks: 5, latePresses: "apply" });
  const prediction = newPrediction();
  const server = { ...start, trail: [...start.trail] };
  const up: { readonly tick: number; readonly values: readonly Wire[]; readonly at: number }[] = [];
  const down: { readonly at: number; readonly run: () => void }[] = [];
  let sent = steer();
  let sentAt = 0;
  const quiet: Moment = { steering: {}, inputTakes: 0, isGap: false, frameTakes: 0, blow: {} };
  const all = [...moments, ...Array<Moment>(20).fill(quiet)];
  prediction.confirmed(0, wiresOf(server));

  for (let tick = 1; tick <= all.length; tick++) {
    const { steering, inputTakes, isGap, frameTakes, blow } = all[tick - 1] as Moment;
    const address = tick + LEAD;
    if (!isGap) {
      const values = steer(steering);
      prediction.sampled(address, values);
      // As the SDK does: what changed, what is pressed, and now and then what stands.
      const isPressed = values[2] === true;
      const differs = isPressed || values[0] !== sent[0] || values[1] !== sent[1];
      if (differs || address - sentAt >= HEARTBEAT) {
        up.push({ tick: address, values, at: Math.max(tick + inputTakes, up.at(-1)?.at ?? 0) });
        sent = values;
        sentAt = address;
      }
    }
    while (up[0] !== undefined && up[0].at <= tick) {
      const { tick: inputTick, values } = up.shift() as (typeof up)[number];
      queue.receive(inputTick, values, tick);
    }
    const late = queue.advance(tick);
    glider.spec.predict.step(server as never, queue.current as never, PERIOD_MS / 1000, {
      tick,
      state: { wind: { push: 0 } },
    } as never);
    Object.assign(server, blow);
    const wires = wiresOf(server);
    down.push({
      at: Math.max(tick + frameTakes, down.at(-1)?.at ?? 0),
      run: () => {
        for (const { inputTick, appliedTick } of late ?? []) prediction.tookEffect(inputTick, appliedTick);
        prediction.confirmed(tick, wires);
      },
    });
    while (down[0] !== undefined && down[0].at <= tick) down.shift()?.run();
  }
  for (const { run } of down) run();
  return { server, prediction, tick: all.length };
}

/** Even over its range: `fc.double` favours the numbers around zero. */
const between = (min: number, max: number): fc.Arbitrary<number> =>
  fc.integer({ min: 0, max: 1_000_000 }).map((n) => min + ((max - min) * n) / 1_000_000);

const steering = fc.record({
  go: fc.option(between(0, 6.2), { nil: undefined }),
  aim: between(0, 6.2),
  dash: fc.boolean(),
});

/** Inputs that stand for a while, as a player's do. */
const steerings = fc
  .array(fc.tuple(steering, fc.integer({ min: 1, max: 9 })), { minLength: 1, maxLength: 12 })
  .map((parts) =>
    parts.flatMap(([one, ticks]) =>
      Array.from({ length: ticks }, (_, i) => ({ ...one, dash: one.dash && i === 0 })),
    ),
  );

const start = fc
  .record({
    x: between(-9, 9),
    y: between(-9, 9),
    roll: between(0, 6.2),
    fuel: between(0, 90),
  })
  .map((given) => newGlider(given));

const steps = new Map(
  glider.description.tables[0]?.fields.map(({ name, field }) => [
    name,
    field.type === "angle" ? field.steps : 0,
  ]),
);

/** How many quantised steps a field is apart; whatever is no number is there as a whole or not at all. */
function stepsApart(name: string, ours: Wire, theirs: Wire): number {
  if (typeof ours !== "number" || typeof theirs !== "number")
    return JSON.stringify(ours) === JSON.stringify(theirs) ? 0 : Number.POSITIVE_INFINITY;
  const apart = Math.abs(ours - theirs);
  return Math.min(apart, Math.abs((steps.get(name) ?? 0) - apart) || apart);
}

/** Within a step of the server's row in every field. */
function expectAlike(prediction: Prediction, server: Glider, tick: number): void {
  // In the lead's ticks, which nobody confirms any more, nothing is pressed and nothing moves.
  const row = prediction.ownAt(tick + LEAD, steer({ aim: server.aim })) as unknown as Glider;
  const [ours, theirs] = [wiresOf(row), wiresOf(server)];
  const names = [...steps.keys()];
  const apart = names.filter((name, i) => stepsApart(name, ours[i] as Wire, theirs[i] as Wire) > 1);
  expect(apart).toEqual([]);
}

test("[PRE-10] whatever is late, left out or done to it, in the end the prediction is the server's row", () => {
  const blow = fc.oneof(
    { weight: 12, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: fc.record({ x: between(-500, 500) }) },
    { weight: 1, arbitrary: fc.record({ hp: fc.integer({ min: 0, max: 100 }), dashUntil: fc.constant(0) }) },
  );
  const moment = fc.record({
    inputTakes: fc.integer({ min: 0, max: 9 }),
    isGap: fc.boolean(),
    frameTakes: fc.integer({ min: 0, max: 12 }),
    blow,
  });
  fc.assert(
    fc.property(
      steerings,
      fc.array(moment, { minLength: 108, maxLength: 108 }),
      start,
      (inputs, around, from) => {
        const moments = inputs.map(
          (one, i): Moment => ({ steering: one, ...(around[i] as (typeof around)[number]) }),
        );
        const { server, prediction, tick } = play(moments, from);
        expectAlike(prediction, server, tick);
      },
    ),
    { seed: 11, numRuns: 400 },
  );
});

test("[PRE-10] with nothing late and nothing done to it, not one tick is mispredicted", () => {
  const moment = fc.record({
    inputTakes: fc.integer({ min: 0, max: LEAD }),
    frameTakes: fc.integer({ min: 0, max: 12 }),
    hp: fc.integer({ min: 1, max: 100 }),
  });
  fc.assert(
    fc.property(
      steerings,
      fc.array(moment, { minLength: 108, maxLength: 108 }),
      start,
      (inputs, around, from) => {
        const moments = inputs.map((one, i): Moment => {
          const { hp, ...ways } = around[i] as (typeof around)[number];
          return { steering: one, ...ways, isGap: false, blow: { hp } };
        });
        const { server, prediction, tick } = play(moments, from);
        expectAlike(prediction, server, tick);
        expect(prediction.mispredictions).toBe(0);
        expect(prediction.lastCorrection).toBe(0);
      },
    ),
    { seed: 12, numRuns: 400 },
  );
});
