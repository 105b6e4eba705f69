import type { OverviewAnswer, RoomSummary } from "../../answers.ts";
import { h, setText } from "../parts/dom.ts";
import { poll } from "../parts/poll.ts";
import { keepRoute, type Route } from "../parts/route.ts";
import type { View, ViewParts } from "../parts/view.ts";
import { roomsTable } from "./rooms-table.ts";

type RoomsRoute = Extract<Route, { view: "rooms" }>;

const PERIOD_MS = 1_000;
/** Rows that a browser draws with ease. */
const MOST_ROOMS = 300;
/** No series is wanted. */
const FAR_AHEAD = 999_999_999_999_999;

/** All rooms, to search and to sort. */
export class RoomsView implements View {
  readonly title = "Rooms";
  readonly element: HTMLElement;
  readonly #table;
  readonly #note = h("p", { class: "note" });
  readonly #stop: () => void;
  #route: RoomsRoute;
  #rooms: readonly RoomSummary[] = [];

  constructor({ api }: ViewParts, route: RoomsRoute) {
    this.#route = route;
    const sort = route.sort || "-players";
    this.#table = roomsTable(sort, "No room, or none that the search finds.", (sort) =>
      this.#change({ sort }),
    );
    const search = h("input", {
      class: "field",
      type: "search",
      placeholder: "Search game or id",
      "aria-label": "Search rooms",
      value: route.search,
    });
    search.addEventListener("input", () => this.#change({ search: search.value }));
    this.element = h(
      "div",
      { class: "view" },
      h("div", { class: "view-head" }, h("h1", {}, "Rooms"), h("div", { class: "filters" }, search)),
      h("section", { class: "panel", "aria-label": "Rooms" }, this.#table.element),
      this.#note,
    );
    this.#stop = poll(PERIOD_MS, async (signal) => {
      const given = await api.get<OverviewAnswer>(`overview?since=${FAR_AHEAD}`, signal);
      if (!given.ok) return;
      this.#rooms = given.answer.rooms;
      this.#draw();
    });
  }

  follow(route: Route): boolean {
    return route.view === "rooms" && route.sort === this.#route.sort && route.search === this.#route.search;
  }

  close(): void {
    this.#stop();
  }

  #change(change: Partial<RoomsRoute>): void {
    this.#route = { ...this.#route, ...change };
    keepRoute(this.#route);
    this.#draw();
  }

  #draw(): void {
    const wanted = this.#route.search.trim().toLowerCase();
    const found = this.#rooms.filter(({ game, id }) => `${game}/${id}`.toLowerCase().includes(wanted));
    const shown = busiest(found, MOST_ROOMS);
    this.#table.set(shown);
    const all = `${found.length} of ${this.#rooms.length} rooms`;
    setText(
      this.#note,
      shown.length < found.length ? `${all}; the ${MOST_ROOMS} with most players are shown` : all,
    );
  }
}

function busiest(rooms: readonly RoomSummary[], most: number): readonly RoomSummary[] {
  if (rooms.length <= most) return rooms;
  return [...rooms].sort((a, b) => b.players.total - a.players.total).slice(0, most);
}
