import { WALLS, type Wall, WORLD_SIZE } from "../../world.ts";
import type { Camera } from "../camera.ts";
import type { Pen } from "../element.ts";
import { SCENE } from "../palette.ts";

/** How much farther from the middle of the view a roof is drawn than its foot: the walls' height. */
const RISE = 1.028;

/** The shadows of walls, below ships. */
export function drawWallShadows(pen: Pen, camera: Camera): void {
  pen.fillStyle = SCENE.shadow;
  pen.beginPath();
  for (const wall of seen(camera)) pen.rect(wall.x + 8, wall.y + 14, wall.width + 6, wall.height + 8);
  pen.fill();
}

/** Walls as blocks with a height, seen from above the middle of the view; drawn over ships. */
export function drawWalls(pen: Pen, camera: Camera): void {
  const walls = seen(camera);
  for (const wall of walls) drawSides(pen, camera, wall);
  // All roofs after all sides: where two walls meet, no side shows through the neighbour's roof.
  for (const wall of walls) drawRoof(pen, camera, wall);
}

function drawSides(pen: Pen, { x, y }: Camera, wall: Wall): void {
  const right = wall.x + wall.width;
  const bottom = wall.y + wall.height;
  const roofX = risen(wall.x, x);
  const roofY = risen(wall.y, y);
  const roofRight = risen(right, x);
  const roofBottom = risen(bottom, y);
  pen.fillStyle = SCENE.sideDark;
  if (wall.y > y) quad(pen, wall.x, wall.y, right, wall.y, roofRight, roofY, roofX, roofY);
  if (bottom < y) quad(pen, wall.x, bottom, right, bottom, roofRight, roofBottom, roofX, roofBottom);
  pen.fillStyle = SCENE.sideLight;
  if (wall.x > x) quad(pen, wall.x, wall.y, wall.x, bottom, roofX, roofBottom, roofX, roofY);
  if (right < x) quad(pen, right, wall.y, right, bottom, roofRight, roofBottom, roofRight, roofY);
}

function drawRoof(pen: Pen, { x, y }: Camera, wall: Wall): void {
  const [left, top, width, height] = [
    risen(wall.x, x),
    risen(wall.y, y),
    wall.width * RISE,
    wall.height * RISE,
  ];
  pen.fillStyle = SCENE.roof;
  pen.fillRect(left, top, width, height);
  pen.strokeStyle = edgeOf(wall);
  pen.lineWidth = 2;
  pen.strokeRect(left + 1, top + 1, width - 2, height - 2);
}

/** Where a roof's coordinate is drawn, given its foot's and the middle of the view. */
function risen(foot: number, middle: number): number {
  return middle + (foot - middle) * RISE;
}

function seen(camera: Camera): Wall[] {
  return WALLS.filter(
    (wall) =>
      wall.x < camera.right + 40 &&
      wall.x + wall.width > camera.left - 40 &&
      wall.y < camera.bottom + 40 &&
      wall.y + wall.height > camera.top - 40,
  );
}

function quad(
  pen: Pen,
  ...corners: readonly [number, number, number, number, number, number, number, number]
): void {
  const [ax, ay, bx, by, cx, cy, dx, dy] = corners;
  pen.beginPath();
  pen.moveTo(ax, ay);
  pen.lineTo(bx, by);
  pen.lineTo(cx, cy);
  pen.lineTo(dx, dy);
  pen.fill();
}

/** The colour of a wall's edge. */
export function edgeOf(wall: Wall): string {
  const out = Math.hypot(wall.x + wall.width / 2 - WORLD_SIZE / 2, wall.y + wall.height / 2 - WORLD_SIZE / 2);
  return SCENE.edges[out < 500 ? 0 : out < 1_450 ? 1 : 2];
}
