import type { InputOf } from "tickcast/game";
import type { ArenaSpec } from "../../arena.ts";
import type { Camera } from "../camera.ts";
import { Keyboard } from "./keyboard.ts";
import { Mouse } from "./mouse.ts";
import { TouchSticks } from "./touch-sticks.ts";

export type ArenaInput = InputOf<ArenaSpec>;

/** Keyboard, mouse and thumbs as one: whichever was used last steers. */
export class Controls {
  readonly #keyboard = new Keyboard();
  readonly #mouse: Mouse;
  readonly #sticks: TouchSticks;
  readonly #camera: Camera;
  #aim = 0;

  constructor(canvas: HTMLCanvasElement, camera: Camera) {
    this.#camera = camera;
    this.#mouse = new Mouse(canvas);
    this.#sticks = new TouchSticks(canvas);
  }

  /** Where the visitor aims now, given where the ship is drawn. */
  aimFrom(ship: { readonly x: number; readonly y: number }): number {
    const stick = this.#sticks.aim ?? (this.#sticks.used ? this.#sticks.move : undefined);
    if (stick !== undefined) this.#aim = stick;
    else if (!this.#sticks.used) {
      const at = this.#camera.toScreen(ship);
      this.#aim = Math.atan2(this.#mouse.y - at.y, this.#mouse.x - at.x);
    }
    return this.#aim;
  }

  /** The input as it stands. A dash is told once. */
  read(): ArenaInput {
    const dashedByKey = this.#keyboard.takeDash();
    const dashedByThumb = this.#sticks.takeDash();
    return {
      move: this.#sticks.move ?? this.#keyboard.move,
      aim: this.#aim,
      fire: this.#mouse.held || this.#sticks.aim !== undefined,
      dash: dashedByKey || dashedByThumb,
    };
  }
}
