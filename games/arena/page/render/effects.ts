import type { Point } from "../../world.ts";
import type { Camera } from "../camera.ts";
import type { Pen } from "../element.ts";
import { FONT } from "../palette.ts";

interface Particle {
  x: number;
  y: number;
  vx: number;
  vy: number;
  left: number;
  readonly lasts: number;
  readonly size: number;
  readonly colour: string;
}

interface Ring {
  readonly x: number;
  readonly y: number;
  readonly colour: string;
  readonly size: number;
  left: number;
  readonly lasts: number;
}

interface Floater {
  readonly x: number;
  y: number;
  readonly text: string;
  readonly colour: string;
  left: number;
}

/** Beyond this many the oldest go: a crowd's fireworks must not cost frames. */
const MOST_PARTICLES = 500;

/** Sparks, rings and rising numbers: they tell what happened and change nothing. */
export class Effects {
  readonly #particles: Particle[] = [];
  readonly #rings: Ring[] = [];
  readonly #floaters: Floater[] = [];
  readonly #calm: boolean;

  /** `calm`: the visitor asked for reduced motion. */
  constructor(calm: boolean) {
    this.#calm = calm;
  }

  sparks(at: Point, colour: string, count: number, speed: number): void {
    const wanted = this.#calm ? Math.ceil(count / 4) : count;
    for (let index = 0; index < wanted; index++) {
      const angle = Math.random() * 2 * Math.PI;
      const pace = speed * (0.25 + Math.random());
      const lasts = 0.2 + Math.random() * 0.45;
      this.#particles.push({
        x: at.x,
        y: at.y,
        vx: Math.cos(angle) * pace,
        vy: Math.sin(angle) * pace,
        left: lasts,
        lasts,
        size: 1.5 + Math.random() * 3,
        colour,
      });
    }
    if (this.#particles.length > MOST_PARTICLES)
      this.#particles.splice(0, this.#particles.length - MOST_PARTICLES);
  }

  ring(at: Point, colour: string, size: number): void {
    const lasts = this.#calm ? 0.2 : 0.5;
    this.#rings.push({ x: at.x, y: at.y, colour, size, left: lasts, lasts });
  }

  explosion(at: Point, colour: string): void {
    this.sparks(at, colour, 34, 330);
    this.sparks(at, "#ffe2b0", 14, 190);
    this.ring(at, colour, 110);
    this.ring(at, "#ffffff", 60);
  }

  number(at: Point, text: string, colour: string): void {
    this.#floaters.push({ x: at.x + (Math.random() - 0.5) * 26, y: at.y - 30, text, colour, left: 0.8 });
  }

  draw(pen: Pen, camera: Camera, seconds: number): void {
    age(this.#particles, seconds);
    age(this.#rings, seconds);
    age(this.#floaters, seconds);
    const drag = Math.exp(-seconds * 4);
    pen.globalCompositeOperation = "lighter";
    for (const particle of this.#particles) {
      particle.x += particle.vx * seconds;
      particle.y += particle.vy * seconds;
      particle.vx *= drag;
      particle.vy *= drag;
      if (!camera.sees(particle.x, particle.y, 10)) continue;
      pen.globalAlpha = particle.left / particle.lasts;
      pen.fillStyle = particle.colour;
      const size = particle.size;
      pen.fillRect(particle.x - size / 2, particle.y - size / 2, size, size);
    }
    for (const ring of this.#rings) {
      const part = 1 - ring.left / ring.lasts;
      pen.globalAlpha = (1 - part) * 0.8;
      pen.strokeStyle = ring.colour;
      pen.lineWidth = 7 * (1 - part) + 1;
      pen.beginPath();
      pen.arc(ring.x, ring.y, ring.size * (1 - (1 - part) ** 3), 0, 2 * Math.PI);
      pen.stroke();
    }
    pen.globalCompositeOperation = "source-over";
    pen.textAlign = "center";
    pen.font = `700 17px ${FONT}`;
    for (const floater of this.#floaters) {
      floater.y -= seconds * 46;
      pen.globalAlpha = Math.min(floater.left * 2.5, 1);
      pen.fillStyle = floater.colour;
      pen.fillText(floater.text, floater.x, floater.y);
    }
    pen.globalAlpha = 1;
  }
}

function age(things: { left: number }[], seconds: number): void {
  let kept = 0;
  for (const thing of things) {
    thing.left -= seconds;
    if (thing.left > 0) things[kept++] = thing;
  }
  things.length = kept;
}
