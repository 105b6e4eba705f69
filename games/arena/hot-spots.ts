import { ticks } from "./arena.ts";
import { isClear, type Point, SHIP_RADIUS, WORLD_SIZE } from "./world.ts";

/** Where crowds gather: so many places at a time, which all bots know without a word. */
export const HOT_SPOTS = 5;
/** After this the crowds move on. */
const LASTS_TICKS = ticks(30);
/** Not at the very border. */
const MARGIN = 500;

/** The place of a crowd at a tick: the same for everybody who asks. */
export function hotSpot(spot: number, tick: number): Point {
  // Each moves at a time of its own.
  const turn = Math.floor(tick / LASTS_TICKS + spot / HOT_SPOTS);
  for (let attempt = 0; ; attempt++) {
    const x = MARGIN + noise(spot, turn, 2 * attempt) * (WORLD_SIZE - 2 * MARGIN);
    const y = MARGIN + noise(spot, turn, 2 * attempt + 1) * (WORLD_SIZE - 2 * MARGIN);
    if (isClear(x, y, SHIP_RADIUS * 2)) return { x, y };
  }
}

/** A number in [0, 1) that follows from three others. */
function noise(a: number, b: number, c: number): number {
  let hash = Math.imul(a + 1, 0x9e3779b1) ^ Math.imul(b + 1, 0x85ebca6b) ^ Math.imul(c + 1, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32;
}
