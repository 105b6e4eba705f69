import type { FeedEvent } from "../../answers.ts";
import { h } from "../parts/dom.ts";
import { type EventLevels, keepRoute, type Route } from "../parts/route.ts";
import { segments } from "../parts/segments.ts";
import type { View, ViewParts } from "../parts/view.ts";
import { EventList } from "./event-list.ts";
import { followEvents } from "./event-source.ts";

type EventsRoute = Extract<Route, { view: "events" }>;

/** Everything that happened lately, with filters. */
export class EventsView implements View {
  readonly title = "Events";
  readonly element: HTMLElement;
  readonly #list = new EventList({
    most: 400,
    namesRooms: true,
    empty: "Nothing of that kind has happened since the server began.",
  });
  readonly #stop: () => void;
  #route: EventsRoute;
  #events: readonly FeedEvent[] = [];

  constructor({ api }: ViewParts, route: EventsRoute) {
    this.#route = route;
    const search = h("input", {
      class: "field",
      type: "search",
      placeholder: "Search text, event or room",
      "aria-label": "Search events",
      value: route.search,
    });
    search.addEventListener("input", () => this.#change({ search: search.value }));
    const levels = segments<EventLevels>(
      "Events to show",
      { all: "All", trouble: "Trouble", errors: "Errors" },
      route.level,
      (level) => this.#change({ level }),
    );
    this.element = h(
      "div",
      { class: "view" },
      h(
        "div",
        { class: "view-head" },
        h("h1", {}, "Events"),
        h("div", { class: "filters" }, levels.element, search),
      ),
      h("section", { class: "panel", "aria-label": "Events" }, this.#list.element),
    );
    this.#stop = followEvents(api, (events) => {
      this.#events = events;
      this.#draw();
    });
  }

  follow(route: Route): boolean {
    return (
      route.view === "events" && route.level === this.#route.level && route.search === this.#route.search
    );
  }

  close(): void {
    this.#stop();
  }

  #change(change: Partial<EventsRoute>): void {
    this.#route = { ...this.#route, ...change };
    keepRoute(this.#route);
    this.#draw();
  }

  #draw(): void {
    const { level, search } = this.#route;
    const wanted = search.toLowerCase();
    this.#list.set(
      this.#events.filter(
        (event) =>
          (level === "all" ||
            event.level === "error" ||
            (level === "trouble" && event.level === "warning")) &&
          `${event.text} ${event.name} ${event.room?.game}/${event.room?.id}`.toLowerCase().includes(wanted),
      ),
    );
  }
}
