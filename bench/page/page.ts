import type { Collection } from "../all/collection.ts";
import { barChart } from "./bar-chart.ts";
import { card, narrowCard } from "./card.ts";
import { curveChart } from "./curve-chart.ts";
import { factsOf } from "./facts.ts";
import {
  bytesPerPlayer,
  clientsOf,
  count,
  cpuPerFrame,
  type Group,
  groupsOf,
  lastP50,
  lastP99,
  type Metric,
  seriesOf,
  systemsOf,
  titleOf,
} from "./groups.ts";
import { headlineOf } from "./headline.ts";
import { lineChart } from "./line-chart.ts";
import { element, escaped, textElement } from "./markup.ts";
import { picture } from "./picture.ts";
import { pageScript } from "./script.ts";
import { type Mark, type StepView, stepView, type Table } from "./steps.ts";
import { pageStyle } from "./style.ts";
import { chartStyle, systemClass } from "./theme.ts";
import { timelineChart } from "./timeline-chart.ts";

/** Nothing is asked of anybody: what the page has, it has in it. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";
const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='4' fill='%230a8f69'/%3E%3Cpath d='M3 11l4-4 2 2 4-5' stroke='white' stroke-width='2' fill='none'/%3E%3C/svg%3E";

/** Everything that was measured as one HTML file, that needs no other. */
export function reportPage(collection: Collection): string {
  const { sentence } = headlineOf(collection);
  return [
    "<!doctype html>",
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    textElement("title", {}, "Tickcast, measured"),
    `<meta name="description" content="${escaped(sentence)}">`,
    `<link rel="icon" href="${ICON}">`,
    `<style>${pageStyle}</style><style id="chart-style">${chartStyle}</style></head><body><main>`,
    first(collection),
    ...groupsOf(collection).map(section),
    textElement("h2", {}, "Every figure"),
    textElement(
      "p",
      { class: "muted" },
      "Milliseconds count from a tick's intended time. “Last” is the last client that had a tick, over ticks; “each” is every frame of every client. Rows that lose and runs that failed are shown like all others.",
    ),
    ...collection.results.map((result) => step(stepView(result))),
    "</main>",
    foot(collection),
    `<div id="tip" role="status"></div><script>${pageScript}</script></body></html>\n`,
  ].join("\n");
}

function first(collection: Collection): string {
  const { sentence, doubts, rounds } = headlineOf(collection);
  const [fanout] = groupsOf(collection);
  return element(
    "section",
    { id: "first" },
    textElement("h1", {}, sentence),
    element("div", { class: "card wide-card" }, card(collection)),
    element(
      "div",
      { class: "card narrow" },
      narrowCard(collection),
      fanout === undefined ? "" : legend(fanout),
    ),
    element(
      "div",
      { class: "bar" },
      textElement("button", { id: "save", class: "main", type: "button" }, "Save as PNG, 1200 × 630"),
      element("pre", {}, textElement("code", { id: "command" }, collection.command)),
      textElement("button", { "data-copy": collection.command, type: "button" }, "Copy"),
      textElement("button", { id: "theme", type: "button" }, "Dark / light"),
    ),
    textElement("p", { class: "muted small narrow-note" }, rounds),
    ...marks(doubts.map((doubt) => ({ kind: "warn", text: `not trustworthy: ${doubt}` }))),
  );
}

function section(group: Group): string {
  const { title, members, scenario } = group;
  const isFirst = scenario === "fanout";
  const several = members.length > 1;
  const chartOf = (metric: Metric, says: string): string =>
    figure(
      metric.title,
      says,
      several ? overClients(group, metric) : barChart(seriesOf(group, metric), metric),
    );
  const largest =
    members.findLast(({ report }) => (report.systems[0]?.failures.length ?? 1) === 0) ?? members.at(-1);
  const ends = largest && [...new Set([largest.report.systems[0], largest.report.systems.at(-1)])];
  const most = members.at(-1);
  const clients = members.map(({ report }) => count(clientsOf(report))).join(", ");
  return [
    textElement("h2", {}, titleOfGroup(title)),
    textElement("p", { class: "muted" }, `${scenarioSays[scenario] ?? ""} ${clients} clients.`.trim()),
    legend(group),
    element(
      "div",
      { class: "charts" },
      distributions(group),
      // The first chart of the page shows the p99 of fan-out.
      isFirst && several
        ? chartOf(lastP50, "Milliseconds until the last client has a tick, in the median tick.")
        : chartOf(lastP99, "Milliseconds until the last client has a tick, in 99 of 100 ticks."),
      chartOf(cpuPerFrame, "All that the server process does, over the frames that clients had."),
      figure(
        bytesPerPlayer.title,
        most === undefined ? "" : `With ${count(clientsOf(most.report))} clients.`,
        barChart(seriesOf({ members: members.slice(-1) }, bytesPerPlayer), bytesPerPlayer),
      ),
      largest === undefined || ends === undefined
        ? ""
        : element(
            "figure",
            { class: "card wide", style: "margin:0" },
            textElement("h3", {}, "One run, tick by tick"),
            textElement(
              "p",
              { class: "muted small" },
              `${count(clientsOf(largest.report))} clients: ${ends.flatMap((end) => (end === undefined ? [] : [titleOf(end.name)])).join(" and ")}.`,
            ),
            `<div class="scroll">${timelineChart(ends.filter((end) => end !== undefined))}</div>`,
          ),
    ),
  ].join("\n");
}

