import type { Ship } from "../../arena.ts";
import { FULL_HP, FULL_SHIELD } from "../../combat.ts";
import { type Point, SHIP_RADIUS } from "../../world.ts";
import type { Camera } from "../camera.ts";
import type { Pen } from "../element.ts";
import type { Hull } from "../hulls.ts";
import { FONT, shipColour } from "../palette.ts";
import { drawSprite, shipSprite } from "./ship-sprites.ts";

/** A ship as of the drawn moment. */
export interface SeenShip {
  readonly ship: Readonly<Ship>;
  readonly hull: Hull;
  /** Where the turret points: one's own already where one aims. */
  readonly aim: number;
  readonly mine: boolean;
  /** The one that the view goes with. */
  readonly ringed: boolean;
}

const TURN = 2 * Math.PI;

export function drawShips(pen: Pen, ships: readonly SeenShip[], now: number): void {
  pen.fillStyle = "rgb(0 0 0 / 0.4)";
  pen.beginPath();
  for (const { ship } of ships) {
    if (ship.life === "away") continue;
    pen.moveTo(ship.x + 6 + SHIP_RADIUS, ship.y + 10);
    pen.arc(ship.x + 6, ship.y + 10, SHIP_RADIUS + 1, 0, TURN);
  }
  pen.fill();

  for (const { ship, hull, aim, ringed } of ships) {
    if (ringed) drawOwnRing(pen, ship);
    pen.globalAlpha = opacityOf(ship.life, now);
    const sprite = shipSprite(ship.colour);
    drawSprite(pen, sprite.hull, ship.x, ship.y, hull.heading);
    drawSprite(pen, sprite.turret, ship.x, ship.y, aim);
    pen.globalAlpha = 1;
    if (ship.shield > 0 && ship.life !== "away") drawShield(pen, ship, ship.shield / FULL_SHIELD);
  }
}

/** Names and health, in CSS pixels so that they stay legible however far out the view is. */
export function drawShipLabels(pen: Pen, ships: readonly SeenShip[], camera: Camera): void {
  pen.textAlign = "center";
  pen.textBaseline = "alphabetic";
  pen.lineJoin = "round";
  for (const { ship, mine } of ships) {
    const at = camera.toScreen(ship);
    const top = at.y - (SHIP_RADIUS + 17) * camera.scale;
    const away = ship.life === "away";
    pen.globalAlpha = away ? 0.6 : 1;
    if (away) drawAwayMark(pen, at.x, top);
    else if (!mine) drawHealth(pen, at.x, top, ship.hp / FULL_HP);
    pen.font = `600 12px ${FONT}`;
    pen.strokeStyle = "rgb(6 9 16 / 0.85)";
    pen.lineWidth = 3.5;
    const label = ship.wins > 0 ? `★ ${ship.name}` : ship.name;
    pen.strokeText(label, at.x, top - 6);
    pen.fillStyle = mine ? "#ffffff" : ship.bot ? "#a8b5cb" : shipColour(ship.colour).light;
    pen.fillText(label, at.x, top - 6);
  }
  pen.globalAlpha = 1;
}

/** A ghost breathes: there, but not to be touched. Of who is away a shade stands there. */
function opacityOf(life: Ship["life"], now: number): number {
  if (life === "away") return 0.3;
  return life === "ghost" ? 0.45 + 0.25 * Math.sin(now / 110) : 1;
}

/** In place of the health, which nobody changes. */
function drawAwayMark(pen: Pen, x: number, y: number): void {
  pen.font = `600 10px ${FONT}`;
  const width = pen.measureText("away").width + 12;
  pen.fillStyle = "rgb(6 9 16 / 0.75)";
  pen.beginPath();
  pen.roundRect(x - width / 2, y - 2, width, 14, 7);
  pen.fill();
  pen.fillStyle = "#d5deee";
  pen.fillText("away", x, y + 8.5);
}

function drawOwnRing(pen: Pen, { x, y }: Point): void {
  pen.strokeStyle = "rgb(255 255 255 / 0.22)";
  pen.lineWidth = 2;
  pen.beginPath();
  pen.arc(x, y, SHIP_RADIUS + 13, 0, TURN);
  pen.stroke();
}

function drawShield(pen: Pen, { x, y }: Point, strength: number): void {
  pen.strokeStyle = `rgb(125 181 255 / ${0.35 + 0.55 * strength})`;
  pen.lineWidth = 3;
  pen.beginPath();
  pen.arc(x, y, SHIP_RADIUS + 8, -Math.PI / 2, -Math.PI / 2 + TURN * strength);
  pen.stroke();
}

function drawHealth(pen: Pen, x: number, y: number, part: number): void {
  const width = 42;
  pen.fillStyle = "rgb(6 9 16 / 0.75)";
  pen.beginPath();
  pen.roundRect(x - width / 2 - 1, y - 1, width + 2, 6, 3);
  pen.fill();
  pen.fillStyle = part > 0.35 ? "#6ff0c0" : "#ff6f7d";
  pen.beginPath();
  pen.roundRect(x - width / 2, y, Math.max(width * part, 2), 4, 2);
  pen.fill();
}
