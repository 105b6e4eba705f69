import { CELL } from "../../view.ts";
import { WORLD_SIZE } from "../../world.ts";
import type { Camera } from "../camera.ts";
import type { Pen } from "../element.ts";
import { FONT } from "../palette.ts";
import { type CellPlace, nameOf, type WatchedStream } from "../stream-watch.ts";

/** The last frame's flash fades over so long. */
const FLASH_MS = 450;
/** A cell that carries so much shines as brightly as it can. */
const HOT_BYTES = 3_000;

/** The grid that rows are seen by, and on it the cells that are followed: the warmer, the more they carry. */
export function drawCells(pen: Pen, streams: readonly WatchedStream[], camera: Camera, now: number): void {
  pen.save();
  for (const { cell, bytesPerSecond, heardAt } of streams) {
    if (cell === undefined) continue;
    const { x, y, width, height } = boundsOf(cell);
    pen.fillStyle = heat(bytesPerSecond);
    pen.globalAlpha = 0.04 + 0.1 * warmth(bytesPerSecond) + 0.06 * flash(now, heardAt);
    pen.fillRect(x, y, width, height);
    pen.globalAlpha = 0.35 + 0.5 * flash(now, heardAt);
    pen.strokeStyle = heat(bytesPerSecond);
    pen.lineWidth = 2 / camera.scale;
    pen.strokeRect(x + 3, y + 3, width - 6, height - 6);
  }
  pen.globalAlpha = 1;
  drawGrid(pen, camera);
  pen.restore();
}

/** Their names and what they carry, in the middle of what the window shows of each; in CSS pixels. */
export function drawCellLabels(pen: Pen, streams: readonly WatchedStream[], camera: Camera): void {
  pen.save();
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  for (const { cell, rows, bytesPerSecond } of streams) {
    if (cell === undefined) continue;
    const bounds = boundsOf(cell);
    const from = camera.toScreen(bounds);
    const to = camera.toScreen({ x: bounds.x + bounds.width, y: bounds.y + bounds.height });
    const [left, right] = [Math.max(from.x, 0), Math.min(to.x, camera.width)];
    const [top, bottom] = [Math.max(from.y, 0), Math.min(to.y, camera.height)];
    if (right - left < 100 || bottom - top < 50) continue;
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    pen.globalAlpha = 0.8;
    pen.fillStyle = heat(bytesPerSecond);
    pen.font = `700 18px ${FONT}`;
    pen.fillText(nameOf(cell), x, y - 9);
    pen.font = `500 11px ${FONT}`;
    pen.fillText(`${rows} rows · ${(bytesPerSecond / 1_000).toFixed(1)} kB/s`, x, y + 9);
  }
  pen.restore();
}

/** The same on a map of the whole world, in the pen's own scale. */
export function drawCellsOnMap(pen: Pen, streams: readonly WatchedStream[], scale: number): void {
  for (const { cell, bytesPerSecond } of streams) {
    if (cell === undefined) continue;
    const { x, y, width, height } = boundsOf(cell);
    pen.fillStyle = heat(bytesPerSecond);
    pen.globalAlpha = 0.12 + 0.2 * warmth(bytesPerSecond);
    pen.fillRect(x * scale, y * scale, width * scale, height * scale);
    pen.globalAlpha = 0.8;
    pen.strokeStyle = heat(bytesPerSecond);
    pen.lineWidth = 1.5;
    pen.strokeRect(x * scale + 1, y * scale + 1, width * scale - 2, height * scale - 2);
  }
  pen.globalAlpha = 1;
}

/** From cool to warm by what a stream carries in a second. */
export function heat(bytesPerSecond: number): string {
  return `hsl(${Math.round(172 - 140 * warmth(bytesPerSecond))} 85% 64%)`;
}

export function warmth(bytesPerSecond: number): number {
  return Math.min(Math.sqrt(bytesPerSecond / HOT_BYTES), 1);
}

export function flash(now: number, heardAt: number): number {
  return Math.max(0, 1 - (now - heardAt) / FLASH_MS);
}

function boundsOf({ column, line }: CellPlace): { x: number; y: number; width: number; height: number } {
  const [x, y] = [column * CELL, line * CELL];
  return { x, y, width: Math.min(CELL, WORLD_SIZE - x), height: Math.min(CELL, WORLD_SIZE - y) };
}

function drawGrid(pen: Pen, camera: Camera): void {
  pen.strokeStyle = "rgb(232 238 249 / 0.3)";
  pen.lineWidth = 1.5 / camera.scale;
  pen.setLineDash([10, 8]);
  pen.beginPath();
  for (let at = 0; at < WORLD_SIZE + CELL; at += CELL) {
    const line = Math.min(at, WORLD_SIZE);
    pen.moveTo(line, 0);
    pen.lineTo(line, WORLD_SIZE);
    pen.moveTo(0, line);
    pen.lineTo(WORLD_SIZE, line);
  }
  pen.stroke();
}
