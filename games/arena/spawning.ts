import type { ShipGrid } from "./ship-grid.ts";
import { isClear, type Point, SHIP_RADIUS, WORLD_SIZE } from "./world.ts";

/** A newcomer should meet someone within seconds, but not in someone's sights. */
const NEAR = 420;
const FAR = 800;
const CANDIDATES = 12;
/** Who is this near counts as company. */
const COMPANY = 1_200;
/** From so many ships on there is company everywhere: one looks for room instead. */
const CROWD = 60;

/**
 * A free place near the action: of some that are drawn around players (around the centre where there is
 * nobody), the one with most company among those whose nearest player is from `NEAR` to `FAR` away. In a crowd
 * it is the loneliest of some that are drawn over the whole map, which spreads thousands over it, at the same
 * cost for each however many there are.
 */
export function spawnPoint(random: () => number, grid: ShipGrid): Point {
  const crowded = grid.ships.length >= CROWD;
  let best: Point = { x: WORLD_SIZE / 2, y: WORLD_SIZE / 2 };
  let most = Number.NEGATIVE_INFINITY;
  for (let drawn = 0; drawn < CANDIDATES; drawn++) {
    const candidate = crowded ? anywhere(random) : around(random, grid.ships);
    if (!isClear(candidate.x, candidate.y, SHIP_RADIUS + 4)) continue;
    const fitness = crowded ? loneliness(candidate, grid) : fitnessOf(candidate, grid.ships);
    if (fitness > most) {
      best = candidate;
      most = fitness;
    }
  }
  return best;
}

function anywhere(random: () => number): Point {
  return { x: random() * WORLD_SIZE, y: random() * WORLD_SIZE };
}

function around(random: () => number, others: readonly Point[]): Point {
  const { x, y } = others[Math.floor(random() * others.length)] ?? { x: WORLD_SIZE / 2, y: WORLD_SIZE / 2 };
  const angle = random() * 2 * Math.PI;
  const distance = NEAR + random() * (FAR - NEAR);
  return { x: x + Math.cos(angle) * distance, y: y + Math.sin(angle) * distance };
}

/** How far the nearest ship is, as far as that matters. */
function loneliness({ x, y }: Point, grid: ShipGrid): number {
  const nearest = grid.nearest(x, y, NEAR, () => true);
  return nearest === undefined ? NEAR : Math.hypot(nearest.x - x, nearest.y - y);
}

/** The number of others near by; below zero, by how much the nearest is too close or too far. */
function fitnessOf(point: Point, others: readonly Point[]): number {
  let nearest = Number.POSITIVE_INFINITY;
  let company = 0;
  for (const other of others) {
    const squared = (other.x - point.x) ** 2 + (other.y - point.y) ** 2;
    nearest = Math.min(nearest, squared);
    if (squared < COMPANY * COMPANY) company += 1;
  }
  const distance = Math.sqrt(nearest);
  if (distance < NEAR) return distance - NEAR;
  return distance > FAR && others.length > 0 ? FAR - distance : company;
}
