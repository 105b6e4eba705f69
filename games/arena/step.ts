import { keepClear, SHIP_RADIUS } from "./world.ts";

/** Units a second. */
export const SHIP_SPEED = 300;
/** A dash: this many times as fast, for so many ticks, and not again before so many. */
export const DASH_FACTOR = 2.6;
export const DASH_TICKS = 4;
export const DASH_COOLDOWN_TICKS = 50;

/** What of a ship moves. Not derived from the game's definition, which holds the step. */
export interface Body {
  x: number;
  y: number;
  aim: number;
  dashUntil: number;
  readonly life: "alive" | "ghost" | "dead" | "away";
}

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
 * Moves a ship by one tick, on the server and, ahead of it, on the pilot's page: it depends on nothing but its
 * arguments and the map. The dead turn their gun and lie still, those away do neither; ghosts fly like anybody.
 * That a ship falls, returns or becomes solid is the room's to say.
 */
export function step(body: Body, steering: Steering, dt: number, { tick }: { readonly tick: number }): void {
  if (body.life === "away") return;
  body.aim = steering.aim;
  if (body.life === "dead") return;
  if (steering.dash && tick >= dashReadyAt(body)) body.dashUntil = tick + DASH_TICKS;

  const dashing = tick < body.dashUntil;
  const heading = steering.move ?? (dashing ? steering.aim : undefined);
  if (heading === undefined) return;

  const distance = SHIP_SPEED * dt * (dashing ? DASH_FACTOR : 1);
  body.x += Math.cos(heading) * distance;
  body.y += Math.sin(heading) * distance;
  keepClear(body, SHIP_RADIUS);
}
