import type { Ship } from "./arena.ts";
import { type Point, SHIP_RADIUS, WORLD_SIZE } from "./world.ts";

const CELL = 100;
const CELLS = WORLD_SIZE / CELL;
const NONE = -1;

/** Where ships were at another time, for those who saw them there. */
export interface Elsewhere {
  /** How far any ship may be from where it is now, at most. */
  readonly drift: number;
  /** How far this one may be. */
  driftOf(ship: Ship): number;
  /** `undefined` for one that was not there. */
  placeOf(ship: Ship): Point | undefined;
}

/**
 * Who is near a point, rebuilt each tick. Ships of a cell form a chain of indices, so that filling it for
 * thousands of ships allocates nothing.
 */
export class ShipGrid {
  readonly #first = new Int32Array(CELLS * CELLS).fill(NONE);
  readonly #next: number[] = [];
  readonly #ships: Ship[] = [];

  fill(ships: Iterable<Ship>): void {
    this.#first.fill(NONE);
    this.#ships.length = 0;
    for (const ship of ships) this.add(ship);
  }

  add(ship: Ship): void {
    const cell = cellOf(ship.y) * CELLS + cellOf(ship.x);
    this.#next[this.#ships.length] = this.#first[cell] ?? NONE;
    this.#first[cell] = this.#ships.length;
    this.#ships.push(ship);
  }

  get ships(): readonly Ship[] {
    return this.#ships;
  }

  /** The nearest ship within `reach` of a point that `fits`. Of several as near it is the one filled in last. */
  nearest(x: number, y: number, reach: number, fits: (ship: Ship) => boolean): Ship | undefined {
    const left = cellOf(x - reach);
    const right = cellOf(x + reach);
    const bottom = cellOf(y + reach);
    let nearest: Ship | undefined;
    let least = reach * reach;
    for (let row = cellOf(y - reach); row <= bottom; row++) {
      for (let column = left; column <= right; column++) {
        let index = this.#first[row * CELLS + column] ?? NONE;
        while (index !== NONE) {
          const ship = this.#ships[index];
          index = this.#next[index] ?? NONE;
          if (ship === undefined) continue;
          const squared = (ship.x - x) ** 2 + (ship.y - y) ** 2;
          if (squared > least || (squared === least && nearest !== undefined) || !fits(ship)) continue;
          nearest = ship;
          least = squared;
        }
      }
    }
    return nearest;
  }

  /**
   * The ship that something of radius `reach` meets first on its way from one point to another, except those
   * that `spared` names. Of several met at the same distance it is the one filled in last. With `elsewhere` ships
   * are met where they were then.
   */
  firstAlong(
    fromX: number,
    fromY: number,
    toX: number,
    toY: number,
    reach: number,
    spared: (ship: Ship) => boolean,
    elsewhere?: Elsewhere,
  ): Ship | undefined {
    const radius = SHIP_RADIUS + reach;
    const around = radius + (elsewhere?.drift ?? 0);
    const left = cellOf(Math.min(fromX, toX) - around);
    const right = cellOf(Math.max(fromX, toX) + around);
    const top = cellOf(Math.min(fromY, toY) - around);
    const bottom = cellOf(Math.max(fromY, toY) + around);

    let met: Ship | undefined;
    let metAt = Number.POSITIVE_INFINITY;
    for (let row = top; row <= bottom; row++) {
      for (let column = left; column <= right; column++) {
        let index = this.#first[row * CELLS + column] ?? NONE;
        while (index !== NONE) {
          const ship = this.#ships[index];
          index = this.#next[index] ?? NONE;
          if (ship === undefined || spared(ship)) continue;
          let place: Point | undefined = ship;
          if (elsewhere !== undefined) {
            // Most of those around could not have been here: they are not asked where they were.
            const reached = radius + elsewhere.driftOf(ship);
            if (meeting(fromX, fromY, toX, toY, ship.x, ship.y, reached) > 1) continue;
            place = elsewhere.placeOf(ship);
            if (place === undefined) continue;
          }
          const at = meeting(fromX, fromY, toX, toY, place.x, place.y, radius);
          if (at >= metAt) continue;
          met = ship;
          metAt = at;
        }
      }
    }
    return met;
  }
}

function cellOf(coordinate: number): number {
  return Math.min(Math.max(Math.floor(coordinate / CELL), 0), CELLS - 1);
}

/** The part of the way after which a point comes within `radius` of a circle's centre, or infinity. */
export function meeting(
  fromX: number,
  fromY: number,
  toX: number,
  toY: number,
  x: number,
  y: number,
  radius: number,
): number {
  const dx = toX - fromX;
  const dy = toY - fromY;
  const cx = fromX - x;
  const cy = fromY - y;
  const c = cx * cx + cy * cy - radius * radius;
  if (c <= 0) return 0;
  const a = dx * dx + dy * dy;
  const b = cx * dx + cy * dy;
  const discriminant = b * b - a * c;
  if (a === 0 || b >= 0 || discriminant < 0) return Number.POSITIVE_INFINITY;
  const at = (-b - Math.sqrt(discriminant)) / a;
  return at <= 1 ? at : Number.POSITIVE_INFINITY;
}
