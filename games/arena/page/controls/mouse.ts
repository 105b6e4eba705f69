/** Where the mouse is and whether it shoots. Pens count as mice, fingers do not. */
export class Mouse {
  x = innerWidth / 2;
  y = 0;
  held = false;

  constructor(canvas: HTMLCanvasElement) {
    addEventListener("pointermove", (event) => this.#moveTo(event));
    canvas.addEventListener("pointerdown", (event) => {
      if (event.pointerType === "touch" || event.button !== 0) return;
      this.#moveTo(event);
      this.held = true;
      // The chat's field keeps the focus otherwise, and the keys with it.
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
      canvas.setPointerCapture(event.pointerId);
    });
    for (const end of ["pointerup", "pointercancel"] as const)
      addEventListener(end, (event) => {
        if (event.pointerType !== "touch") this.held = false;
      });
    addEventListener("blur", () => {
      this.held = false;
    });
    canvas.addEventListener("contextmenu", (event) => event.preventDefault());
  }

  #moveTo(event: PointerEvent): void {
    if (event.pointerType === "touch") return;
    this.x = event.clientX;
    this.y = event.clientY;
  }
}
