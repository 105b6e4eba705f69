const DIRECTIONS: Readonly<Record<string, readonly [number, number]>> = {
  KeyW: [0, -1],
  KeyA: [-1, 0],
  KeyS: [0, 1],
  KeyD: [1, 0],
  ArrowUp: [0, -1],
  ArrowLeft: [-1, 0],
  ArrowDown: [0, 1],
  ArrowRight: [1, 0],
};

/** Keys by their place, so that W A S D is the same cross on every layout. */
export class Keyboard {
  readonly #down = new Set<string>();
  #dash = false;

  constructor() {
    addEventListener("keydown", (event) => {
      if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.code in DIRECTIONS) {
        this.#down.add(event.code);
        event.preventDefault();
      }
      if (event.code === "Space" && !isOperating(event)) {
        if (!event.repeat) this.#dash = true;
        event.preventDefault();
      }
    });
    addEventListener("keyup", (event) => this.#down.delete(event.code));
    // A key that is let go while another window has the focus is never told.
    addEventListener("blur", () => this.#down.clear());
    addEventListener("focusin", (event) => {
      if (event.target instanceof HTMLInputElement) this.#down.clear();
    });
  }

  get move(): number | undefined {
    let [x, y] = [0, 0];
    for (const code of this.#down) {
      const [dx, dy] = DIRECTIONS[code] ?? [0, 0];
      x += dx;
      y += dy;
    }
    return x === 0 && y === 0 ? undefined : Math.atan2(y, x);
  }

  takeDash(): boolean {
    const dash = this.#dash;
    this.#dash = false;
    return dash;
  }
}

export function isTyping(event: Event): boolean {
  return event.target instanceof HTMLInputElement;
}

/** Whether Space and Enter are somebody else's. */
export function isOperating(event: Event): boolean {
  return isTyping(event) || event.target instanceof HTMLButtonElement;
}
