import { LONG_SIGHT, middleOf, SHORT_SIGHT } from "../../view.ts";
import type { Point } from "../../world.ts";
import type { Camera } from "../camera.ts";
import type { Pen } from "../element.ts";

/** How wide the edge is, and how far within the sight it ends: what is drawn is some ticks old. */
const SOFT = 60;
const SLACK = 15;

/**
 * Darkness beyond what is surely seen. A window shows less than that, so only a view that hurries after its ship
 * meets it: there ships do not pop out of nothing, they come out of the dark.
 */
export function drawFog(pen: Pen, own: Point, camera: Camera): void {
  const middle = middleOf(own, camera.shape);
  const [across, down] = camera.shape === "wide" ? [LONG_SIGHT, SHORT_SIGHT] : [SHORT_SIGHT, LONG_SIGHT];
  const [left, right] = [middle.x - across + SLACK, middle.x + across - SLACK];
  const [top, bottom] = [middle.y - down + SLACK, middle.y + down - SLACK];
  const { left: l, top: t, right: r, bottom: b } = camera;
  if (l < left + SOFT) band(pen, l, t, left + SOFT - l, b - t, [left + SOFT, 0, left, 0]);
  if (r > right - SOFT) band(pen, right - SOFT, t, r - right + SOFT, b - t, [right - SOFT, 0, right, 0]);
  if (t < top + SOFT) band(pen, l, t, r - l, top + SOFT - t, [0, top + SOFT, 0, top]);
  if (b > bottom - SOFT) band(pen, l, bottom - SOFT, r - l, b - bottom + SOFT, [0, bottom - SOFT, 0, bottom]);
}

function band(
  pen: Pen,
  x: number,
  y: number,
  width: number,
  height: number,
  [fromX, fromY, toX, toY]: readonly [number, number, number, number],
): void {
  const dusk = pen.createLinearGradient(fromX, fromY, toX, toY);
  dusk.addColorStop(0, "rgb(7 10 17 / 0)");
  dusk.addColorStop(1, "rgb(7 10 17 / 0.88)");
  pen.fillStyle = dusk;
  pen.fillRect(x, y, width, height);
}
