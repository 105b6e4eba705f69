import type { Collection } from "../all/collection.ts";
import { count, type Group, groupsOf, lastP99, seriesOf } from "./groups.ts";
import { type Headline, headlineOf } from "./headline.ts";
import { lineChart } from "./line-chart.ts";
import { element, textElement } from "./markup.ts";
import { picture } from "./picture.ts";
import { chartStyle, pictureColours } from "./theme.ts";

/** What links are shown with elsewhere: the size that social networks ask for. */
const WIDTH = 1200;
const HEIGHT = 630;
const EDGE = 48;
const SENTENCE_PX = 37;
/** So many characters of the sentence fit into a line. */
const SENTENCE_CHARACTERS = 56;
/** A character of the command, in its own height. */
const MONO_WIDTH = 0.61;

/** The first chart, 1200 × 630: the sentence, the last receiver over N, and the command that repeats it. */
export function card(collection: Collection): string {
  return cardWith(collection);
}

/** The chart for a README: a picture that stands alone, in dark and light. */
export function standaloneCard(collection: Collection): string | undefined {
  if (fanoutGroup(collection) === undefined) return undefined;
  return cardWith(
    collection,
    textElement("desc", {}, collection.command),
    element("style", {}, pictureColours, chartStyle),
  );
}

function cardWith(collection: Collection, ...before: readonly string[]): string {
  const group = fanoutGroup(collection);
  const headline = headlineOf(collection);
  const { sentence } = headline;
  const lines = wrapped(sentence, SENTENCE_CHARACTERS);
  const top = 84 + lines.length * SENTENCE_PX * 1.2;
  return picture(
    { id: "card", width: WIDTH, height: HEIGHT, says: `${sentence} A chart: ${chartSays}` },
    ...before,
    element("rect", { class: "ground", width: WIDTH, height: HEIGHT }),
    textElement("text", { class: "name s-tickcast series", x: EDGE, y: 56, "font-size": 20 }, "Tickcast"),
    textElement(
      "text",
      { x: EDGE + 104, y: 56, "font-size": 17 },
      "one room, 200 moving units, everyone sees everything, 20 ticks a second",
    ),
    ...lines.map((line, i) =>
      textElement(
        "text",
        { class: "strong", x: EDGE, y: 106 + i * SENTENCE_PX * 1.2, "font-size": SENTENCE_PX },
        line,
      ),
    ),
    element(
      "g",
      { transform: `translate(${EDGE} ${top})`, "font-size": 16 },
      group === undefined ? "" : lastReceiver(group, WIDTH - 2 * EDGE, HEIGHT - top - 78, "at-ends"),
    ),
    ...footer(collection, headline),
  );
}

/** The same without sentence and command, for narrow screens. */
export function narrowCard(collection: Collection): string {
  const group = fanoutGroup(collection);
  return picture(
    { width: 400, height: 380, says: `A chart: ${chartSays}` },
    element(
      "g",
      { transform: "translate(6 0)" },
      group === undefined ? "" : lastReceiver(group, 388, 376, "elsewhere"),
    ),
  );
}

const chartSays =
  "milliseconds from a tick's intended time to its last receiver, 99th percentile, over the number of clients.";

function fanoutGroup(collection: Collection): Group | undefined {
  return groupsOf(collection).find(({ scenario }) => scenario === "fanout");
}

function lastReceiver(group: Group, width: number, height: number, names: "at-ends" | "elsewhere"): string {
  const wide = names === "at-ends";
  return lineChart({
    width,
    height,
    margin: { top: wide ? 34 : 28, right: wide ? 262 : 8, bottom: wide ? 52 : 44, left: 46 },
    describes: chartSays,
    xTitle: "clients in the room",
    yTitle: "ms to the last client, p99",
    xLabel: count,
    yLabel: lastP99.label,
    series: seriesOf(group, lastP99),
    names,
    fontSize: wide ? 16 : 13,
  });
}

function footer(collection: Collection, { doubts, rounds }: Headline): string[] {
  const { command, results } = collection;
  const machine = results.flatMap(({ outcome }) =>
    outcome.kind === "report" ? [outcome.report.machine] : [],
  )[0];
  const facts = machine && [machine.cpu, `${machine.cores} cores`, `Node ${machine.node}`, machine.commit];
  const said = `$ ${command}`;
  const note = doubts.length > 0 ? "Hollow points: not trustworthy on this machine. " : "";
  return [
    // Whole, or nobody could repeat it: the longer, the smaller.
    textElement(
      "text",
      {
        class: "mono strong",
        x: EDGE,
        y: HEIGHT - 40,
        "font-size": Math.min(16, (WIDTH - 2 * EDGE) / (said.length * MONO_WIDTH)),
      },
      said,
    ),
    textElement(
      "text",
      { x: EDGE, y: HEIGHT - 17, "font-size": 14 },
      `${note}${[rounds, ...(facts ?? [])].filter((fact) => fact !== null && fact !== "").join(" · ")}`,
    ),
  ];
}

/** Words in lines of about equal length, none longer than asked for. */
export function wrapped(text: string, most: number): string[] {
  const count = Math.ceil(text.length / most);
  const aim = Math.min(most, Math.ceil(text.length / count) + 4);
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines.at(-1) ?? "";
    if (last === "") lines[lines.length - 1] = word;
    else if (last.length + 1 + word.length <= aim) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

export const cardSize = { width: WIDTH, height: HEIGHT } as const;
