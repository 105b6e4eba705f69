import { Prediction, type PredictionParts } from "../../client/prediction/prediction.ts";
import { defineGame } from "../../shared/definition/game.ts";
import { angle, fixed, held, list, pressed, record, ref, table, tick, u8 } from "../../shared/game.ts";
import type { QuantiseContext, Wire } from "../../shared/state/field-codec.ts";
import { gameLayout } from "../../shared/state/game-layout.ts";

/** Units a second, and the ticks of a dash that is three times as fast. */
export const SPEED = 100;
export const DASH_TICKS = 3;
export const PERIOD_MS = 50;

/** A game for tests of prediction: gliders that steer, turn, burn fuel and dash. */
export const glider = defineGame({
  name: "glider",
  tickRate: 20,
  state: {
    gliders: table(
      {
        x: fixed(-10_000, 10_000, 0.1),
        y: fixed(-10_000, 10_000, 0.1),
        /** Where it points: as steered. */
        aim: angle(),
        /** Turns by itself while it flies. */
        roll: angle(),
        fuel: u8,
        dashUntil: tick(),
        trail: list(u8, 3),
        /** The server's alone. */
        hp: u8,
        mate: ref("gliders"),
      },
      { owner: "player", position: ["x", "y"] },
    ),
    wind: record({ push: u8 }),
  },
  input: { go: held(angle(), "optional"), aim: held(angle()), dash: pressed() },
  predict: {
    table: "gliders",
    step(row, input, dt, world) {
      row.aim = input.aim;
      if (row.hp === 0) return;
      if (input.dash && world.tick >= row.dashUntil) row.dashUntil = world.tick + DASH_TICKS;
      if (input.go === undefined) return;
      const distance = SPEED * dt * (world.tick < row.dashUntil ? 3 : 1);
      row.x += Math.cos(input.go) * distance;
      row.y += Math.sin(input.go) * distance + world.state.wind.push;
      row.roll += 0.3;
      row.fuel = (row.fuel + 0.3) % 200;
      row.trail.unshift(world.tick % 250);
      row.trail.length = Math.min(row.trail.length, 3);
    },
  },
});

export const layout = gameLayout(glider.description);
const fields = layout.ownerTable?.fields ?? [];

export interface Glider {
  readonly id: number;
  x: number;
  y: number;
  aim: number;
  roll: number;
  fuel: number;
  dashUntil: number;
  trail: number[];
  hp: number;
  mate: undefined;
}

export interface Steering {
  readonly go?: number | undefined;
  readonly aim?: number;
  readonly dash?: boolean;
}

const quiet: QuantiseContext = { outOfRange: () => {}, holds: () => true };

export const newGlider = (given: Partial<Glider> = {}): Glider => ({
  id: 1,
  x: 0,
  y: 0,
  aim: 0,
  roll: 0,
  fuel: 0,
  dashUntil: 0,
  trail: [],
  hp: 100,
  mate: undefined,
  ...given,
});

/** A row as the server sends it. */
export function wiresOf(row: Glider): readonly Wire[] {
  return fields.map(({ name, codec }) => codec.quantise(row[name as keyof Glider], quiet));
}

/** An input as it is sampled. */
export function steer({ go, aim = 0, dash = false }: Steering = {}): readonly Wire[] {
  const values: Record<string, unknown> = { go, aim, dash };
  return layout.inputs.map(({ name, codec }) => codec.quantise(values[name], quiet));
}

/** Moves the server's row by a tick, by what it has of an input. */
export function stepServer(row: Glider, steering: Steering, tick: number): void {
  const wires = steer(steering);
  const input: Record<string, unknown> = {};
  layout.inputs.forEach(({ name, codec }, i) => {
    input[name] = codec.restore(wires[i] as Wire, () => undefined);
  });
  glider.spec.predict.step(row as never, input as never, PERIOD_MS / 1000, { tick, state } as never);
}

const state = { wind: { push: 0 } };

export function newPrediction(parts: Partial<PredictionParts> = {}): Prediction {
  return new Prediction({
    description: glider.description,
    layout,
    step: glider.spec.predict.step as PredictionParts["step"],
    row: 1,
    state,
    lookup: () => undefined,
    report: (error) => {
      throw error;
    },
    ...parts,
  });
}
