import { blankCanvas, type Pen } from "../element.ts";
import { SHIP_COLOURS, type ShipColour, shipColour } from "../palette.ts";

/** Pixels a unit; ships are drawn this much larger and scaled down, for sharp edges on dense screens. */
const DETAIL = 3;
const SIZE = 96;

/** A hover tank in two parts, each looking along +x around the middle of a square of `SIZE` units. */
export interface ShipSprite {
  readonly hull: HTMLCanvasElement;
  readonly turret: HTMLCanvasElement;
}

const sprites = new Map<ShipColour, ShipSprite>();

export function shipSprite(colour: number): ShipSprite {
  const look = shipColour(colour);
  let sprite = sprites.get(look);
  if (sprite === undefined) {
    sprite = { hull: paint((pen) => paintHull(pen, look)), turret: paint((pen) => paintTurret(pen, look)) };
    sprites.set(look, sprite);
  }
  return sprite;
}

export function drawSprite(pen: Pen, sprite: HTMLCanvasElement, x: number, y: number, heading: number): void {
  pen.save();
  pen.translate(x, y);
  pen.rotate(heading);
  pen.drawImage(sprite, -SIZE / 2, -SIZE / 2, SIZE, SIZE);
  pen.restore();
}

/** Small pictures of all ships, for the join screen. */
export function shipPortraits(): readonly { readonly name: string; readonly picture: HTMLCanvasElement }[] {
  return SHIP_COLOURS.map(({ name }, colour) => {
    const { canvas, pen } = blankCanvas(96, 96);
    const { hull, turret } = shipSprite(colour);
    pen.translate(48, 55);
    pen.scale(1.45, 1.45);
    drawSprite(pen, hull, 0, 0, -Math.PI / 2);
    drawSprite(pen, turret, 0, 0, -Math.PI / 2);
    return { name, picture: canvas };
  });
}

function paint(draw: (pen: Pen) => void): HTMLCanvasElement {
  const { canvas, pen } = blankCanvas(SIZE * DETAIL, SIZE * DETAIL);
  pen.scale(DETAIL, DETAIL);
  pen.translate(SIZE / 2, SIZE / 2);
  draw(pen);
  return canvas;
}

function paintHull(pen: Pen, { base, dark, light }: ShipColour): void {
  pen.lineJoin = "round";
  // Skids.
  for (const side of [-1, 1]) {
    pen.fillStyle = dark;
    pen.beginPath();
    pen.roundRect(-22, side * 17 - 5.5, 42, 11, 5);
    pen.fill();
    pen.strokeStyle = "rgb(0 0 0 / 0.5)";
    pen.lineWidth = 1.5;
    pen.stroke();
    pen.fillStyle = light;
    pen.fillRect(-16, side * 17 - 1, 9, 2);
    pen.fillRect(2, side * 17 - 1, 9, 2);
  }
  // Body.
  const metal = pen.createLinearGradient(0, -16, 0, 16);
  metal.addColorStop(0, light);
  metal.addColorStop(0.45, base);
  metal.addColorStop(1, dark);
  pen.beginPath();
  pen.moveTo(25, 0);
  pen.lineTo(15, -13);
  pen.lineTo(-14, -15);
  pen.lineTo(-21, -8);
  pen.lineTo(-21, 8);
  pen.lineTo(-14, 15);
  pen.lineTo(15, 13);
  pen.closePath();
  pen.fillStyle = metal;
  pen.fill();
  pen.strokeStyle = "rgb(4 8 16 / 0.75)";
  pen.lineWidth = 2;
  pen.stroke();
  // Vents and the light at the bow.
  pen.fillStyle = "rgb(4 8 16 / 0.4)";
  pen.fillRect(-19, -6, 3, 12);
  pen.fillStyle = "rgb(255 255 255 / 0.85)";
  pen.beginPath();
  pen.arc(19, 0, 2.2, 0, 2 * Math.PI);
  pen.fill();
}

function paintTurret(pen: Pen, { base, dark, light }: ShipColour): void {
  pen.fillStyle = dark;
  pen.strokeStyle = "rgb(4 8 16 / 0.8)";
  pen.lineWidth = 1.8;
  pen.beginPath();
  pen.roundRect(4, -4.2, 29, 8.4, 2.5);
  pen.fill();
  pen.stroke();
  pen.fillStyle = light;
  pen.fillRect(27, -4.2, 4, 8.4);
  const dome = pen.createRadialGradient(-3, -4, 1, 0, 0, 12);
  dome.addColorStop(0, "#fff");
  dome.addColorStop(0.35, light);
  dome.addColorStop(1, base);
  pen.fillStyle = dome;
  pen.beginPath();
  pen.arc(0, 0, 11, 0, 2 * Math.PI);
  pen.fill();
  pen.stroke();
}
