import type { OverviewAnswer } from "../../answers.ts";
import { h, setText } from "../parts/dom.ts";
import { bytes, count, ms, percent } from "../parts/format.ts";
import type { SeriesHistory } from "./series-history.ts";

interface Tile {
  readonly label: string;
  readonly value: (overview: OverviewAnswer, series: SeriesHistory) => string;
  readonly note: (overview: OverviewAnswer, series: SeriesHistory) => string;
}

const tiles: readonly Tile[] = [
  {
    label: "Players",
    value: ({ players }) => count(Object.values(players).reduce((sum, n) => sum + n, 0)),
    note: ({ players: { stalled, returning, away } }) =>
      stalled + returning + away === 0
        ? "all keep up"
        : [stalled && `${stalled} stalled`, returning && `${returning} returning`, away && `${away} away`]
            .filter(Boolean)
            .join(", "),
  },
  {
    label: "Rooms",
    value: ({ rooms }) => count(rooms.length),
    note: (_overview, series) => `${count(series.last("ticks"))} ticks/s`,
  },
  {
    label: "Worst tick",
    value: (_overview, series) => ms(series.last("worstTickMs")),
    note: (_overview, series) => `lateness ${ms(series.last("worstLatenessMs"))}`,
  },
  {
    label: "Encoded",
    value: (_overview, series) => `${bytes(series.last("bytes"))}/s`,
    note: (_overview, series) => `${count(series.last("frames"))} frames/s`,
  },
  {
    label: "CPU",
    value: (_overview, series) => percent(series.last("cpu")),
    note: (_overview, series) => `loop busy ${percent(series.last("busy"))}`,
  },
  {
    label: "Memory",
    value: (_overview, series) => bytes(series.last("residentBytes")),
    note: (_overview, series) => `heap ${bytes(series.last("heapBytes"))}`,
  },
];

/** The server in six figures. */
export class Tiles {
  readonly element: HTMLElement;
  readonly #shown: readonly {
    readonly tile: Tile;
    readonly value: HTMLElement;
    readonly note: HTMLElement;
  }[];

  constructor() {
    this.#shown = tiles.map((tile) => ({
      tile,
      value: h("dd", { class: "tile-value number" }, "–"),
      note: h("dd", { class: "tile-note" }, " "),
    }));
    this.element = h(
      "div",
      { class: "tiles" },
      ...this.#shown.map(({ tile, value, note }) =>
        h("dl", { class: "panel tile" }, h("dt", { class: "label" }, tile.label), value, note),
      ),
    );
  }

  show(overview: OverviewAnswer, series: SeriesHistory): void {
    for (const { tile, value, note } of this.#shown) {
      setText(value, series.isEmpty ? "–" : tile.value(overview, series));
      setText(note, series.isEmpty ? " " : tile.note(overview, series));
    }
  }
}
