import { isTyping } from "../controls/keyboard.ts";

/** Something that a button or a key opens and closes. */
export interface Panel {
  readonly view: HTMLElement;
  readonly button: HTMLButtonElement;
  /** By their place on the keyboard. */
  readonly keys: readonly string[];
}

/** Panels that share a place: of these at most one is open. */
export function sharePlace(panels: readonly Panel[]): void {
  const toggle = (chosen: Panel): void => {
    for (const panel of panels) {
      panel.view.hidden = panel !== chosen || !panel.view.hidden;
      panel.button.ariaPressed = String(!panel.view.hidden);
    }
  };
  for (const panel of panels) panel.button.addEventListener("click", () => toggle(panel));
  addEventListener("keydown", (event) => {
    const panel = panels.find(({ keys }) => keys.includes(event.code));
    if (panel === undefined || isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    // F3 is the browser's search otherwise.
    event.preventDefault();
    if (!event.repeat) toggle(panel);
  });
}
