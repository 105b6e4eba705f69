import type { ClientRoom } from "tickcast/client";
import { type ArenaSpec, type Bullet, TICKS_PER_SECOND } from "../../arena.ts";
import { BULLET_RANGE, MUZZLE, positionAt } from "../../bullets.ts";
import { openDistance, type Point } from "../../world.ts";
import type { Camera } from "../camera.ts";
import type { Pen } from "../element.ts";
import { shipColour } from "../palette.ts";

interface Trail {
  readonly bullet: Readonly<Bullet>;
  readonly reach: number;
  readonly colour: string;
  /** The tick in which the room removed it. */
  endsAt: number;
  /** Whether something was hit at the end. */
  strikes: boolean;
}

const LENGTH = 46;
/** A bullet that is farther from its ship than this when it comes into sight was fired elsewhere before. */
const AT_MUZZLE = MUZZLE + 40;
/** What left sight flies on for so many ticks: until the drawn tick is where it left. */
const LINGER_TICKS = 3;

/**
 * Bullets between their birth and their end. The room says each once, and again where it comes into another
 * cell; here they fly, and they end when the drawn tick gets to the one in which the room ended them.
 */
export class BulletTrails {
  readonly #trails = new Map<number, Trail>();

  constructor(room: ClientRoom<ArenaSpec>, fired: (bullet: Readonly<Bullet>) => void) {
    room.state.bullets.onAdd((bullet) => {
      const reach = Math.min(openDistance(bullet, bullet.heading, BULLET_RANGE), BULLET_RANGE);
      const colour = shipColour(bullet.by?.colour).base;
      this.#trails.set(bullet.id, {
        bullet: { ...bullet },
        reach,
        colour,
        endsAt: Number.POSITIVE_INFINITY,
        strikes: true,
      });
      const { by } = bullet;
      if (by !== undefined && Math.hypot(by.x - bullet.x, by.y - bullet.y) < AT_MUZZLE) fired(bullet);
    });
    room.state.bullets.onLeaveSight((bullet) => {
      const trail = this.#trails.get(bullet.id);
      if (trail === undefined) return;
      trail.endsAt = room.tick + LINGER_TICKS;
      trail.strikes = false;
    });
    room.state.bullets.onRemove((bullet) => {
      // A page that is not seen draws nothing, so nothing would end its trails.
      if (document.hidden) this.#trails.delete(bullet.id);
      const trail = this.#trails.get(bullet.id);
      if (trail !== undefined) trail.endsAt = room.tick;
    });
  }

  draw(pen: Pen, camera: Camera, tick: number, ended: (at: Point, colour: string) => void): void {
    pen.lineCap = "round";
    pen.globalCompositeOperation = "lighter";
    for (const [id, trail] of this.#trails) {
      const { bullet, reach, colour } = trail;
      const over = tick >= trail.endsAt - 0.3;
      const at = positionAt(bullet, Math.min(tick, trail.endsAt - 0.3), TICKS_PER_SECOND, reach);
      if (over) {
        this.#trails.delete(id);
        if (trail.strikes) ended(at, colour);
        continue;
      }
      if (tick < bullet.bornAt || !camera.sees(at.x, at.y, LENGTH)) continue;
      drawTrail(pen, at, bullet, colour);
    }
    pen.globalCompositeOperation = "source-over";
  }
}

function drawTrail(pen: Pen, at: Point, bullet: Readonly<Bullet>, colour: string): void {
  const flown = Math.hypot(at.x - bullet.x, at.y - bullet.y);
  const length = Math.min(LENGTH, flown + 6);
  const backX = Math.cos(bullet.heading);
  const backY = Math.sin(bullet.heading);
  pen.strokeStyle = colour;
  // Three strokes, ever shorter and brighter: a gradient per bullet costs more than all of them.
  for (const [part, width, alpha] of STROKES) {
    pen.globalAlpha = alpha;
    pen.lineWidth = width;
    pen.beginPath();
    pen.moveTo(at.x - backX * length * part, at.y - backY * length * part);
    pen.lineTo(at.x, at.y);
    pen.stroke();
  }
  pen.globalAlpha = 1;
  pen.fillStyle = "#fff";
  pen.beginPath();
  pen.arc(at.x, at.y, 2.6, 0, 2 * Math.PI);
  pen.fill();
}

const STROKES = [
  [1, 5, 0.25],
  [0.6, 7, 0.35],
  [0.3, 9, 0.55],
] as const;
