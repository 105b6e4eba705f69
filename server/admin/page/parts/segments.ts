import { h } from "./dom.ts";

export interface Segments<Name extends string> {
  readonly element: HTMLElement;
  choose(name: Name): void;
}

/** A few choices side by side, of which one holds. */
export function segments<Name extends string>(
  label: string,
  choices: Readonly<Record<Name, string>>,
  chosen: Name,
  choose: (name: Name) => void,
): Segments<Name> {
  const buttons = new Map<string, HTMLButtonElement>();
  const show = (name: string): void => {
    for (const [other, made] of buttons) made.setAttribute("aria-pressed", String(other === name));
  };
  for (const [name, text] of Object.entries<string>(choices)) {
    const made = h("button", { type: "button", "data-choice": name }, text);
    made.addEventListener("click", () => {
      show(name);
      choose(name as Name);
    });
    buttons.set(name, made);
  }
  show(chosen);
  return {
    element: h("div", { class: "segments", role: "group", "aria-label": label }, ...buttons.values()),
    choose: show,
  };
}
