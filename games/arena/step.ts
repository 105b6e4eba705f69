import type { Ship } from "./arena.ts";
import { keepClear, SHIP_RADIUS } from "./world.ts";

/** Units a second. */
export const SHIP_SPEED = 300;
/** A dash: this many times as fast, for so many ticks, and not again before so many. */
export const DASH_FACTOR = 2.6;
export const DASH_TICKS = 4;
export const DASH_COOLDOWN_TICKS = 50;

export type Body = Pick<Ship, "x" | "y" | "aim" | "dashUntil">;

export interface Steering {
  /** The direction to go in; `undefined`: stay. */
  readonly move: number | undefined;
  readonly aim: number;
  readonly dash: boolean;
}

export function dashReadyAt(body: Pick<Body, "dashUntil">): number {
  return body.dashUntil === 0 ? 0 : body.dashUntil - DASH_TICKS + DASH_COOLDOWN_TICKS;
}

/**
 * How far a ship can go in so many ticks, fewer than it takes until a second dash.
 *
 * @param dashes whether it may have dashed meanwhile
 */
export function farthestIn(ticks: number, dt: number, dashes: boolean): number {
  const dashed = dashes ? Math.min(Math.ceil(ticks), DASH_TICKS) : 0;
  return SHIP_SPEED * dt * (ticks + dashed * (DASH_FACTOR - 1));
}

/**
 * Moves a ship by one tick. It depends on nothing but its arguments and the map, so a page can run it ahead
 * of the server on a copy of its own ship.
 */
export function step(body: Body, steering: Steering, tick: number, dt: number): void {
  body.aim = steering.aim;
  if (steering.dash && tick >= dashReadyAt(body)) body.dashUntil = tick + DASH_TICKS;

  const dashing = tick < body.dashUntil;
  const heading = steering.move ?? (dashing ? steering.aim : undefined);
  if (heading === undefined) return;

  const distance = SHIP_SPEED * dt * (dashing ? DASH_FACTOR : 1);
  body.x += Math.cos(heading) * distance;
  body.y += Math.sin(heading) * distance;
  keepClear(body, SHIP_RADIUS);
}
