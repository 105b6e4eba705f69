import type { PickupKind } from "../../arena.ts";
import { PICKUP_RADIUS } from "../../pickups.ts";
import type { Pen } from "../element.ts";
import { PICKUP_COLOURS } from "../palette.ts";

/** A pickup on its pad: a hexagon with a sign, told apart by shape as well as by colour. */
export function drawPickup(
  pen: Pen,
  kind: PickupKind,
  x: number,
  y: number,
  now: number,
  still: boolean,
): void {
  const colour = PICKUP_COLOURS[kind];
  const phase = still ? 0 : now / 600 + x;
  const lift = 3 * Math.sin(phase);
  pen.fillStyle = "rgb(0 0 0 / 0.35)";
  pen.beginPath();
  pen.ellipse(x + 3, y + 12, 15 - lift * 0.5, 7, 0, 0, 2 * Math.PI);
  pen.fill();

  pen.save();
  pen.translate(x, y - 3 + lift);
  pen.globalAlpha = 0.16 + 0.06 * Math.sin(phase * 1.7);
  pen.fillStyle = colour;
  pen.beginPath();
  pen.arc(0, 0, PICKUP_RADIUS + 12, 0, 2 * Math.PI);
  pen.fill();
  pen.globalAlpha = 1;
  hexagon(pen, PICKUP_RADIUS);
  pen.fillStyle = "#121b2e";
  pen.fill();
  pen.strokeStyle = colour;
  pen.lineWidth = 2.5;
  pen.stroke();
  pen.lineCap = "round";
  pen.lineJoin = "round";
  pen.lineWidth = 3.2;
  SIGNS[kind](pen);
  pen.restore();
}

function hexagon(pen: Pen, radius: number): void {
  pen.beginPath();
  for (let corner = 0; corner < 6; corner++) {
    const angle = (corner / 6) * 2 * Math.PI + Math.PI / 6;
    pen.lineTo(Math.cos(angle) * radius, Math.sin(angle) * radius);
  }
  pen.closePath();
}

const SIGNS: Readonly<Record<PickupKind, (pen: Pen) => void>> = {
  health: (pen) => lines(pen, [-6, 0, 6, 0], [0, -6, 0, 6]),
  rapid: (pen) => lines(pen, [-7, -5, -2, 0, -7, 5], [1, -5, 6, 0, 1, 5]),
  spread: (pen) => lines(pen, [-6, 0, 6, 0], [-6, 0, 5, -6], [-6, 0, 5, 6]),
  shield: (pen) => lines(pen, [-6, -5, 0, -8, 6, -5, 6, 1, 0, 8, -6, 1, -6, -5]),
};

function lines(pen: Pen, ...paths: readonly (readonly number[])[]): void {
  pen.beginPath();
  for (const path of paths) {
    for (let index = 0; index < path.length; index += 2) {
      const [x, y] = [path[index] ?? 0, path[index + 1] ?? 0];
      if (index === 0) pen.moveTo(x, y);
      else pen.lineTo(x, y);
    }
  }
  pen.stroke();
}
