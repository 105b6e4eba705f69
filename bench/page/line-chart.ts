import { element, escaped, round, textElement } from "./markup.ts";
import { linearScale, logScale, type Scale, scaleOf } from "./scale.ts";
import { systemClass } from "./theme.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
  /** Between what the true value lies; absent: nobody knows. */
  readonly low?: number;
  readonly high?: number;
  /** The run failed, or is not to be trusted: drawn hollow. */
  readonly doubtful: boolean;
}

export interface Series {
  /** As systems are named in reports. */
  readonly name: string;
  readonly title: string;
  readonly points: readonly Point[];
}

export interface LineChart {
  readonly width: number;
  readonly height: number;
  /** Pixels between the edges and the plot; on the right are the names, where there is room. */
  readonly margin: {
    readonly top: number;
    readonly right: number;
    readonly bottom: number;
    readonly left: number;
  };
  /** For those who do not see it. */
  readonly describes: string;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly xLabel: (value: number) => string;
  readonly yLabel: (value: number) => string;
  readonly series: readonly Series[];
  /** Whether names and last values stand at the ends of the lines. */
  readonly names: "at-ends" | "elsewhere";
  readonly fontSize?: number;
}

/** What is drawn inside of a chart's `svg`: axes, a line for each series, its points and their intervals. */
export function lineChart(chart: LineChart): string {
  const { width, height, margin, series, xTitle, yTitle, fontSize = 12.5 } = chart;
  const points = series.flatMap((one) => one.points);
  if (points.length === 0) return textElement("text", { x: 20, y: 40 }, "Nothing was measured.");
  const [left, right, top, bottom] = [margin.left, width - margin.right, margin.top, height - margin.bottom];
  const y = scaleOf({
    values: points.flatMap((point) => [point.y, point.high ?? point.y, point.low ?? point.y]),
    from: bottom,
    to: top,
    label: chart.yLabel,
  });
  const xs = [...new Set(points.map((point) => point.x))].sort((a, b) => a - b);
  const x = xScale(xs, left, right, chart.xLabel);
  return [
    ...y.ticks.map(({ value, label }) =>
      [
        element("path", { class: "grid", d: `M${left} ${round(y.at(value))}H${right}` }),
        textElement("text", { x: left - 8, y: y.at(value) + fontSize * 0.35, "text-anchor": "end" }, label),
      ].join(""),
    ),
    element("path", { class: "axis", d: `M${left} ${bottom}H${right}` }),
    ...x.ticks.map(({ value, label }) =>
      [
        element("path", { class: "axis", d: `M${round(x.at(value))} ${bottom}v5` }),
        textElement("text", { x: x.at(value), y: bottom + fontSize * 1.6, "text-anchor": "middle" }, label),
      ].join(""),
    ),
    textElement("text", { x: (left + right) / 2, y: height - 4, "text-anchor": "middle" }, xTitle),
    textElement(
      "text",
      { x: 0, y: top - fontSize * 0.9 },
      `${yTitle}${y.kind === "log" ? ", log scale" : ""}`,
    ),
    // Tickcast last: its line is above the others.
    ...series.toReversed().map((one) => drawn(one, x, y, chart)),
    ...(chart.names === "at-ends" ? endNames(series, y, right, [top, bottom], chart) : []),
  ].join("");
}

function xScale(xs: readonly number[], left: number, right: number, label: (value: number) => string): Scale {
  const inner = { from: left + 14, to: right - 14 };
  const [least = 1, most = 1] = [xs[0], xs.at(-1)];
  const scale =
    least > 0 && most / least >= 8
      ? logScale({ values: xs, ...inner, label })
      : linearScale({ values: xs, ...inner, label });
  // Of the scale just the ends that were measured.
  const [first, last] = [scale.at(least), scale.at(most)];
  const spread = last === first ? 1 : (inner.to - inner.from) / (last - first);
  return {
    at: (value) => (last === first ? (left + right) / 2 : inner.from + (scale.at(value) - first) * spread),
    ticks: xs.map((value) => ({ value, label: label(value) })),
  };
}

function drawn(
  { name, title, points }: Series,
  x: Scale,
  y: Scale,
  { xLabel, yLabel, xTitle }: LineChart,
): string {
  const sorted = points.toSorted((a, b) => a.x - b.x);
  const line = sorted.map(
    (point, i) => `${i === 0 ? "M" : "L"}${round(x.at(point.x))} ${round(y.at(point.y))}`,
  );
  return element(
    "g",
    { class: `series ${systemClass(name)}`, "data-series": name },
    ...sorted
      .filter(({ low, high }) => low !== undefined && high !== undefined && high > low)
      .map(({ x: at, low = 0, high = 0 }) =>
        element("path", {
          class: "whisker",
          d: `M${round(x.at(at))} ${round(y.at(low))}V${round(y.at(high))}m-4 0h8M${round(x.at(at) - 4)} ${round(y.at(low))}h8`,
        }),
      ),
    element("path", { class: "curve", d: line.join("") }),
    ...sorted.map((point) => {
      const says = `${title}: ${yLabel(point.y)} at ${xLabel(point.x)} ${xTitle}${point.doubtful ? " (failed or not trustworthy)" : ""}`;
      const at = { cx: x.at(point.x), cy: y.at(point.y) };
      return (
        element("circle", { class: `dot${point.doubtful ? " doubtful" : ""}`, ...at, r: 4 }) +
        element("circle", { class: "hit", ...at, r: 12, "data-tip": says }, `<title>${escaped(says)}</title>`)
      );
    }),
  );
}

/** Names with the last values, at the height of the lines' ends, but not on one another. */
function endNames(
  series: readonly Series[],
  y: Scale,
  right: number,
  [top, bottom]: readonly [number, number],
  { fontSize = 12.5, yLabel }: LineChart,
): string[] {
  const ends = series
    .flatMap(({ name, title, points }) => {
      const last = points.toSorted((a, b) => a.x - b.x).at(-1);
      return last === undefined ? [] : [{ name, title, value: last.y, wanted: y.at(last.y) }];
    })
    .sort((a, b) => a.wanted - b.wanted);
  const apart = fontSize * 1.35;
  const places = spreadOut(
    ends.map(({ wanted }) => wanted),
    apart,
    top,
    bottom,
  );
  return ends.map(({ name, title, value, wanted }, i) => {
    const at = places[i] ?? wanted;
    return element(
      "g",
      { class: `series ${systemClass(name)}`, "data-series": name },
      element("path", { class: "leader", d: `M${right - 6} ${round(wanted)}L${right + 8} ${round(at)}h6` }),
      element(
        "text",
        { class: "name", x: right + 18, y: at + fontSize * 0.35 },
        escaped(title),
        textElement("tspan", { class: "strong", dx: 8 }, yLabel(value)),
      ),
    );
  });
}

/** Moves sorted places apart, within bounds where there is room. */
export function spreadOut(places: readonly number[], apart: number, low: number, high: number): number[] {
  const down: number[] = [];
  for (const place of places) down.push(Math.max(place, (down.at(-1) ?? low - apart) + apart));
  const up: number[] = [];
  for (const place of down.toReversed()) up.push(Math.min(place, (up.at(-1) ?? high + apart) - apart));
  return up.reverse();
}
