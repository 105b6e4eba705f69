import type { ClientRoom } from "tickcast/client";
import type { ArenaSpec } from "../../arena.ts";
import type { Point } from "../../world.ts";
import type { Camera } from "../camera.ts";
import type { Pen } from "../element.ts";
import { shipColour } from "../palette.ts";

/** So many, the nearest; around one's own ship at this distance, in CSS pixels; for those up to this far, in units. */
const MOST = 4;
const RADIUS = 96;
const REACH = 2_200;

/** Arrowheads around one's own ship that lead to the nearest ships out of view: the map is large. */
export function drawPointers(pen: Pen, room: ClientRoom<ArenaSpec>, own: Point, camera: Camera): void {
  const away: {
    readonly x: number;
    readonly y: number;
    readonly distance: number;
    readonly colour: number;
  }[] = [];
  for (const { id, x, y, life, colour } of room.state.players) {
    if (id === room.me?.id || life === "dead" || camera.sees(x, y, 0)) continue;
    const distance = Math.hypot(x - own.x, y - own.y);
    if (distance < REACH) away.push({ x, y, distance, colour });
  }
  away.sort((a, b) => a.distance - b.distance);
  const middle = camera.toScreen(own);
  for (const { x, y, distance, colour } of away.slice(0, MOST)) {
    pen.save();
    pen.translate(middle.x, middle.y);
    pen.rotate(Math.atan2(y - own.y, x - own.x));
    pen.translate(RADIUS, 0);
    pen.globalAlpha = 0.25 + 0.6 * (1 - distance / REACH);
    pen.fillStyle = shipColour(colour).base;
    pen.beginPath();
    pen.moveTo(9, 0);
    pen.lineTo(-5, -7);
    pen.lineTo(-1, 0);
    pen.lineTo(-5, 7);
    pen.fill();
    pen.restore();
  }
}
