import type { DefinitionAnswer, RoomAnswer } from "../../answers.ts";
import { EventList } from "../events/event-list.ts";
import { followEvents } from "../events/event-source.ts";
import { toast } from "../parts/dialog.ts";
import { button, h, setText } from "../parts/dom.ts";
import { count } from "../parts/format.ts";
import { poll } from "../parts/poll.ts";
import { keepRoute, type RoomRoute, type RoomTab, type Route, writeRoute } from "../parts/route.ts";
import { type Segments, segments } from "../parts/segments.ts";
import type { View, ViewParts } from "../parts/view.ts";
import { MapPanel } from "./map-panel.ts";
import { PlayersPanel } from "./players-panel.ts";
import { RoomActions } from "./room-actions.ts";
import { RoomCharts } from "./room-charts.ts";
import { StatePanel } from "./state-panel.ts";
import { TickDetail } from "./tick-detail.ts";
import { TickHistory } from "./tick-history.ts";
import { TickStrip } from "./tick-strip.ts";

const PERIOD_MS = 500;
const MOST_EVENTS = 200;

interface Closable {
  readonly element: HTMLElement;
  close(): void;
}

/** One room: its ticks, its players, its state, and what can be done to it. */
export class RoomView implements View {
  readonly title: string;
  readonly element: HTMLElement;
  readonly #parts: ViewParts;
  readonly #history = new TickHistory();
  readonly #detail = new TickDetail();
  readonly #charts = new RoomCharts();
  readonly #actions: RoomActions;
  readonly #name = h("h1", {}, "…");
  readonly #facts = h("p", { class: "facts" });
  readonly #notice = h("p", { class: "notice", role: "status", hidden: true });
  readonly #stripPlace = h("div", {});
  readonly #mapPlace = h("div", { class: "map-place" });
  readonly #tabPlace = h("div", {});
  readonly #tabs: Segments<RoomTab>;
  readonly #stop: () => void;
  #strip: TickStrip | undefined;
  #map: MapPanel | undefined;
  #tab: Closable | undefined;
  #definition: DefinitionAnswer | undefined;
  #route: RoomRoute;

  constructor(parts: ViewParts, route: RoomRoute) {
    this.#parts = parts;
    this.#route = route;
    this.title = `Room ${route.id}`;
    this.#actions = new RoomActions(parts.api, route.id);
    this.#tabs = segments<RoomTab>(
      "Of the room",
      { players: "Players", state: "State", events: "Events" },
      route.tab,
      (tab) => {
        this.#change({ tab });
        this.#openTab();
      },
    );
    this.element = h(
      "div",
      { class: "view" },
      h(
        "div",
        { class: "view-head room-head" },
        h("div", { class: "room-name" }, this.#name, this.#facts),
        h(
          "div",
          { class: "actions" },
          button("Copy link", () => void this.#copyLink(), {
            class: "button quiet",
            title: "A link to what is shown, the tick included",
          }),
          this.#actions.element,
        ),
      ),
      this.#notice,
      this.#stripPlace,
      this.#detail.element,
      this.#charts.element,
      h(
        "div",
        { class: "room-parts" },
        this.#mapPlace,
        h(
          "section",
          { class: "panel tabs", "aria-label": "Details" },
          h("header", {}, this.#tabs.element),
          this.#tabPlace,
        ),
      ),
    );
    this.#stop = poll(PERIOD_MS, (signal) => this.#look(signal));
  }

  follow(route: Route): boolean {
    if (route.view !== "room" || route.id !== this.#route.id) return false;
    const before = this.#route;
    this.#route = route;
    if (route.tick !== before.tick) this.#strip?.choose(route.tick);
    if (route.tab !== before.tab || route.table !== before.table) {
      this.#tabs.choose(route.tab);
      this.#openTab();
    }
    return true;
  }

  close(): void {
    this.#stop();
    this.#strip?.close();
    this.#map?.close();
    this.#tab?.close();
    this.#charts.close();
  }

  async #look(signal: AbortSignal): Promise<void> {
    const { api } = this.#parts;
    const { id } = this.#route;
    if (this.#definition === undefined) {
      const given = await api.get<DefinitionAnswer>(`rooms/${id}/definition`, signal);
      if (given.ok) this.#open(given.answer);
      else if (given.status === 404) this.#gone();
    }
    const given = await api.get<RoomAnswer>(`rooms/${id}?since=${this.#history.newest}`, signal);
    if (given.ok) this.#show(given.answer);
    else if (given.status === 404) this.#gone();
  }