const titleOfGroup = (title: string): string => `${title.slice(0, 1).toUpperCase()}${title.slice(1)}`;

const scenarioSays: Readonly<Record<string, string>> = {
  fanout: "One room of 200 rows, three fields of each changing every tick, sent to everyone.",
  rooms: "Many small rooms in one process, each sent to its own players; in all there are",
  crowd: "One room in which all players walk and see those near them.",
};

/** The distribution at each number of clients, of which one is looked at. */
function distributions({ title, members }: Group): string {
  const shown = members.filter(({ report }) => systemsOf(report).some(({ curves }) => curves.all.length > 0));
  const chosen = shown.length - 1;
  return figure(
    "Latency of every frame",
    "Cumulative: the higher and the further to the left, the better.",
    shown.length < 2
      ? ""
      : element(
          "fieldset",
          { class: "choice" },
          textElement("legend", { class: "hidden" }, "Clients"),
          ...shown.map(({ report }, i) =>
            element(
              "label",
              {},
              element("input", {
                type: "radio",
                name: `choice-${title}`,
                value: i,
                checked: i === chosen ? "" : undefined,
              }),
              escaped(`${count(clientsOf(report))} clients`),
            ),
          ),
        ),
    ...shown.map(({ report }, i) =>
      element(
        "div",
        { "data-choice": i, hidden: i === chosen ? undefined : "" },
        curveChart(systemsOf(report), clientsOf(report)),
      ),
    ),
  );
}

function overClients(group: Group, metric: Metric): string {
  const [width, height] = [420, 330];
  return picture(
    { width, height, says: `${metric.title}, ${metric.unit}, over the number of clients` },
    lineChart({
      width,
      height,
      margin: { top: 30, right: 10, bottom: 46, left: 46 },
      describes: metric.title,
      xTitle: "clients",
      yTitle: metric.unit,
      xLabel: count,
      yLabel: metric.label,
      series: seriesOf(group, metric),
      names: "elsewhere",
    }),
  );
}

function figure(title: string, says: string, ...content: readonly string[]): string {
  return element(
    "figure",
    { class: "card", style: "margin:0" },
    textElement("h3", {}, title),
    textElement("p", { class: "muted small" }, says),
    ...content,
  );
}

function legend(group: Group): string {
  const series = seriesOf(group, lastP99);
  const hollow = series.some(({ points }) => points.some(({ doubtful }) => doubtful));
  return element(
    "ul",
    { class: "legend" },
    ...series.map(({ name, title }) =>
      element("li", { class: `key ${systemClass(name)}`, "data-of": name }, "<i></i>", escaped(title)),
    ),
    ...(hollow ? [textElement("li", { class: "key" }, "hollow: failed, or not trustworthy")] : []),
  );
}

function step({ title, command, tables, marks: all }: StepView): string {
  return element(
    "section",
    { class: "step" },
    textElement("h3", {}, title),
    element("pre", {}, textElement("code", {}, command)),
    ...tables.map(table),
    ...marks(all),
  );
}

function table({ head, rows }: Table): string {
  return element(
    "div",
    { class: "scroll" },
    element(
      "table",
      {},
      element(
        "thead",
        {},
        element("tr", {}, ...head.map((cell) => textElement("th", { scope: "col" }, cell))),
      ),
      element(
        "tbody",
        {},
        ...rows.map(({ cells, kind }) =>
          element("tr", { class: kind }, ...cells.map((cell) => textElement("td", {}, cell))),
        ),
      ),
    ),
  );
}

const signs: Readonly<Record<Mark["kind"], string>> = { bad: "✗", warn: "!", good: "✓", note: "·" };

function marks(all: readonly Mark[]): string[] {
  return all.map(({ kind, text }) =>
    element("span", { class: `mark ${kind}` }, textElement("b", {}, signs[kind]), escaped(text)),
  );
}

function foot(collection: Collection): string {
  return element(
    "footer",
    {},
    textElement("h2", {}, "Measured on"),
    element(
      "dl",
      {},
      ...factsOf(collection).flatMap(([name, value]) => [
        textElement("dt", {}, name),
        textElement("dd", {}, value),
      ]),
    ),
    textElement(
      "p",
      { class: "muted small" },
      "Server and load have a core each, and fresh processes in every run. Ticks have intended times, and latency counts from there, whatever delays a tick. How it is measured, and what makes a run not trustworthy: docs/measurements.md.",
    ),
  );
}
