import { WORLD_SIZE } from "../../world.ts";
import type { Camera } from "../camera.ts";
import type { Pen } from "../element.ts";
import { SCENE } from "../palette.ts";

const PANEL = 200;
const FINE = 100;
const STRONG = 500;

/** The ground: a dark plane with a grid that makes speed visible, and the border of the map. */
export function drawFloor(pen: Pen, camera: Camera): void {
  const left = Math.max(camera.left - 40, 0);
  const right = Math.min(camera.right + 40, WORLD_SIZE);
  const top = Math.max(camera.top - 40, 0);
  const bottom = Math.min(camera.bottom + 40, WORLD_SIZE);
  pen.fillStyle = light(pen);
  pen.fillRect(left, top, right - left, bottom - top);
  drawPanels(pen, left, right, top, bottom);
  drawGrid(pen, { left, right, top, bottom }, FINE, SCENE.gridFine, 1.5);
  drawGrid(pen, { left, right, top, bottom }, STRONG, SCENE.gridStrong, 2);
  drawPlaza(pen);

  pen.strokeStyle = SCENE.border;
  pen.lineWidth = 6;
  pen.strokeRect(-3, -3, WORLD_SIZE + 6, WORLD_SIZE + 6);
}

/** Brightest in the middle of the map, so that one feels where it is. */
function light(pen: Pen): CanvasGradient {
  const centre = WORLD_SIZE / 2;
  const glow = pen.createRadialGradient(centre, centre, 0, centre, centre, WORLD_SIZE * 0.72);
  glow.addColorStop(0, SCENE.floorCentre);
  glow.addColorStop(0.45, SCENE.floor);
  glow.addColorStop(1, SCENE.floorEdge);
  return glow;
}

/** Plates of slightly different shades, always the same. */
function drawPanels(pen: Pen, left: number, right: number, top: number, bottom: number): void {
  pen.fillStyle = "#a9c4ff";
  for (let y = Math.floor(top / PANEL); y * PANEL < bottom; y++) {
    for (let x = Math.floor(left / PANEL); x * PANEL < right; x++) {
      const shade = (Math.imul(x + 31, 73_856_093) ^ Math.imul(y + 17, 19_349_663)) >>> 0;
      if (shade % 5 > 2) continue;
      pen.globalAlpha = 0.008 + (shade % 7) * 0.0035;
      pen.fillRect(x * PANEL, y * PANEL, PANEL, PANEL);
    }
  }
  pen.globalAlpha = 1;
}

function drawGrid(
  pen: Pen,
  area: { left: number; right: number; top: number; bottom: number },
  spacing: number,
  style: string,
  width: number,
): void {
  pen.beginPath();
  for (let x = Math.ceil(area.left / spacing) * spacing; x <= area.right; x += spacing) {
    pen.moveTo(x, area.top);
    pen.lineTo(x, area.bottom);
  }
  for (let y = Math.ceil(area.top / spacing) * spacing; y <= area.bottom; y += spacing) {
    pen.moveTo(area.left, y);
    pen.lineTo(area.right, y);
  }
  pen.strokeStyle = style;
  pen.lineWidth = width;
  pen.stroke();
}

/** Rings around the centre, so that one knows where it is. */
function drawPlaza(pen: Pen): void {
  const centre = WORLD_SIZE / 2;
  pen.lineWidth = 4;
  for (const [radius, style] of RINGS) {
    pen.strokeStyle = style;
    pen.beginPath();
    pen.arc(centre, centre, radius, 0, 2 * Math.PI);
    pen.stroke();
  }
}

const RINGS = [
  [70, "rgb(111 240 192 / 0.4)"],
  [160, "rgb(111 240 192 / 0.16)"],
  [1000, "rgb(125 181 255 / 0.12)"],
  [1700, "rgb(255 196 107 / 0.1)"],
] as const;
