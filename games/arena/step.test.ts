import { describe, expect, test } from "vitest";
import {
  type Body,
  DASH_COOLDOWN_TICKS,
  DASH_FACTOR,
  DASH_TICKS,
  dashReadyAt,
  farthestIn,
  SHIP_SPEED,
  type Steering,
  step,
} from "./step.ts";
import { isClear, SHIP_RADIUS, WALLS, WORLD_SIZE } from "./world.ts";

const dt = 0.05;
const atCentre = (): Body => ({ x: WORLD_SIZE / 2, y: WORLD_SIZE / 2, aim: 0, dashUntil: 0, life: "alive" });
const rest: Steering = { move: undefined, aim: 0, dash: false };

describe("moving", () => {
  test("[ARE-4] a ship goes where it is steered, at one speed in every direction", () => {
    for (const move of [0, 0.7, Math.PI, -2]) {
      const body = atCentre();
      step(body, { ...rest, move }, dt, { tick: 1 });
      expect(body.x - WORLD_SIZE / 2).toBeCloseTo(Math.cos(move) * SHIP_SPEED * dt);
      expect(body.y - WORLD_SIZE / 2).toBeCloseTo(Math.sin(move) * SHIP_SPEED * dt);
    }
  });

  test("[ARE-4] an unsteered ship stays, and turns its gun", () => {
    const body = atCentre();
    step(body, { ...rest, aim: 2.5 }, dt, { tick: 1 });
    expect(body).toEqual({ ...atCentre(), aim: 2.5 });
  });

  test("[ARE-4] ghosts fly, the dead turn their gun and lie still, those away do neither", () => {
    const steering = { move: 0, aim: 2, dash: true };
    const moved = (life: Body["life"]): Body => {
      const body = { ...atCentre(), life };
      step(body, steering, dt, { tick: 100 });
      return body;
    };
    expect(moved("ghost")).toEqual({ ...moved("alive"), life: "ghost" });
    expect(moved("dead")).toEqual({ ...atCentre(), life: "dead", aim: 2 });
    expect(moved("away")).toEqual({ ...atCentre(), life: "away" });
  });

  test("[ARE-5] a dash lasts its ticks, and the next waits for the cooldown", () => {
    const body = atCentre();
    const moved: number[] = [];
    for (let tick = 1; tick <= DASH_COOLDOWN_TICKS + 1; tick++) {
      const before = body.x;
      step(body, { move: tick % 2 === 0 ? 0 : Math.PI, aim: 0, dash: true }, dt, { tick });
      moved.push(Math.round(Math.abs(body.x - before) / (SHIP_SPEED * dt) / DASH_FACTOR));
    }
    expect(moved.slice(0, DASH_TICKS)).toEqual(Array(DASH_TICKS).fill(1));
    expect(moved.slice(DASH_TICKS, DASH_COOLDOWN_TICKS)).toEqual(
      Array(DASH_COOLDOWN_TICKS - DASH_TICKS).fill(0),
    );
    expect(moved[DASH_COOLDOWN_TICKS]).toBe(1);
    expect(dashReadyAt(body)).toBe(1 + 2 * DASH_COOLDOWN_TICKS);
  });

  test("[ARE-34] nothing goes farther in some ticks than what lagging bullets allow for", () => {
    for (let from = 1; from <= 20; from++) {
      const body = atCentre();
      for (let tick = 1; tick < from; tick++)
        step(body, { move: undefined, aim: 0, dash: false }, dt, { tick });
      for (let ticks = 1; ticks <= 10; ticks++) {
        step(body, { move: 0, aim: 0, dash: ticks === from % 5 }, dt, { tick: from + ticks });
        expect(body.x - WORLD_SIZE / 2).toBeLessThanOrEqual(
          farthestIn(ticks, dt, body.dashUntil > from) + 1e-9,
        );
      }
    }
  });

  test("[ARE-2] no dash goes through a wall", () => {
    for (const wall of WALLS) {
      const body: Body = {
        x: wall.x + wall.width / 2,
        y: wall.y - SHIP_RADIUS - 1,
        aim: Math.PI / 2,
        dashUntil: 0,
        life: "alive",
      };
      if (!isClear(body.x, body.y, SHIP_RADIUS)) continue;
      for (let tick = 1; tick <= DASH_TICKS; tick++)
        step(body, { ...rest, aim: body.aim, dash: true }, dt, { tick });
      expect(body.y).toBeLessThan(wall.y);
    }
  });
});
