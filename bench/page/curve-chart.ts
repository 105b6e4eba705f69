import type { SystemReport } from "../report/report.ts";
import { CURVE_PERCENTS } from "../statistics/latency-histogram.ts";
import { shortMs, titleOf } from "./groups.ts";
import { element, escaped, round, textElement } from "./markup.ts";
import { picture } from "./picture.ts";
import { logScale } from "./scale.ts";
import { systemClass } from "./theme.ts";

const WIDTH = 420;
const HEIGHT = 330;
const [LEFT, RIGHT, TOP, BOTTOM] = [50, WIDTH - 10, 30, HEIGHT - 46];
/** Each 9 of "99.9 %" is as high as the one before. */
const LABELLED = [50, 90, 99, 99.9, 99.99] as const;
const NINES = 4;

const heightOf = (percent: number): number => {
  const nines = Math.min(NINES, -Math.log10(Math.max(1 - percent / 100, 10 ** -NINES)));
  return BOTTOM - (nines / NINES) * (BOTTOM - TOP);
};

/** Which share of all frames had arrived by when: from a tick's intended time, over every frame of every client. */
export function curveChart(systems: readonly SystemReport[], clients: number): string {
  const shown = systems.filter(({ curves }) => curves.all.length > 0);
  const values = shown.flatMap(({ curves }) => curves.all).filter((value) => value > 0);
  if (values.length === 0) return "";
  const x = logScale({ values, from: LEFT, to: RIGHT, label: shortMs });
  return picture(
    {
      width: WIDTH,
      height: HEIGHT,
      says: `Latency of all frames at ${clients} clients, cumulative distribution`,
    },
    ...LABELLED.map((percent) =>
      [
        element("path", { class: "grid", d: `M${LEFT} ${round(heightOf(percent))}H${RIGHT}` }),
        textElement("text", { x: LEFT - 7, y: heightOf(percent) + 4, "text-anchor": "end" }, `${percent} %`),
      ].join(""),
    ),
    element("path", { class: "axis", d: `M${LEFT} ${BOTTOM}H${RIGHT}` }),
    ...x.ticks.map(({ value, label }) =>
      [
        element("path", { class: "grid", d: `M${round(x.at(value))} ${TOP}V${BOTTOM}` }),
        textElement("text", { x: x.at(value), y: BOTTOM + 18, "text-anchor": "middle" }, label),
      ].join(""),
    ),
    textElement("text", { x: 0, y: 14 }, "share of frames that had arrived"),
    textElement(
      "text",
      { x: (LEFT + RIGHT) / 2, y: HEIGHT - 6, "text-anchor": "middle" },
      "ms after the tick's intended time, log scale",
    ),
    ...shown.toReversed().map(({ name, curves }) => {
      const points = curves.all.map((ms, i) => [x.at(ms), heightOf(CURVE_PERCENTS[i] ?? 100)] as const);
      const line = points.map(([px, py], i) => `${i === 0 ? "M" : "L"}${round(px)} ${round(py)}`).join("");
      return element(
        "g",
        { class: `series ${systemClass(name)}`, "data-series": name },
        element("path", { class: "curve", d: line }),
        ...points.map(([cx, cy], i) => {
          const says = `${titleOf(name)}: ${CURVE_PERCENTS[i]} % within ${shortMs(curves.all[i] ?? 0)} ms`;
          return element(
            "circle",
            { class: "hit", cx, cy, r: 6, "data-tip": says },
            `<title>${escaped(says)}</title>`,
          );
        }),
      );
    }),
  );
}