  /** What the game is made of is known. */
  #open(definition: DefinitionAnswer): void {
    this.#definition = definition;
    const { game } = definition;
    this.#strip = new TickStrip(this.#history, {
      periodMs: 1_000 / game.tickRate,
      choose: (tick) => {
        this.#change({ tick });
        this.#detail.show(tick, this.#history);
      },
    });
    this.#stripPlace.replaceChildren(this.#strip.element);
    if (game.tables.some(({ position }) => position !== undefined)) {
      this.#map = new MapPanel(this.#parts.api, this.#route.id, definition);
      this.#mapPlace.replaceChildren(this.#map.element);
    } else this.#mapPlace.hidden = true;
    this.#openTab();
    if (this.#route.tick !== undefined) this.#strip.choose(this.#route.tick);
  }

  #openTab(): void {
    this.#tab?.close();
    this.#tab = this.#makeTab();
    this.#tabPlace.replaceChildren(...(this.#tab === undefined ? [] : [this.#tab.element]));
  }

  #makeTab(): Closable | undefined {
    const { api } = this.#parts;
    const { id, tab, table } = this.#route;
    if (this.#definition === undefined) return undefined;
    switch (tab) {
      case "players":
        return new PlayersPanel(api, id);
      case "state":
        return new StatePanel(api, id, this.#definition, table, (name) => this.#change({ table: name }));
      case "events":
        return this.#eventsTab();
    }
  }

  #eventsTab(): Closable {
    const list = new EventList({
      most: MOST_EVENTS,
      namesRooms: false,
      empty: "Nothing has happened here yet.",
    });
    const stop = followEvents(this.#parts.api, (events) =>
      list.set(events.filter(({ room }) => room?.id === this.#route.id)),
    );
    return { element: h("div", { class: "tab" }, list.element), close: stop };
  }

  #show(answer: RoomAnswer): void {
    const { room, ticks, notes } = answer;
    this.#history.add(ticks, notes);
    this.#name.replaceChildren(room.game, h("span", {}, `/${room.id}`));
    const { total, stalled, away } = room.players;
    setText(
      this.#facts,
      [
        `${count(total)} of ${count(room.maxPlayers)} players`,
        stalled > 0 && `${stalled} stalled`,
        away > 0 && `${away} away`,
        `${room.tickRate} Hz`,
        `tick ${room.tick}`,
        room.locked && "locked",
        room.visibility === "private" && "private",
      ]
        .filter(Boolean)
        .join(" · "),
    );
    this.#actions.show(answer);
    this.#strip?.grown();
    this.#detail.show(this.#route.tick, this.#history);
    this.#charts.show(this.#history, { now: answer.now, tick: room.tick, tickRate: room.tickRate });
  }

  /** What was seen of it last stays, as long as one looks. */
  #gone(): void {
    const isKnown = this.#definition !== undefined;
    if (!isKnown) this.#name.textContent = this.#route.id;
    this.#notice.hidden = false;
    this.#notice.replaceChildren(
      isKnown
        ? "This room has closed. What you see is what was last. "
        : "There is no such room: it may have closed. ",
      h("a", { href: "#/rooms" }, "All rooms"),
    );
    this.#actions.disable();
    this.#map?.close();
    this.#stop();
  }

  #change(change: Partial<RoomRoute>): void {
    this.#route = { ...this.#route, ...change };
    keepRoute(this.#route);
  }

  async #copyLink(): Promise<void> {
    const url = new URL(writeRoute(this.#route), location.href);
    try {
      await navigator.clipboard.writeText(url.href);
      toast("The link is copied.", "good");
    } catch {
      toast("The browser does not let pages copy: the address bar has the link.", "bad");
    }
  }
}
