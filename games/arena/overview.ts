import { RADAR_SIDE, type Ship, ticks } from "./arena.ts";
import { isFlying } from "./combat.ts";
import { standing } from "./match.ts";
import { cellAt } from "./view.ts";

/** How often everybody is told of the whole room. */
export const OVERVIEW_TICKS = ticks(0.5);
/** How often everybody is told their own place. */
export const PLACE_TICKS = ticks(1);
/** How many lead. */
export const LEADERS = 8;
/** In place of a square of the radar: none. */
export const NO_SQUARE = RADAR_SIDE ** 2;

/** The best of all, in order, those without a kill included: one pass, however many there are. */
export function leadersOf<S extends Pick<Ship, "id" | "score" | "deaths">>(
  ships: Iterable<S>,
  most: number,
): readonly S[] {
  const leaders: S[] = [];
  for (const ship of ships) {
    const last = leaders[most - 1];
    if (last !== undefined && standing(last, ship) < 0) continue;
    const at = leaders.findIndex((other) => standing(ship, other) < 0);
    leaders.splice(at === -1 ? leaders.length : at, 0, ship);
    if (leaders.length > most) leaders.pop();
  }
  return leaders;
}

/** Tells the place that a score has: one behind all that are higher. */
export function placesByScore(ships: Iterable<Pick<Ship, "score">>): (score: number) => number {
  const having: number[] = [];
  for (const { score } of ships) having[score] = (having[score] ?? 0) + 1;
  const places: number[] = [];
  let place = 1;
  for (let score = having.length - 1; score >= 0; score--) {
    places[score] = place;
    place += having[score] ?? 0;
  }
  return (score) => places[score] ?? 1;
}

/** The square of the radar that a ship is in. */
export function squareOf({ x, y }: Pick<Ship, "x" | "y">): number {
  const last = RADAR_SIDE - 1;
  return Math.min(cellAt(y), last) * RADAR_SIDE + Math.min(cellAt(x), last);
}

/** How many ships fly in each square. */
export function radarOf(ships: Iterable<Pick<Ship, "x" | "y" | "life">>): Uint8Array {
  const squares = new Uint8Array(RADAR_SIDE ** 2);
  for (const ship of ships) {
    if (!isFlying(ship)) continue;
    const square = squareOf(ship);
    squares[square] = Math.min((squares[square] ?? 0) + 1, 255);
  }
  return squares;
}
