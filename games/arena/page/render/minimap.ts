import type { ClientRoom } from "tickcast/client";
import type { ArenaSpec } from "../../arena.ts";
import { WALLS, WORLD_SIZE } from "../../world.ts";
import type { Camera } from "../camera.ts";
import { blankCanvas, contextOf, type Pen } from "../element.ts";
import { PICKUP_COLOURS, shipColour } from "../palette.ts";
import { edgeOf } from "./walls.ts";

/** The whole map in a corner: walls, finds, everybody, and what the window shows of it. */
export class Minimap {
  readonly #pen: Pen;
  readonly #size: number;
  readonly #ground: HTMLCanvasElement;

  constructor(canvas: HTMLCanvasElement) {
    this.#pen = contextOf(canvas);
    this.#size = canvas.width;
    this.#ground = ground(this.#size);
  }

  draw(room: ClientRoom<ArenaSpec>, camera: Camera): void {
    const pen = this.#pen;
    const scale = this.#size / WORLD_SIZE;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, this.#size, this.#size);
    pen.drawImage(this.#ground, 0, 0);
    for (const { x, y, kind } of room.state.pickups) {
      pen.fillStyle = PICKUP_COLOURS[kind];
      pen.globalAlpha = 0.7;
      pen.fillRect(x * scale - 2, y * scale - 2, 4, 4);
    }
    pen.globalAlpha = 1;
    for (const ship of room.state.players) {
      if (ship.life === "dead" || ship.id === room.me?.id) continue;
      dot(pen, ship.x * scale, ship.y * scale, 4, shipColour(ship.colour).base);
    }
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
