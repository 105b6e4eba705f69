/** The map: a square with walls that look the same from all four sides, so no corner is the better one. */

export const WORLD_SIZE = 4000;
export const SHIP_RADIUS = 24;

/** An upright rectangle; `x` and `y` are its least corner. */
export interface Wall {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

const CENTRE = WORLD_SIZE / 2;

/** One quarter of the map, relative to the centre: `[x, y, width, height]`. The others are its rotations. */
const QUARTER: readonly (readonly [number, number, number, number])[] = [
  // The plaza's corner.
  [210, 210, 230, 44],
  [210, 254, 44, 186],
  // The blade that keeps one from shooting across the plaza.
  [640, -70, 44, 330],
  // Pillars between plaza and ring.
  [520, 560, 70, 70],
  [760, 760, 100, 100],
  // The ring.
  [960, 520, 300, 44],
  [1160, 120, 60, 240],
  [940, 1020, 70, 70],
  [1340, -420, 260, 44],
  // The corner's fort.
  [1230, 1180, 44, 380],
  [1274, 1180, 300, 44],
  [1500, 1500, 80, 80],
  // Cover along the border.
  [1640, 470, 80, 80],
  [1720, -160, 44, 300],
  [1660, 900, 200, 44],
];

type Quarter = (typeof QUARTER)[number];

function rotated([x, y, width, height]: Quarter): Quarter {
  return [-y - height, x, height, width];
}

function fourTimes(): readonly Wall[] {
  const walls: Wall[] = [];
  for (const piece of QUARTER) {
    let turned = piece;
    for (let turn = 0; turn < 4; turn++) {
      const [x, y, width, height] = turned;
      walls.push({ x: CENTRE + x, y: CENTRE + y, width, height });
      turned = rotated(turned);
    }
  }
  return walls;
}

export const WALLS: readonly Wall[] = fourTimes();

const BLOCK = 250;
const BLOCKS = WORLD_SIZE / BLOCK;
/** No circle that {@link keepClear} moves is larger. */
const LARGEST_RADIUS = 50;

/** The walls that a circle with its centre in a block may touch: a few, instead of all for each ship and tick. */
const WALLS_NEAR: readonly (readonly Wall[])[] = Array.from({ length: BLOCKS * BLOCKS }, (_, index) => {
  const x = (index % BLOCKS) * BLOCK;
  const y = Math.floor(index / BLOCKS) * BLOCK;
  return WALLS.filter(
    (wall) =>
      wall.x < x + BLOCK + LARGEST_RADIUS &&
      wall.x + wall.width > x - LARGEST_RADIUS &&
      wall.y < y + BLOCK + LARGEST_RADIUS &&
      wall.y + wall.height > y - LARGEST_RADIUS,
  );
});

function wallsNear({ x, y }: Point): readonly Wall[] {
  const column = Math.min(Math.max(Math.floor(x / BLOCK), 0), BLOCKS - 1);
  const row = Math.min(Math.max(Math.floor(y / BLOCK), 0), BLOCKS - 1);
  return WALLS_NEAR[row * BLOCKS + column] ?? [];
}

/**
 * Moves a circle out of every wall and into the map, by the shortest way; along a wall it slides. Exact for
 * moves below half a wall's thickness plus the radius, which is 46 units.
 */
export function keepClear(circle: { x: number; y: number }, radius: number): void {
  for (const wall of wallsNear(circle)) pushOut(circle, radius, wall);
  circle.x = Math.min(Math.max(circle.x, radius), WORLD_SIZE - radius);
  circle.y = Math.min(Math.max(circle.y, radius), WORLD_SIZE - radius);
}

function pushOut(circle: { x: number; y: number }, radius: number, wall: Wall): void {
  const right = wall.x + wall.width;
  const bottom = wall.y + wall.height;
  if (circle.x <= wall.x - radius || circle.x >= right + radius) return;
  if (circle.y <= wall.y - radius || circle.y >= bottom + radius) return;

  const nearestX = Math.min(Math.max(circle.x, wall.x), right);
  const nearestY = Math.min(Math.max(circle.y, wall.y), bottom);
  const dx = circle.x - nearestX;
  const dy = circle.y - nearestY;
  const distance = Math.hypot(dx, dy);
  if (distance >= radius) return;
  if (distance > 0) {
    circle.x = nearestX + (dx / distance) * radius;
    circle.y = nearestY + (dy / distance) * radius;
    return;
  }
  const toLeft = circle.x - wall.x;
  const toRight = right - circle.x;
  const toTop = circle.y - wall.y;
  const toBottom = bottom - circle.y;
  const least = Math.min(toLeft, toRight, toTop, toBottom);
  if (least === toLeft) circle.x = wall.x - radius;
  else if (least === toRight) circle.x = right + radius;
  else if (least === toTop) circle.y = wall.y - radius;
  else circle.y = bottom + radius;
}

/** Whether a circle touches neither a wall nor the border. */
export function isClear(x: number, y: number, radius: number): boolean {
  if (x < radius || y < radius || x > WORLD_SIZE - radius || y > WORLD_SIZE - radius) return false;
  return !WALLS.some((wall) => {
    const dx = x - Math.min(Math.max(x, wall.x), wall.x + wall.width);
    const dy = y - Math.min(Math.max(y, wall.y), wall.y + wall.height);
    return dx * dx + dy * dy < radius * radius;
  });
}

/** How far one can go from a point in a direction until a wall or the border, at most `reach`. */
export function openDistance(from: Point, heading: number, reach: number): number {
  const dx = Math.cos(heading);
  const dy = Math.sin(heading);
  let open = Math.min(reach, exit(from.x, dx), exit(from.y, dy));
  for (const wall of WALLS) open = Math.min(open, entry(from, dx, dy, wall));
  return Math.max(open, 0);
}

/** Where a ray along one axis leaves the map. */
function exit(from: number, direction: number): number {
  if (direction > 0) return (WORLD_SIZE - from) / direction;
  return direction < 0 ? -from / direction : Number.POSITIVE_INFINITY;
}

/** Where a ray enters a wall (the slab method), or infinity. */
function entry(from: Point, dx: number, dy: number, wall: Wall): number {
  const x1 = (wall.x - from.x) / dx;
  const x2 = (wall.x + wall.width - from.x) / dx;
  const y1 = (wall.y - from.y) / dy;
  const y2 = (wall.y + wall.height - from.y) / dy;
  const near = Math.max(Math.min(x1, x2), Math.min(y1, y2));
  const far = Math.min(Math.max(x1, x2), Math.max(y1, y2));
  return near <= far && far >= 0 ? Math.max(near, 0) : Number.POSITIVE_INFINITY;
}

/** Whether nothing stands between two points. */
export function inSight(from: Point, to: Point): boolean {
  const distance = Math.hypot(to.x - from.x, to.y - from.y);
  return openDistance(from, Math.atan2(to.y - from.y, to.x - from.x), distance) >= distance;
}
