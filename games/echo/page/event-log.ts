export type EventKind = "open" | "sent" | "echo" | "reply" | "away" | "back" | "lost" | "close" | "error";

const MOST_LINES = 200;

/** What happened on a connection, newest last, with the time of day to the millisecond. */
export class EventLog {
  readonly #list: HTMLElement;

  constructor(list: HTMLElement) {
    this.#list = list;
  }

  add(kind: EventKind, text: string): void {
    const line = document.createElement("li");
    line.dataset.kind = kind;
    const time = document.createElement("time");
    const now = new Date();
    time.dateTime = now.toISOString();
    time.textContent = now.toISOString().slice(11, 23);
    const name = document.createElement("b");
    name.textContent = kind;
    const words = document.createElement("span");
    words.textContent = text;
    line.append(time, name, words);
    this.#list.append(line);
    if (this.#list.childElementCount > MOST_LINES) this.#list.firstElementChild?.remove();
    this.#list.scrollTop = this.#list.scrollHeight;
  }
}
