import { element } from "../element.ts";

/** How far a thumb goes from where it landed, in CSS pixels: less than the first is rest, beyond the second no more. */
const REST = 9;
const REACH = 44;

interface Stick {
  readonly view: HTMLElement;
  readonly knob: HTMLElement;
  pointer: number | undefined;
  fromX: number;
  fromY: number;
  direction: number | undefined;
}

/**
 * Two sticks that appear where the thumbs land: the left half of the screen moves, the right half aims and
 * shoots while it is held out.
 */
export class TouchSticks {
  /** Whether this visitor plays with thumbs. */
  used = matchMedia("(pointer: coarse)").matches;
  readonly #left = stick("stick-left");
  readonly #right = stick("stick-right");
  #dash = false;

  constructor(canvas: HTMLCanvasElement) {
    canvas.addEventListener("pointerdown", (event) => this.#land(event));
    addEventListener("pointermove", (event) => this.#drag(event));
    for (const end of ["pointerup", "pointercancel"] as const)
      addEventListener(end, (event) => this.#lift(event));
    element("touch-dash", HTMLButtonElement).addEventListener("pointerdown", () => {
      this.#dash = true;
    });
  }

  get move(): number | undefined {
    return this.#left.direction;
  }

  get aim(): number | undefined {
    return this.#right.direction;
  }

  takeDash(): boolean {
    const dash = this.#dash;
    this.#dash = false;
    return dash;
  }

  #land(event: PointerEvent): void {
    this.used = event.pointerType === "touch";
    if (!this.used) return;
    event.preventDefault();
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    const side = event.clientX < innerWidth / 2 ? this.#left : this.#right;
    if (side.pointer !== undefined) return;
    side.pointer = event.pointerId;
    side.fromX = event.clientX;
    side.fromY = event.clientY;
    side.view.classList.add("held");
    side.view.style.cssText = `left:${event.clientX}px;top:${event.clientY}px;right:auto;bottom:auto`;
  }

  #drag(event: PointerEvent): void {
    for (const side of [this.#left, this.#right]) {
      if (side.pointer !== event.pointerId) continue;
      const dx = event.clientX - side.fromX;
      const dy = event.clientY - side.fromY;
      const distance = Math.hypot(dx, dy);
      side.direction = distance < REST ? undefined : Math.atan2(dy, dx);
      const part = Math.min(1, REACH / Math.max(distance, 1));
      side.knob.style.setProperty("--x", `${dx * part}px`);
      side.knob.style.setProperty("--y", `${dy * part}px`);
    }
  }

  #lift(event: PointerEvent): void {
    for (const side of [this.#left, this.#right]) {
      if (side.pointer !== event.pointerId) continue;
      side.pointer = undefined;
      side.direction = undefined;
      side.view.classList.remove("held");
      side.view.style.cssText = "";
      side.knob.style.cssText = "";
    }
  }
}

function stick(id: string): Stick {
  const view = element(id, HTMLElement);
  const knob = view.querySelector("i");
  if (knob === null) throw new Error(`the stick "${id}" has no knob`);
  return { view, knob, pointer: undefined, fromX: 0, fromY: 0, direction: undefined };
}
