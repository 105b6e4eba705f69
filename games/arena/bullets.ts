import type { Bullet, Ship } from "./arena.ts";
import type { Elsewhere, ShipGrid } from "./ship-grid.ts";
import { farthestIn } from "./step.ts";
import { cellAt } from "./view.ts";
import { openDistance, type Point, SHIP_RADIUS } from "./world.ts";

/** Units a second. */
export const BULLET_SPEED = 800;
/** Little farther than a window shows: hardly anybody is shot by somebody whom they cannot see. */
export const BULLET_RANGE = 520;
const BULLET_RADIUS = 5;
/** What positions are rounded to, and more. */
const SLACK = 1;
/** From a ship's centre to where its bullets appear. */
export const MUZZLE = SHIP_RADIUS + 10;

/** How each weapon shoots: ticks between shots, damage of a bullet, and the directions relative to the aim. */
export const WEAPONS = {
  single: { cooldownTicks: 5, damage: 20, headings: [0] },
  rapid: { cooldownTicks: 2, damage: 12, headings: [0] },
  spread: { cooldownTicks: 7, damage: 14, headings: [-0.16, 0, 0.16] },
} as const;

export type Weapon = keyof typeof WEAPONS;

/** A bullet as the room flies it; its row says only how it began. */
export interface Flight {
  readonly row: Bullet;
  /** The ship that fired, even after it left the room. */
  readonly by: Ship;
  readonly damage: number;
  /** By how many ticks the shooter saw the others later: the bullet flies among them as they were so long ago. */
  readonly lag: number;
  readonly dx: number;
  readonly dy: number;
  x: number;
  y: number;
  /** Units to go until a wall, the border or the end of the range: known when fired, since walls stand still. */
  left: number;
  /** The cell that its row stands in. */
  column: number;
  line: number;
}

export interface Shot {
  readonly x: number;
  readonly y: number;
  readonly heading: number;
  readonly left: number;
}

/** The bullets of one pull of the trigger. A muzzle that is inside a wall gives none. */
export function shotsOf(ship: Point & { readonly aim: number; readonly weapon: Weapon }): readonly Shot[] {
  const shots: Shot[] = [];
  for (const offset of WEAPONS[ship.weapon].headings) {
    const heading = ship.aim + offset;
    const left = openDistance(ship, heading, MUZZLE + BULLET_RANGE) - MUZZLE;
    if (left <= 0) continue;
    const x = ship.x + Math.cos(heading) * MUZZLE;
    const y = ship.y + Math.sin(heading) * MUZZLE;
    shots.push({ x, y, heading, left });
  }
  return shots;
}

/** @param lag how many ticks behind the shooter saw the others */
export function launch(row: Bullet, shot: Shot, by: Ship, lag = 0): Flight {
  return {
    row,
    by,
    damage: WEAPONS[by.weapon].damage,
    lag,
    dx: Math.cos(shot.heading),
    dy: Math.sin(shot.heading),
    x: shot.x,
    y: shot.y,
    left: shot.left,
    column: cellAt(shot.x),
    line: cellAt(shot.y),
  };
}

/** Writes a bullet's row anew where it has come into another cell: it flies on from here, as of this tick. */
export function handOver(flight: Flight, tick: number): void {
  const column = cellAt(flight.x, flight.column);
  const line = cellAt(flight.y, flight.line);
  if (column === flight.column && line === flight.line) return;
  flight.column = column;
  flight.line = line;
  flight.row.x = flight.x;
  flight.row.y = flight.y;
  flight.row.bornAt = tick;
}

export type FlightEnd = { readonly flight: Flight; readonly struck: Ship | undefined };

/** Shows where ships were `lag` ticks ago, which is tick `then`, while `fly` runs, and returns what that returns. */
export type LookBack = <Result>(
  lag: number,
  fly: (then: number, placeOf: Elsewhere["placeOf"]) => Result,
) => Result;

/**
 * Flies every bullet on by one tick; keeps those that go on and returns those that ended, and in whom. Each strikes
 * whom its shooter saw in its way: the ships are looked up where they are, and met where they were.
 */
export function flyOn(flights: Flight[], ships: ShipGrid, dt: number, lookBack: LookBack): FlightEnd[] {
  const ended: FlightEnd[] = [];
  let kept = 0;
  for (const flight of flights) {
    const struck = flyOneOn(flight, ships, dt, lookBack);
    if (struck !== undefined || flight.left <= 0) ended.push({ flight, struck });
    else flights[kept++] = flight;
  }
  flights.length = kept;
  return ended;
}

function flyOneOn(flight: Flight, ships: ShipGrid, dt: number, lookBack: LookBack): Ship | undefined {
  const distance = Math.min(BULLET_SPEED * dt, flight.left);
  const x = flight.x + flight.dx * distance;
  const y = flight.y + flight.dy * distance;
  const isOwn = (ship: Ship): boolean => ship === flight.by;
  const meet = (elsewhere?: Elsewhere): Ship | undefined =>
    ships.firstAlong(flight.x, flight.y, x, y, BULLET_RADIUS, isOwn, elsewhere);
  const struck =
    flight.lag === 0
      ? meet()
      : lookBack(flight.lag, (then, placeOf) => {
          const drift = farthestIn(flight.lag, dt, true) + SLACK;
          const walk = farthestIn(flight.lag, dt, false) + SLACK;
          return meet({ drift, driftOf: (ship) => (ship.dashUntil > then ? drift : walk), placeOf });
        });
  flight.x = x;
  flight.y = y;
  flight.left -= distance;
  return struck;
}

/** Where a bullet is at a tick, which may have a fraction. `reach` is how far it can fly at all. */
export function positionAt(
  bullet: Readonly<Pick<Bullet, "x" | "y" | "heading" | "bornAt">>,
  tick: number,
  ticksPerSecond: number,
  reach: number,
): Point {
  const flown = Math.min(Math.max(((tick - bullet.bornAt) / ticksPerSecond) * BULLET_SPEED, 0), reach);
  return {
    x: bullet.x + Math.cos(bullet.heading) * flown,
    y: bullet.y + Math.sin(bullet.heading) * flown,
  };
}
