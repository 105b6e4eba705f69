import type { TickNote } from "../../answers.ts";
import { h } from "../parts/dom.ts";
import { bytes, count, ms } from "../parts/format.ts";
import { type TickHistory, type TickView, wholeOf } from "./tick-history.ts";

interface Phase {
  readonly name: string;
  readonly colour: string;
  readonly of: (tick: TickView) => number;
}

const phases: readonly Phase[] = [
  { name: "late", colour: "late", of: ({ lateness }) => Math.max(0, lateness) },
  { name: "arrivals and game", colour: "sky", of: ({ step }) => step },
  { name: "compare and commit", colour: "violet", of: ({ commit }) => commit },
  { name: "encode and publish", colour: "mint", of: ({ publish }) => publish },
  {
    name: "flush",
    colour: "amber",
    of: ({ flushed, step, commit, publish }) => Math.max(0, flushed - step - commit - publish),
  },
];

/** Lines that tell one by one what happened; the rest is a number. */
const MOST_NOTES = 60;

const kinds: Readonly<Record<TickNote["kind"], string>> = {
  joined: "joined",
  left: "left",
  stalled: "fell behind",
  away: "went away",
  resynced: "got a resync",
  slipped: "The tick slipped",
  failed: "The game's code failed in",
};

/** What was in one tick: its phases, its counts, who joined and who got a resync. */
export class TickDetail {
  readonly element = h("section", {
    class: "panel tick-detail",
    "aria-label": "Tick",
    "aria-live": "polite",
    hidden: true,
  });
  #shown: number | undefined;

  show(tick: number | undefined, history: TickHistory): void {
    this.element.hidden = tick === undefined;
    const place = tick === undefined ? -1 : history.placeOf(tick);
    const view = history.ticks[place];
    if (tick !== undefined && view === undefined) {
      this.#shown = undefined;
      this.element.replaceChildren(
        h(
          "p",
          { class: "empty" },
          `Tick ${tick} is not kept: the server keeps a room's last 600, and only while somebody looks.`,
        ),
      );
    } else if (view !== undefined && this.#shown !== tick) {
      this.#shown = tick;
      this.element.replaceChildren(...describe(view, history.notesOf(view.tick)));
    }
  }
}

function describe(tick: TickView, notes: readonly TickNote[]): HTMLElement[] {
  return [
    h(
      "header",
      {},
      h("h2", {}, `Tick ${tick.tick}`),
      h("span", { class: "hint" }, `${ms(wholeOf(tick) / 1_000)} from due to flushed`),
    ),
    phaseBars(tick),
    counts(tick),
    noteList(notes),
  ];
}

function phaseBars(tick: TickView): HTMLElement {
  const whole = wholeOf(tick) || 1;
  const space = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(space, "svg");
  picture.setAttribute("class", "phases");
  picture.setAttribute("viewBox", "0 0 1000 14");
  picture.setAttribute("preserveAspectRatio", "none");
  picture.setAttribute("aria-hidden", "true");
  let x = 0;
  for (const { colour, of } of phases) {
    const width = (of(tick) / whole) * 1_000;
    const bar = document.createElementNS(space, "rect");
    for (const [name, value] of Object.entries({ x, y: 0, width: Math.max(0, width - 1.5), height: 14 }))
      bar.setAttribute(name, String(value));
    bar.setAttribute("class", `fill-${colour}`);
    picture.append(bar);
    x += width;
  }
  const list = h(
    "dl",
    { class: "phase-list" },
    ...phases.map(({ name, colour, of }) =>
      h(
        "div",
        {},
        h("dt", { class: "chart-line", "data-colour": colour }, name),
        h("dd", { class: "number" }, ms(of(tick) / 1_000)),
      ),
    ),
  );
  const box = h("div", { class: "phase-box" }, list);
  box.prepend(picture);
  return box;
}

function counts(tick: TickView): HTMLElement {
  const shown = [
    ["players", count(tick.players)],
    ["frames", count(tick.frames)],
    ["encoded", bytes(tick.bytes)],
    ["keyframes", count(tick.keyframes)],
    ["joins", count(tick.joins)],
    ["leaves", count(tick.leaves)],
    ["stalls", count(tick.stalls)],
    ["resyncs", count(tick.resyncs)],
    ["late inputs", count(tick.lateInputs)],
    ["slipped", tick.slipped === 0 ? "–" : ms(tick.slipped / 1_000)],
  ] as const;
  return h(
    "dl",
    { class: "counts" },
    ...shown.map(([name, value]) =>
      h(
        "div",
        { class: value === "0" || value === "–" ? "none" : "" },
        h("dt", {}, name),
        h("dd", { class: "number" }, value),
      ),
    ),
  );
}

function noteList(notes: readonly TickNote[]): HTMLElement {
  if (notes.length === 0)
    return h("p", { class: "hint" }, "Nobody joined, left, fell behind or came back in it.");
  const left = notes.length - MOST_NOTES;
  return h(
    "ul",
    { class: "tick-notes" },
    ...notes.slice(0, MOST_NOTES).map((note) => h("li", { "data-kind": note.kind }, sentenceOf(note))),
    left > 0 ? h("li", {}, `and ${left} more`) : undefined,
  );
}

function sentenceOf({ kind, player, why }: TickNote): string {
  const whole = player === null ? `${kinds[kind]} ${why}` : `Player ${player} ${kinds[kind]}`;
  return player !== null && why !== "" ? `${whole}: ${why}` : whole;
}
