import type { SystemReport, Timeline } from "../report/report.ts";
import type { ByTick } from "../run/messages.ts";
import { shortMs, titleOf } from "./groups.ts";
import { element, escaped, round, textElement } from "./markup.ts";
import { picture } from "./picture.ts";
import { linearScale } from "./scale.ts";
import { systemClass } from "./theme.ts";

const WIDTH = 860;
const PANEL = 110;
const GAP = 46;
const [LEFT, RIGHT] = [46, WIDTH - 8];

interface Panel {
  readonly title: string;
  readonly of: (timeline: Timeline) => ByTick;
  readonly label: (value: number) => string;
}

const panels: readonly Panel[] = [
  { title: "to the last client, ms", of: ({ lastMs }) => lastMs, label: shortMs },
  { title: "tick lateness on the server, ms", of: ({ latenessMs }) => latenessMs, label: shortMs },
  {
    title: "bytes per client and tick",
    of: ({ bytes }) => bytes,
    label: (value) => (value >= 1000 ? `${Number((value / 1000).toFixed(1))}k` : String(Math.round(value))),
  },
];

/** One run tick by tick: the last receiver, the lateness on the server, and bytes, one under the other. */
export function timelineChart(systems: readonly SystemReport[]): string {
  const shown = systems.flatMap(({ name, hz, timeline }) =>
    timeline === null ? [] : [{ name, hz, timeline }],
  );
  const ticks = Math.max(...shown.map(({ timeline }) => timeline.lastMs.length), 0);
  const hz = shown[0]?.hz ?? 20;
  if (ticks === 0) return "";
  const seconds = linearScale({ values: [ticks / hz], from: LEFT, to: RIGHT, label: String });
  const xAt = (tick: number): number => LEFT + (tick / Math.max(1, ticks - 1)) * (RIGHT - LEFT);
  const height = panels.length * (PANEL + GAP) + 24;
  return picture(
    { width: WIDTH, height, says: "One run, tick by tick" },
    ...panels.map((panel, i) => drawn(panel, shown, xAt, GAP + i * (PANEL + GAP) - 18)),
    ...seconds.ticks
      .filter(({ value }) => value * hz <= ticks)
      .map(({ value, label }) =>
        textElement(
          "text",
          { x: Math.min(xAt(value * hz), RIGHT - 6), y: height - 24, "text-anchor": "middle" },
          label,
        ),
      ),
    textElement(
      "text",
      { x: (LEFT + RIGHT) / 2, y: height - 6, "text-anchor": "middle" },
      "seconds of the measured time",
    ),
  );
}

function drawn(
  { title, of, label }: Panel,
  shown: readonly { readonly name: string; readonly timeline: Timeline }[],
  xAt: (tick: number) => number,
  top: number,
): string {
  const bottom = top + PANEL;
  const values = shown.flatMap(({ timeline }) => of(timeline).filter((value) => value !== null));
  const y = linearScale({ values, from: bottom, to: top, label });
  return [
    textElement("text", { x: 0, y: top - 9 }, title),
    ...y.ticks.map(({ value, label: says }) =>
      [
        element("path", {
          class: value === 0 ? "axis" : "grid",
          d: `M${LEFT} ${round(y.at(value))}H${RIGHT}`,
        }),
        textElement("text", { x: LEFT - 7, y: y.at(value) + 4, "text-anchor": "end" }, says),
      ].join(""),
    ),
    ...shown
      .toReversed()
      .map(({ name, timeline }) =>
        element(
          "g",
          { class: `series ${systemClass(name)}`, "data-series": name },
          `<title>${escaped(titleOf(name))}</title>`,
          element("path", { class: "curve", "stroke-width": 1.5, d: lineOf(of(timeline), xAt, y.at) }),
        ),
      ),
  ].join("");
}

/** Interrupted where a tick has no figure. */
function lineOf(values: ByTick, xAt: (tick: number) => number, yAt: (value: number) => number): string {
  return values
    .map((value, tick) => {
      if (value === null) return "";
      const starts = tick === 0 || values[tick - 1] === null;
      return `${starts ? "M" : "L"}${round(xAt(tick))} ${round(yAt(value))}`;
    })
    .join("");
}
