import { element } from "../../page/element.ts";

const MOST_LINES = 40;

/** What happened, newest last. */
export class Feed {
  readonly #list = element("feed", HTMLOListElement);

  add(text: string, kind: "move" | "notice" | "problem" = "move"): void {
    const line = document.createElement("li");
    line.textContent = text;
    line.dataset.kind = kind;
    this.#list.append(line);
    if (this.#list.childElementCount > MOST_LINES) this.#list.firstElementChild?.remove();
    this.#list.scrollTop = this.#list.scrollHeight;
  }
}
