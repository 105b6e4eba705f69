import { LONG_VIEW, OUTSIDE, SHORT_VIEW, type Shape } from "../view.ts";
import { type Point, WORLD_SIZE } from "../world.ts";
import type { Pen } from "./element.ts";

/** How far the view leads towards the aim, in units. */
const LEAD = 40;
/** How fast the view follows: it is this many times as far behind as it closes in a second. */
const EAGERNESS = 12;
/** Farther than this the view does not travel through what is not in sight, but is there at once. */
const JUMP = 420;

/** What part of the world the window shows. */
export class Camera {
  x = WORLD_SIZE / 2;
  y = WORLD_SIZE / 2;
  width = 1;
  height = 1;
  scale = 1;
  shape: Shape = "wide";
  /** How much larger everything is than to a player; spectators choose. */
  zoom = 1;
  #pixelRatio = 1;
  #shake = 0;
  #shakenX = 0;
  #shakenY = 0;

  resize(canvas: HTMLCanvasElement): void {
    this.width = innerWidth;
    this.height = innerHeight;
    this.#pixelRatio = Math.min(devicePixelRatio, 2);
    const [width, height] = [
      Math.round(innerWidth * this.#pixelRatio),
      Math.round(innerHeight * this.#pixelRatio),
    ];
    // Setting a canvas's size clears it, even to the same value.
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    this.shape = this.width >= this.height ? "wide" : "tall";
    // As much as is in sight, whatever the window: no screen has an advantage by its size.
    const [longer, shorter] = [Math.max(this.width, this.height), Math.min(this.width, this.height)];
    this.scale = Math.max(longer / (2 * LONG_VIEW), shorter / (2 * SHORT_VIEW)) * this.zoom;
  }

  follow(target: Point, aim: number | undefined, seconds: number): void {
    const lead = aim === undefined ? 0 : LEAD;
    const x = this.#inside(target.x + Math.cos(aim ?? 0) * lead, this.width);
    const y = this.#inside(target.y + Math.sin(aim ?? 0) * lead, this.height);
    const far = Math.hypot(x - this.x, y - this.y) > JUMP;
    const part = far ? 1 : 1 - Math.exp(-seconds * EAGERNESS);
    this.x += (x - this.x) * part;
    this.y += (y - this.y) * part;
    this.#shake *= Math.exp(-seconds * 9);
    this.#shakenX = (Math.random() - 0.5) * this.#shake;
    this.#shakenY = (Math.random() - 0.5) * this.#shake;
  }

  /** Is there at once. */
  moveTo({ x, y }: Point): void {
    this.x = this.#inside(x, this.width);
    this.y = this.#inside(y, this.height);
  }

  /** A middle of the view that shows no more than `OUTSIDE` of what is beyond the border. */
  #inside(middle: number, pixels: number): number {
    const margin = Math.min(pixels / this.scale / 2 - OUTSIDE, WORLD_SIZE / 2);
    return Math.min(Math.max(middle, margin), WORLD_SIZE - margin);
  }

  shake(strength: number): void {
    this.#shake = Math.min(Math.max(this.#shake, strength), 22);
  }

  /** From here on the pen draws in units of the world. */
  enterWorld(pen: Pen): void {
    const scale = this.scale * this.#pixelRatio;
    pen.setTransform(
      scale,
      0,
      0,
      scale,
      (this.width / 2 - (this.x + this.#shakenX) * this.scale) * this.#pixelRatio,
      (this.height / 2 - (this.y + this.#shakenY) * this.scale) * this.#pixelRatio,
    );
  }

  /** From here on the pen draws in CSS pixels. */
  enterScreen(pen: Pen): void {
    pen.setTransform(this.#pixelRatio, 0, 0, this.#pixelRatio, 0, 0);
  }

  toWorld({ x, y }: Point): Point {
    return { x: (x - this.width / 2) / this.scale + this.x, y: (y - this.height / 2) / this.scale + this.y };
  }

  toScreen(point: Point): Point {
    return {
      x: (point.x - this.x) * this.scale + this.width / 2,
      y: (point.y - this.y) * this.scale + this.height / 2,
    };
  }

  get left(): number {
    return this.x - this.width / 2 / this.scale;
  }

  get top(): number {
    return this.y - this.height / 2 / this.scale;
  }

  get right(): number {
    return this.x + this.width / 2 / this.scale;
  }

  get bottom(): number {
    return this.y + this.height / 2 / this.scale;
  }

  sees(x: number, y: number, margin: number): boolean {
    return (
      x > this.left - margin && x < this.right + margin && y > this.top - margin && y < this.bottom + margin
    );
  }
}
