import type { FeedEvent } from "../../answers.ts";
import { h } from "../parts/dom.ts";
import { timeOfDay } from "../parts/format.ts";
import { roomAddress } from "../parts/route.ts";

export interface EventListOptions {
  /** Lines that are shown at most. */
  readonly most: number;
  /** Whether each says which room it is about. */
  readonly namesRooms: boolean;
  readonly empty: string;
}

/** Events, the newest first. */
export class EventList {
  readonly element: HTMLElement;
  readonly #options: EventListOptions;
  readonly #list = h("ol", { class: "events" });
  readonly #empty: HTMLElement;
  #shown: readonly FeedEvent[] = [];

  constructor(options: EventListOptions) {
    this.#options = options;
    this.#empty = h("p", { class: "empty" }, options.empty);
    this.element = h("div", { class: "event-list" }, this.#list, this.#empty);
  }

  /** @param events oldest first */
  set(events: readonly FeedEvent[]): void {
    const shown = events.slice(-this.#options.most).reverse();
    const isSame =
      shown[0] === this.#shown[0] &&
      shown.at(-1) === this.#shown.at(-1) &&
      shown.length === this.#shown.length;
    if (isSame) return;
    this.#shown = shown;
    this.#list.replaceChildren(...shown.map((event) => this.#line(event)));
    this.#empty.hidden = shown.length > 0;
  }

  #line({ at, level, text, detail, room, tick, name }: FeedEvent): HTMLElement {
    const where =
      room === null
        ? undefined
        : h(
            "a",
            { class: "event-room", href: roomAddress(room.id, tick ?? undefined) },
            this.#options.namesRooms ? `${room.game}/${room.id}` : `tick ${tick ?? "–"}`,
          );
    return h(
      "li",
      { "data-level": level, title: name },
      h("time", { class: "number" }, timeOfDay(at)),
      h(
        "span",
        { class: "event-text" },
        text,
        " ",
        where,
        detail === null ? undefined : h("details", {}, h("summary", {}, "stack"), h("pre", {}, detail)),
      ),
    );
  }
}
