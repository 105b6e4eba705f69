import uPlot from "uplot";
import { h, setText, themeColour } from "./dom.ts";

export interface ChartLine {
  readonly label: string;
  /** Name of a colour of the theme. */
  readonly colour: string;
  readonly filled?: boolean;
}

export interface TimeChartOptions {
  readonly title: string;
  readonly lines: readonly ChartLine[];
  readonly format: (value: number) => string;
  /** The top of the scale is at least this. */
  readonly least: number;
  /** Charts of one name share the cursor. */
  readonly sync: string;
}

const HEIGHT = 128;
/** Half the width of a time. */
const LEFTMOST = 24;
const FONT = "11px ui-sans-serif, system-ui, sans-serif";

export type ChartColumn = readonly (number | null)[];

/** Lines over time, with the newest values (or those under the cursor) in its head. */
export class TimeChart {
  readonly element: HTMLElement;
  readonly #options: TimeChartOptions;
  readonly #values: readonly HTMLElement[];
  readonly #box = h("div", { class: "chart-box" });
  readonly #plot: uPlot;
  readonly #resized: ResizeObserver;
  readonly #themed = (): void => this.#plot.redraw(false);
  #columns: readonly ChartColumn[] = [];

  constructor(options: TimeChartOptions) {
    this.#options = options;
    this.#values = options.lines.map(() => h("b", {}, "–"));
    const legend = options.lines.map((line, index) =>
      h("span", { class: "chart-line", "data-colour": line.colour }, line.label, " ", this.#values[index]),
    );
    this.element = h(
      "section",
      { class: "panel chart", "aria-label": options.title },
      h("header", {}, h("h3", {}, options.title), h("div", { class: "chart-legend" }, ...legend)),
      this.#box,
    );
    this.#plot = new uPlot(this.#plotOptions(), [[], ...options.lines.map(() => [])], this.#box);
    this.#resized = new ResizeObserver(([entry]) => {
      const width = Math.floor(entry?.contentRect.width ?? 0);
      if (width > 0) this.#plot.setSize({ width, height: HEIGHT });
    });
    this.#resized.observe(this.#box);
    addEventListener("themechange", this.#themed);
  }

  /** @param at Unix seconds */
  set(at: readonly number[], columns: readonly ChartColumn[]): void {
    this.#columns = columns;
    this.#plot.setData([[...at], ...columns.map((column) => [...column])]);
    this.#showValues(this.#plot.cursor.idx);
  }

  close(): void {
    removeEventListener("themechange", this.#themed);
    this.#resized.disconnect();
    this.#plot.destroy();
  }

  #showValues(at: number | null | undefined): void {
    this.#values.forEach((element, index) => {
      const column = this.#columns[index] ?? [];
      const value = column[at ?? column.length - 1];
      setText(element, value === null || value === undefined ? "–" : this.#options.format(value));
    });
  }

  #plotOptions(): uPlot.Options {
    const { lines, format, least, sync } = this.#options;
    const axis = {
      stroke: () => themeColour("faint"),
      font: FONT,
      grid: { stroke: () => themeColour("grid"), width: 1 },
      ticks: { show: false },
    };
    return {
      width: 320,
      height: HEIGHT,
      padding: [8, 26, 0, 0],
      legend: { show: false },
      cursor: {
        y: false,
        points: { size: 6 },
        drag: { setScale: false, x: false, y: false },
        sync: { key: sync },
      },
      scales: { y: { range: (_plot, _min, max) => [0, Math.max(least, (max ?? 0) * 1.12)] } },
      series: [
        {},
        ...lines.map(({ label, colour, filled }) => ({
          label,
          width: 1.5,
          stroke: () => themeColour(colour),
          ...(filled && { fill: () => `color-mix(in srgb, ${themeColour(colour)} 13%, transparent)` }),
          points: { show: false },
          spanGaps: false,
        })),
      ],
      axes: [
        {
          ...axis,
          size: 22,
          gap: 4,
          space: 70,
          grid: { show: false },
          // At the very left a time would lie over the lowest value.
          values: (plot, splits) =>
            splits.map((at) =>
              plot.valToPos(at, "x") < LEFTMOST
                ? ""
                : new Date(at * 1000).toLocaleTimeString("en-GB").replace(/:00$/, ""),
            ),
        },
        {
          ...axis,
          size: 58,
          gap: 6,
          space: 34,
          values: (_plot, splits) => splits.map((value) => format(value).replace(/\.0+(?=\D|$)/, "")),
        },
      ],
      hooks: { setCursor: [(plot) => this.#showValues(plot.cursor.idx)] },
    };
  }
}
