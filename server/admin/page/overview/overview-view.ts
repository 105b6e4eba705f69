import type { OverviewAnswer } from "../../answers.ts";
import { EventList } from "../events/event-list.ts";
import { followEvents } from "../events/event-source.ts";
import { h, setText } from "../parts/dom.ts";
import { bytes, count, duration, ms, percent } from "../parts/format.ts";
import { poll } from "../parts/poll.ts";
import type { Route } from "../parts/route.ts";
import { TimeChart } from "../parts/time-chart.ts";
import type { View, ViewParts } from "../parts/view.ts";
import { roomsTable } from "../rooms/rooms-table.ts";
import { SeriesHistory } from "./series-history.ts";
import { Tiles } from "./tiles.ts";

const PERIOD_MS = 1_000;
const MOST_ROOMS = 8;
const sync = "overview";

/** Charts with the columns of the series that they draw. */
const charts = () =>
  [
    {
      chart: new TimeChart({
        title: "Players",
        sync,
        format: count,
        least: 4,
        lines: [
          { label: "seated", colour: "mint", filled: true },
          { label: "stalled", colour: "amber" },
          { label: "away", colour: "violet" },
        ],
      }),
      columns: ["players", "stalled", "away"],
    },
    {
      chart: new TimeChart({
        title: "Worst of each second",
        sync,
        format: ms,
        least: 1,
        lines: [
          { label: "tick", colour: "sky", filled: true },
          { label: "lateness", colour: "amber" },
          { label: "loop delay", colour: "violet" },
        ],
      }),
      columns: ["worstTickMs", "worstLatenessMs", "loopDelayMs"],
    },
    {
      chart: new TimeChart({
        title: "Encoded per second",
        sync,
        format: bytes,
        least: 1_000,
        lines: [{ label: "before fan-out", colour: "mint", filled: true }],
      }),
      columns: ["bytes"],
    },
    {
      chart: new TimeChart({
        title: "Processor",
        sync,
        format: percent,
        least: 10,
        lines: [
          { label: "CPU", colour: "sky", filled: true },
          { label: "loop busy", colour: "violet" },
        ],
      }),
      columns: ["cpu", "busy"],
    },
    {
      chart: new TimeChart({
        title: "Behind and back, per second",
        sync,
        format: count,
        least: 4,
        lines: [
          { label: "stalls", colour: "amber", filled: true },
          { label: "resyncs", colour: "violet" },
          { label: "slips", colour: "coral" },
        ],
      }),
      columns: ["stalls", "resyncs", "slips"],
    },
    {
      chart: new TimeChart({
        title: "Memory",
        sync,
        format: bytes,
        least: 1_000_000,
        lines: [
          { label: "resident", colour: "sky", filled: true },
          { label: "heap", colour: "mint" },
        ],
      }),
      columns: ["residentBytes", "heapBytes"],
    },
  ] as const;

/** The whole server: figures, their last minutes, the busiest rooms, the latest events. */
export class OverviewView implements View {
  readonly title = "Overview";
  readonly element: HTMLElement;
  readonly #tiles = new Tiles();
  readonly #charts = charts();
  readonly #series = new SeriesHistory();
  readonly #rooms = roomsTable("-players", "No room is open. One opens with the first player who connects.");
  readonly #events = new EventList({ most: 10, namesRooms: true, empty: "Nothing has happened yet." });
  readonly #foot = h("p", { class: "foot" });
  readonly #stops: readonly (() => void)[];

  constructor({ api }: ViewParts) {
    this.element = h(
      "div",
      { class: "view" },
      h("h1", { class: "visually-hidden" }, "Overview"),
      this.#tiles.element,
      h("div", { class: "charts" }, ...this.#charts.map(({ chart }) => chart.element)),
      h(
        "div",
        { class: "halves" },
        h(
          "section",
          { class: "panel", "aria-label": "Busiest rooms" },
          h("header", {}, h("h2", {}, "Busiest rooms"), h("a", { href: "#/rooms" }, "All rooms")),
          this.#rooms.element,
        ),
        h(
          "section",
          { class: "panel", "aria-label": "Latest events" },
          h("header", {}, h("h2", {}, "Latest events"), h("a", { href: "#/events" }, "All events")),
          this.#events.element,
        ),
      ),
      this.#foot,
    );
    this.#stops = [
      poll(PERIOD_MS, async (signal) => {
        const given = await api.get<OverviewAnswer>(`overview?since=${this.#series.newest}`, signal);
        if (given.ok) this.#show(given.answer);
      }),
      followEvents(api, (events) => this.#events.set(events)),
    ];
  }

  follow(route: Route): boolean {
    return route.view === "overview";
  }

  close(): void {
    for (const stop of this.#stops) stop();
    for (const { chart } of this.#charts) chart.close();
  }

  #show(overview: OverviewAnswer): void {
    this.#series.add(overview.series);
    this.#tiles.show(overview, this.#series);
    const { times } = this.#series;
    for (const { chart, columns } of this.#charts)
      chart.set(
        times,
        columns.map((name) => this.#series.column(name)),
      );
    const { mode, node, uptimeSeconds, connections } = overview.server;
    setText(
      this.#foot,
      `${mode} · Node ${node} · up ${duration(uptimeSeconds)} · ${count(connections)} connections · ten minutes are kept`,
    );
    const busiest = [...overview.rooms].sort((a, b) => b.players.total - a.players.total);
    this.#rooms.set(busiest.slice(0, MOST_ROOMS));
  }
}
