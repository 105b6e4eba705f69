import type { Metric } from "./groups.ts";
import type { Series } from "./line-chart.ts";
import { element, escaped, round, textElement } from "./markup.ts";
import { picture } from "./picture.ts";
import { systemClass } from "./theme.ts";

const WIDTH = 420;
const ROW = 40;
const TOP = 30;
/** Room for the value behind the longest bar. */
const VALUE = 70;

/** A bar for each system: at the greatest number of clients, where there are several. */
export function barChart(series: readonly Series[], metric: Metric): string {
  const bars = series.flatMap(({ name, title, points }) => {
    const last = points.toSorted((a, b) => a.x - b.x).at(-1);
    return last === undefined ? [] : [{ name, title, ...last }];
  });
  const most = Math.max(...bars.map(({ y }) => y), Number.MIN_VALUE);
  const height = TOP + bars.length * ROW + 8;
  return picture(
    { width: WIDTH, height, says: `${metric.title}, ${metric.unit}` },
    textElement("text", { x: 0, y: 14 }, metric.unit),
    ...bars.map(({ name, title, y, doubtful }, i) => {
      const top = TOP + i * ROW;
      const length = (y / most) * (WIDTH - VALUE);
      const says = `${title}: ${metric.label(y)} ${metric.unit}`;
      return element(
        "g",
        { class: `series ${systemClass(name)}`, "data-series": name, "data-tip": says },
        `<title>${escaped(says)}</title>`,
        textElement("text", { x: 0, y: top + 13 }, title),
        element("rect", {
          class: `bar${doubtful ? " doubtful" : ""}`,
          x: 1,
          y: top + 19,
          width: Math.max(1, round(length)),
          height: 12,
          rx: 3,
        }),
        textElement("text", { class: "strong", x: length + 9, y: top + 29.5 }, metric.label(y)),
      );
    }),
  );
}
