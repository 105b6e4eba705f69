import type { ClientRoom } from "tickcast/client";
import type { ArenaSpec } from "../../arena.ts";
import { RADAR_SIDE } from "../../arena.ts";
import { CELL, middleOfSquare } from "../../view.ts";
import { type Point, WALLS, WORLD_SIZE } from "../../world.ts";
import type { Camera } from "../camera.ts";
import { blankCanvas, contextOf, type Pen } from "../element.ts";
import { PICKUP_COLOURS, shipColour } from "../palette.ts";
import type { WatchedStream } from "../stream-watch.ts";
import { drawCellsOnMap } from "./cells.ts";
import { edgeOf } from "./walls.ts";

/**
 * The whole map in a corner: walls, whoever is in sight, and what the window shows of it. Of the rest it knows what
 * the radar tells: where it is crowded, and roughly where the leader flies.
 */
export class Minimap {
  readonly #pen: Pen;
  readonly #size: number;
  readonly #ground: HTMLCanvasElement;

  constructor(canvas: HTMLCanvasElement) {
    this.#pen = contextOf(canvas);
    this.#size = canvas.width;
    this.#ground = ground(this.#size);
  }

  draw(room: ClientRoom<ArenaSpec>, camera: Camera, streams: readonly WatchedStream[]): void {
    const pen = this.#pen;
    const scale = this.#size / WORLD_SIZE;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, this.#size, this.#size);
    drawRadar(pen, room.state.radar.ships, scale);
    pen.drawImage(this.#ground, 0, 0);
    drawCellsOnMap(pen, streams, scale);
    for (const { x, y, kind } of room.state.pickups) {
      pen.fillStyle = PICKUP_COLOURS[kind];
      pen.globalAlpha = 0.7;
      pen.fillRect(x * scale - 2, y * scale - 2, 4, 4);
    }
    pen.globalAlpha = 1;
    for (const ship of room.state.players) {
      if (ship.life === "dead" || ship.id === room.me?.id) continue;
      pen.globalAlpha = ship.life === "away" ? 0.35 : 1;
      dot(pen, ship.x * scale, ship.y * scale, 4, shipColour(ship.colour).base);
    }
    pen.globalAlpha = 1;
    drawLeader(pen, room, scale);
    const { me } = room;
    if (me !== undefined) {
      dot(pen, me.x * scale, me.y * scale, 7, "rgb(255 255 255 / 0.35)");
      dot(pen, me.x * scale, me.y * scale, 4.5, "#fff");
    }
    pen.strokeStyle = "rgb(255 255 255 / 0.3)";
    pen.lineWidth = 1.5;
    const width = (camera.right - camera.left) * scale;
    const height = (camera.bottom - camera.top) * scale;
    pen.strokeRect(camera.left * scale, camera.top * scale, width, height);
  }
}

/** Soft spots, the warmer the more ships fly there. */
function drawRadar(pen: Pen, ships: Uint8Array, scale: number): void {
  const most = Math.max(4, ...ships);
  ships.forEach((count, square) => {
    if (count === 0) return;
    const { x, y } = middleOfSquare(square);
    const part = count / most;
    const radius = CELL * scale * 0.95;
    const glow = pen.createRadialGradient(x * scale, y * scale, 0, x * scale, y * scale, radius);
    const colour = `${Math.round(210 + 175 * part)} 85% 62%`;
    glow.addColorStop(0, `hsl(${colour} / ${(0.08 + 0.48 * part * part).toFixed(2)})`);
    glow.addColorStop(1, `hsl(${colour} / 0)`);
    pen.fillStyle = glow;
    pen.fillRect(x * scale - radius, y * scale - radius, 2 * radius, 2 * radius);
  });
}

/** A crown where the leader flies: in their square, or at them where they are in sight. */
function drawLeader(pen: Pen, room: ClientRoom<ArenaSpec>, scale: number): void {
  const { leaders, radar } = room.state;
  if (radar.leader >= RADAR_SIDE ** 2) return;
  let seen: Point | undefined;
  for (const { place, ship } of leaders) if (place === 1) seen = ship;
  const { x, y } = seen ?? middleOfSquare(radar.leader);
  pen.save();
  pen.translate(x * scale, y * scale - (seen === undefined ? 0 : 11));
  pen.fillStyle = "#ffc46b";
  pen.strokeStyle = "rgb(6 9 16 / 0.8)";
  pen.lineWidth = 2;
  pen.beginPath();
  pen.moveTo(-8, 6);
  pen.lineTo(-9, -5);
  pen.lineTo(-4, 0);
  pen.lineTo(0, -8);
  pen.lineTo(4, 0);
  pen.lineTo(9, -5);
  pen.lineTo(8, 6);
  pen.closePath();
  pen.stroke();
  pen.fill();
  pen.restore();
}

function dot(pen: Pen, x: number, y: number, radius: number, style: string): void {
  pen.fillStyle = style;
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fill();
}

function ground(size: number): HTMLCanvasElement {
  const { canvas, pen } = blankCanvas(size, size);
  const scale = size / WORLD_SIZE;
  pen.globalAlpha = 0.75;
  for (const wall of WALLS) {
    pen.fillStyle = edgeOf(wall);
    pen.fillRect(wall.x * scale, wall.y * scale, wall.width * scale, wall.height * scale);
  }
  return canvas;
}
