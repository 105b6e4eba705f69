import type { Ship } from "../arena.ts";

/** How a ship's hull is drawn: it points where the ship goes, or went last. */
export interface Hull {
  readonly heading: number;
  readonly moving: boolean;
}

interface Turning {
  heading: number;
  moving: boolean;
  x: number;
  y: number;
}

type Seen = Pick<Readonly<Ship>, "id" | "x" | "y" | "aim">;

/** Slower than this, in units a tick, a ship stands; faster it did not fly there. */
const STILL = 1;
const JUMP = 120;
/** How far a hull turns in a tick, in radians. */
const TURN = 1.1;

/** Turns hulls after their ships, from one picture to the next. */
export class Hulls {
  readonly #hulls = new Map<number, Turning>();
  #tick = Number.NEGATIVE_INFINITY;

  /** @param tick the drawn one */
  turn(ships: Iterable<Seen>, tick: number): void {
    const ticks = tick - this.#tick;
    if (ticks <= 0) return;
    this.#tick = tick;
    for (const ship of ships) {
      const hull = this.#hulls.get(ship.id);
      if (hull === undefined)
        this.#hulls.set(ship.id, { heading: ship.aim, moving: false, x: ship.x, y: ship.y });
      else follow(hull, ship, ticks);
    }
  }

  of(ship: Seen): Hull {
    return this.#hulls.get(ship.id) ?? { heading: ship.aim, moving: false };
  }

  forget(id: number): void {
    this.#hulls.delete(id);
  }
}

function follow(hull: Turning, { x, y }: Seen, ticks: number): void {
  const [dx, dy] = [x - hull.x, y - hull.y];
  const pace = Math.hypot(dx, dy) / ticks;
  hull.x = x;
  hull.y = y;
  hull.moving = pace > STILL && pace < JUMP;
  if (hull.moving) hull.heading = turned(hull.heading, Math.atan2(dy, dx), TURN * ticks);
}

/** From one direction towards another, the shorter way around. */
function turned(from: number, to: number, most: number): number {
  const way = to - from - 2 * Math.PI * Math.round((to - from) / (2 * Math.PI));
  return from + Math.min(Math.max(way, -most), most);
}
