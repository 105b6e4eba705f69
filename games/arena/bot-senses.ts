import { RADAR_SIDE, type Ship, TICKS_PER_SECOND } from "./arena.ts";
import { BULLET_SPEED } from "./bullets.ts";
import type { wants } from "./pickups.ts";
import { CELL } from "./view.ts";
import { isClear, openDistance, type Point, SHIP_RADIUS, WORLD_SIZE } from "./world.ts";

export type SeenShip = Readonly<Ship>;

/** What a bot reads of the room, whichever kind of client it plays through. */
export interface View {
  readonly tick: number;
  readonly me: SeenShip;
  /** Those in sight. */
  readonly players: Iterable<SeenShip>;
  readonly pickups: Iterable<Readonly<Point & { kind: Parameters<typeof wants>[1] }>>;
  /** How many ships fly in each square. */
  readonly radar: Uint8Array;
}

export interface Chance {
  random(): number;
}

/** Directions tried when the way is blocked, relative to the wanted one. */
const DETOURS = [0, 0.6, -0.6, 1.2, -1.2, 1.9, -1.9, Math.PI];

/** The wanted way, or the detour nearest to it that is open. */
export function passable(me: Point, way: number): number {
  const reach = SHIP_RADIUS * 4;
  for (const detour of DETOURS) if (openDistance(me, way + detour, reach) >= reach) return way + detour;
  return way;
}

export function towards(from: Point, to: Point): number {
  return Math.atan2(to.y - from.y, to.x - from.x);
}

/** Where to shoot so that the bullet and the target meet, if the target goes on as it went for `ticks`. */
export function lead(me: Point, target: Point, before: Point | undefined, ticks: number): number {
  if (before === undefined) return towards(me, target);
  const flight = (Math.hypot(target.x - me.x, target.y - me.y) / BULLET_SPEED) * TICKS_PER_SECOND + 1;
  const x = target.x + ((target.x - before.x) / ticks) * flight;
  const y = target.y + ((target.y - before.y) / ticks) * flight;
  return Math.atan2(y - me.y, x - me.x);
}

export function nearestOf<Thing extends Point>(
  from: Point,
  things: Iterable<Thing>,
  reach: number,
  fits: (thing: Thing) => boolean,
): Thing | undefined {
  let nearest: Thing | undefined;
  let least = reach * reach;
  for (const thing of things) {
    const distance = (thing.x - from.x) ** 2 + (thing.y - from.y) ** 2;
    if (distance >= least || !fits(thing)) continue;
    nearest = thing;
    least = distance;
  }
  return nearest;
}

/** An open place; twice as likely in the middle as a uniform draw: that is where the others are. */
export function somewhere(chance: Chance): Point {
  for (;;) {
    const x = (chance.random() + chance.random()) * (WORLD_SIZE / 2);
    const y = (chance.random() + chance.random()) * (WORLD_SIZE / 2);
    if (isClear(x, y, SHIP_RADIUS * 2)) return { x, y };
  }
}

/** A place in a square of the radar where somebody flies, more likely where there are many. */
export function whereSomebodyIs(radar: Uint8Array, chance: Chance): Point | undefined {
  const ships = radar.reduce((sum, count) => sum + count, 0);
  let left = Math.floor(chance.random() * ships);
  const square = radar.findIndex((count) => {
    left -= count;
    return left < 0;
  });
  if (square === -1) return undefined;
  const [column, line] = [square % RADAR_SIDE, Math.floor(square / RADAR_SIDE)];
  return {
    x: Math.min((column + chance.random()) * CELL, WORLD_SIZE),
    y: Math.min((line + chance.random()) * CELL, WORLD_SIZE),
  };
}
