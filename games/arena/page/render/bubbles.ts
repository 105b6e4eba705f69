import type { Camera } from "../camera.ts";
import type { Pen } from "../element.ts";
import { FONT } from "../palette.ts";
import type { SeenShip } from "./ships.ts";

const SHOWN_MS = 5_000;
const LINE_HEIGHT = 17;
const WIDTH = 190;

interface Bubble {
  readonly lines: readonly string[];
  readonly width: number;
  readonly until: number;
}

/** What ships say, above them. */
export class Bubbles {
  readonly #bubbles = new Map<number, Bubble>();

  say(pen: Pen, ship: number, text: string, now: number): void {
    pen.font = `500 13px ${FONT}`;
    const lines = wrap(pen, text);
    const width = Math.max(...lines.map((line) => pen.measureText(line).width));
    this.#bubbles.set(ship, { lines, width, until: now + SHOWN_MS });
  }

  draw(pen: Pen, ships: readonly SeenShip[], camera: Camera, now: number): void {
    for (const [ship, bubble] of this.#bubbles) if (bubble.until < now) this.#bubbles.delete(ship);
    if (this.#bubbles.size === 0) return;
    pen.font = `500 13px ${FONT}`;
    pen.textAlign = "center";
    pen.textBaseline = "alphabetic";
    for (const { ship } of ships) {
      const bubble = this.#bubbles.get(ship.id);
      if (bubble === undefined) continue;
      const at = camera.toScreen(ship);
      drawBubble(pen, bubble, at.x, at.y - 41 * camera.scale - 24, Math.min((bubble.until - now) / 400, 1));
    }
    pen.globalAlpha = 1;
  }
}

function drawBubble(pen: Pen, { lines, width }: Bubble, x: number, bottom: number, alpha: number): void {
  const height = lines.length * LINE_HEIGHT + 10;
  pen.globalAlpha = alpha;
  pen.fillStyle = "#eaf1ff";
  pen.beginPath();
  pen.roundRect(x - width / 2 - 11, bottom - height, width + 22, height, 9);
  pen.moveTo(x - 6, bottom - 0.5);
  pen.lineTo(x, bottom + 6);
  pen.lineTo(x + 6, bottom - 0.5);
  pen.fill();
  pen.fillStyle = "#0d1526";
  lines.forEach((line, index) => {
    pen.fillText(line, x, bottom - height + 18 + index * LINE_HEIGHT);
  });
}

function wrap(pen: Pen, text: string): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    // A word without spaces can be longer than a bubble is wide.
    for (const piece of word.match(/.{1,24}/gu) ?? []) {
      const longer = line === "" ? piece : `${line} ${piece}`;
      if (pen.measureText(longer).width <= WIDTH) line = longer;
      else {
        if (line !== "") lines.push(line);
        line = piece;
      }
    }
  }
  return [...lines, line].slice(0, 5);
}
