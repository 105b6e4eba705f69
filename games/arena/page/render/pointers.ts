import type { ClientRoom } from "tickcast/client";
import type { ArenaSpec } from "../../arena.ts";
import { isFlying } from "../../combat.ts";
import { squareOf } from "../../overview.ts";
import { middleOfSquare } from "../../view.ts";
import type { Point } from "../../world.ts";
import type { Camera } from "../camera.ts";
import type { Pen } from "../element.ts";
import { shipColour } from "../palette.ts";

/** So many, the nearest; around one's own ship at this distance, in CSS pixels. */
const MOST = 4;
const RADIUS = 96;
/** The farthest that a ship in sight can be, in units. */
const REACH = 1_000;
const NOBODYS = -1;

/**
 * Arrowheads around one's own ship that lead to the nearest ships out of the window. Where nobody at all is in
 * sight, one leads to the nearest square of the radar with somebody in it: the map is large.
 */
export function drawPointers(pen: Pen, room: ClientRoom<ArenaSpec>, own: Point, camera: Camera): void {
  const away: {
    readonly x: number;
    readonly y: number;
    readonly distance: number;
    readonly colour: number;
  }[] = [];
  for (const { id, x, y, life, colour } of room.state.players) {
    if (id === room.me?.id || !isFlying({ life }) || camera.sees(x, y, 0)) continue;
    const distance = Math.hypot(x - own.x, y - own.y);
    if (distance < REACH) away.push({ x, y, distance, colour });
  }
  if (away.length === 0 && room.state.players.size <= 1) {
    const goal = nearestCompany(room.state.radar.ships, own);
    if (goal !== undefined) away.push({ ...goal, distance: REACH / 3, colour: NOBODYS });
  }
  away.sort((a, b) => a.distance - b.distance);
  const middle = camera.toScreen(own);
  for (const { x, y, distance, colour } of away.slice(0, MOST)) {
    pen.save();
    pen.translate(middle.x, middle.y);
    pen.rotate(Math.atan2(y - own.y, x - own.x));
    pen.translate(RADIUS, 0);
    pen.globalAlpha = 0.25 + 0.6 * (1 - distance / REACH);
    pen.fillStyle = colour === NOBODYS ? "#ffffff" : shipColour(colour).base;
    pen.beginPath();
    pen.moveTo(9, 0);
    pen.lineTo(-5, -7);
    pen.lineTo(-1, 0);
    pen.lineTo(-5, 7);
    pen.fill();
    pen.restore();
  }
}

/** The middle of the nearest square where somebody else flies. */
function nearestCompany(radar: Uint8Array, own: Point): Point | undefined {
  const here = squareOf(own);
  let nearest: Point | undefined;
  let least = Number.POSITIVE_INFINITY;
  radar.forEach((ships, square) => {
    if (ships === 0 || square === here) return;
    const middle = middleOfSquare(square);
    const distance = Math.hypot(middle.x - own.x, middle.y - own.y);
    if (distance >= least) return;
    nearest = middle;
    least = distance;
  });
  return nearest;
}
