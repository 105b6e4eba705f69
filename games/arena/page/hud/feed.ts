import { element } from "../element.ts";

const SHOWN_MS = 9_000;
const MOST_LINES = 60;

/** A part of a line: plain words, or somebody's name in their colour. */
export type Words = string | { readonly name: string; readonly colour: string };

/** What was said and what happened, newest last; lines fade unless one is writing. */
export class Feed {
  readonly #list = element("feed", HTMLOListElement);

  say(from: Words, text: string): void {
    this.#add("said", [from, "  ", text]);
  }

  notice(...words: readonly Words[]): void {
    this.#add("notice", words);
  }

  #add(kind: "said" | "notice", words: readonly Words[]): void {
    const line = document.createElement("li");
    line.className = kind;
    for (const word of words) line.append(typeof word === "string" ? word : name(word));
    this.#list.append(line);
    if (this.#list.childElementCount > MOST_LINES) this.#list.firstElementChild?.remove();
    setTimeout(() => line.classList.add("old"), SHOWN_MS);
  }
}

function name({ name, colour }: Exclude<Words, string>): HTMLElement {
  const bold = document.createElement("b");
  bold.style.color = colour;
  bold.textContent = name;
  return bold;
}
