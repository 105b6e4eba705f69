import { h } from "../parts/dom.ts";
import { bytes, count, ms } from "../parts/format.ts";
import { TimeChart } from "../parts/time-chart.ts";
import type { TickHistory, TickView } from "./tick-history.ts";

const sync = "room";

/** What became of the room second by second, from its ticks. */
export class RoomCharts {
  readonly element: HTMLElement;
  readonly #times = new TimeChart({
    title: "Tick, of each second",
    sync,
    format: ms,
    least: 0.5,
    lines: [
      { label: "worst", colour: "sky", filled: true },
      { label: "mean", colour: "mint" },
      { label: "lateness", colour: "amber" },
    ],
  });
  readonly #bytes = new TimeChart({
    title: "Encoded per second",
    sync,
    format: bytes,
    least: 1_000,
    lines: [{ label: "before fan-out", colour: "mint", filled: true }],
  });
  readonly #players = new TimeChart({
    title: "Players",
    sync,
    format: count,
    least: 4,
    lines: [
      { label: "seated", colour: "mint", filled: true },
      { label: "stalls", colour: "amber" },
      { label: "resyncs", colour: "violet" },
    ],
  });

  constructor() {
    const charts = [this.#times, this.#bytes, this.#players];
    this.element = h("div", { class: "charts" }, ...charts.map(({ element }) => element));
  }

  /** @param now Unix milliseconds, at the room's tick `tick` */
  show(
    history: TickHistory,
    { now, tick, tickRate }: { readonly now: number; readonly tick: number; readonly tickRate: number },
  ): void {
    const seconds = new Map<number, TickView[]>();
    for (const view of history.ticks) {
      const second = Math.floor(view.tick / tickRate);
      const known = seconds.get(second);
      if (known === undefined) seconds.set(second, [view]);
      else known.push(view);
    }
    // The first and the last may lack some of their ticks.
    const whole = [...seconds].slice(1, -1);
    const times = whole.map(([second]) => Math.round(now / 1_000 - tick / tickRate + second));
    const of = (take: (ticks: readonly TickView[]) => number): number[] =>
      whole.map(([, ticks]) => take(ticks));
    const sum = (ticks: readonly TickView[], name: keyof TickView): number =>
      ticks.reduce((total, view) => total + view[name], 0);
    this.#times.set(times, [
      of((ticks) => Math.max(...ticks.map(({ flushed }) => flushed)) / 1_000),
      of((ticks) => sum(ticks, "flushed") / ticks.length / 1_000),
      of((ticks) => Math.max(0, ...ticks.map(({ lateness }) => lateness)) / 1_000),
    ]);
    this.#bytes.set(times, [of((ticks) => sum(ticks, "bytes"))]);
    this.#players.set(times, [
      of((ticks) => ticks.at(-1)?.players ?? 0),
      of((ticks) => sum(ticks, "stalls")),
      of((ticks) => sum(ticks, "resyncs")),
    ]);
  }

  close(): void {
    for (const chart of [this.#times, this.#bytes, this.#players]) chart.close();
  }
}
