import { button, fitCanvas, h, setText, themeColour } from "../parts/dom.ts";
import { ms } from "../parts/format.ts";
import { type TickHistory, type TickView, wholeOf } from "./tick-history.ts";

const BAR = 4;
const GAP = 1;
/** Room for marks below the bars, and for the scale beside them. */
const MARKS = 22;
const SCALE = 52;

export interface TickStripOptions {
  readonly periodMs: number;
  /** A tick was chosen, or none any more. */
  readonly choose: (tick: number | undefined) => void;
}

/** One bar a tick: how late it began, and how long it took. A click on one shows what was in it. */
export class TickStrip {
  readonly element: HTMLElement;
  readonly #options: TickStripOptions;
  readonly #canvas = h("canvas", {
    class: "strip",
    tabindex: 0,
    role: "slider",
    "aria-label": "Ticks, the newest to the right; arrow keys choose one, Escape goes on",
  });
  readonly #hint = h("span", { class: "hint strip-hint" });
  readonly #live: HTMLButtonElement;
  readonly #redraw = (): void => this.#draw();
  readonly #resized = new ResizeObserver(this.#redraw);
  #history: TickHistory;
  #chosen: number | undefined;
  #hovered: number | undefined;
  /** The last tick that is shown while one is chosen: the strip stands still. */
  #end: number | undefined;

  constructor(history: TickHistory, options: TickStripOptions) {
    this.#history = history;
    this.#options = options;
    this.#live = button("Live", () => this.choose(undefined), { class: "button small", hidden: true });
    const worst = button("Worst", () => this.#chooseWorst(), {
      class: "button small",
      title: "The worst tick of those that are kept",
    });
    this.element = h(
      "section",
      { class: "panel strip-panel", "aria-label": "Ticks" },
      h("header", {}, h("h2", {}, "Ticks"), this.#hint, worst, this.#live),
      this.#canvas,
      legend(),
    );
    this.#canvas.addEventListener("pointermove", (event) => this.#hover(this.#tickAt(event)));
    this.#canvas.addEventListener("pointerleave", () => this.#hover(undefined));
    this.#canvas.addEventListener("click", (event) => {
      const at = this.#tickAt(event);
      if (at !== undefined) this.choose(at.tick === this.#chosen ? undefined : at.tick);
    });
    this.#canvas.addEventListener("keydown", (event) => this.#press(event));
    this.#resized.observe(this.#canvas);
    addEventListener("themechange", this.#redraw);
  }

  /** The history has grown. */
  grown(): void {
    if (this.#chosen !== undefined && this.#end === undefined) this.#holdStill();
    this.#draw();
  }

  choose(tick: number | undefined): void {
    this.#chosen = tick;
    this.#live.hidden = tick === undefined;
    if (tick === undefined) this.#end = undefined;
    else this.#holdStill();
    this.#options.choose(tick);
    this.#draw();
  }

  close(): void {
    this.#resized.disconnect();
    removeEventListener("themechange", this.#redraw);
  }

  /** The strip stands still where the chosen tick is seen. */
  #holdStill(): void {
    const place = this.#history.placeOf(this.#chosen ?? 0);
    if (place < 0) return;
    const { ticks } = this.#history;
    const [first, last] = this.#window();
    if (this.#end !== undefined && place >= first && place <= last) return;
    const isSeen = this.#end === undefined && place >= first;
    const end = isSeen ? last : Math.min(ticks.length - 1, place + Math.floor(this.#most / 2));
    this.#end = ticks[end]?.tick;
  }

  #chooseWorst(): void {
    const worst = this.#history.worst(Number.POSITIVE_INFINITY);
    if (worst === undefined) return;
    this.#end = undefined;
    this.choose(worst.tick);
    this.#canvas.focus();
  }

  #press(event: KeyboardEvent): void {
    const { ticks } = this.#history;
    const at = this.#chosen === undefined ? ticks.length : this.#history.placeOf(this.#chosen);
    const step = event.shiftKey ? 10 : 1;
    const places: Readonly<Record<string, number>> = {
      ArrowLeft: at - step,
      ArrowRight: at + step,
      Home: 0,
      End: ticks.length - 1,
    };
    const place = places[event.key];
    if (place === undefined && event.key !== "Escape") return;
    event.preventDefault();
    this.choose(
      place === undefined ? undefined : ticks[Math.min(ticks.length - 1, Math.max(0, place))]?.tick,
    );
  }

  #hover(tick: TickView | undefined): void {
    if (this.#hovered === tick?.tick) return;
    this.#hovered = tick?.tick;
    this.#draw();
  }

  get #most(): number {
    return Math.max(1, Math.floor((this.#canvas.clientWidth - SCALE) / BAR));
  }

  /** Places of the first and the last tick that are shown. */
  #window(): readonly [first: number, last: number] {
    const end = this.#end === undefined ? -1 : this.#history.placeOf(this.#end);
    const last = end < 0 ? this.#history.ticks.length - 1 : end;
    return [Math.max(0, last - this.#most + 1), last];
  }

  #tickAt({ offsetX }: MouseEvent): TickView | undefined {
    const [first, last] = this.#window();
    const fromRight = Math.floor((this.#canvas.clientWidth - offsetX) / BAR);
    const place = last - fromRight;
    return place >= first && place <= last ? this.#history.ticks[place] : undefined;
  }

  #draw(): void {
    const { pen, width, height } = fitCanvas(this.#canvas);
    if (width === 0) return;
    const [first, last] = this.#window();
    const shown = this.#history.ticks.slice(first, last + 1);
    const period = this.#options.periodMs * 1_000;
    // One that took very long must not make all others flat: it is cut, with a cap.
    const top = Math.min(2.5 * period, Math.max(period / 10, ...shown.map(wholeOf)) * 1.08);
    const base = height - MARKS;
    const scale = (base - 6) / top;
    this.#drawScale(pen, { width, base, scale, top, period });
    shown.forEach((tick, index) => {
      const x = width - (shown.length - index) * BAR;
      this.#drawBar(pen, tick, { x, base, scale, period });
      drawMarks(pen, tick, x, base);
    });
    this.#say();
  }

  #drawScale(
    pen: CanvasRenderingContext2D,
    at: {
      readonly width: number;
      readonly base: number;
      readonly scale: number;
      readonly top: number;
      readonly period: number;
    },
  ): void {
    const { width, base, scale, top, period } = at;
    pen.font = "11px ui-sans-serif, system-ui, sans-serif";
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    const step = niceStep(top / 3);
    for (let value = 0; value <= top; value += step) {
      const y = Math.round(base - value * scale) + 0.5;
      pen.fillStyle = themeColour("grid");
      pen.fillRect(SCALE, y, width - SCALE, 1);
      pen.fillStyle = themeColour("faint");
      pen.fillText(`${trimmed(value / 1_000)} ms`, SCALE - 8, y);
    }
    if (period > top) return;
    const y = Math.round(base - period * scale) + 0.5;
    pen.strokeStyle = themeColour("coral");
    pen.setLineDash([4, 4]);
    pen.beginPath();
    pen.moveTo(SCALE, y);
    pen.lineTo(width, y);
    pen.stroke();
    pen.setLineDash([]);
  }

  #drawBar(
    pen: CanvasRenderingContext2D,
    tick: TickView,
    {
      x,
      base,
      scale,
      period,
    }: { readonly x: number; readonly base: number; readonly scale: number; readonly period: number },
  ): void {
    const isMarked = tick.tick === this.#chosen || tick.tick === this.#hovered;
    if (isMarked) {
      pen.fillStyle = themeColour("marked");
      pen.fillRect(x - 1, 0, BAR + 1, base + MARKS);
    }
    const whole = Math.min(base, Math.max(2, wholeOf(tick) * scale));
    const late = Math.min(whole, Math.max(0, tick.lateness) * scale);
    pen.fillStyle = toneOf(tick, period);
    pen.fillRect(x, base - whole, BAR - GAP, whole);
    if (whole === base) {
      pen.fillStyle = themeColour("text");
      pen.fillRect(x, 0, BAR - GAP, 3);
    }
    if (late < 1) return;
    pen.fillStyle = themeColour("veil");
    pen.fillRect(x, base - late, BAR - GAP, late);
  }

  /** In words what the strip shows: of the tick under the pointer, or else of the chosen one. */
  #say(): void {
    const named = this.#hovered ?? this.#chosen;
    const tick = this.#history.ticks[this.#history.placeOf(named ?? 0)];
    const text =
      tick === undefined
        ? "Click a bar to see what was in it."
        : `Tick ${tick.tick}: ${ms((tick.flushed || tick.step + tick.commit + tick.publish) / 1_000)}, ${ms(Math.max(0, tick.lateness) / 1_000)} late`;
    setText(this.#hint, text);
    const { ticks } = this.#history;
    this.#canvas.setAttribute("aria-valuemin", String(ticks[0]?.tick ?? 0));
    this.#canvas.setAttribute("aria-valuemax", String(this.#history.newest));
    this.#canvas.setAttribute("aria-valuenow", String(this.#chosen ?? this.#history.newest));
    this.#canvas.setAttribute("aria-valuetext", this.#chosen === undefined ? "live" : text);
  }
}

/** By the larger of lateness and duration, as a share of the period. */
function toneOf(tick: TickView, period: number): string {
  const share = Math.max(tick.lateness, tick.flushed) / period;
  if (share >= 1 || tick.slipped > 0) return themeColour("coral");
  return themeColour(share >= 0.5 ? "amber" : "mint");
}

function drawMarks(pen: CanvasRenderingContext2D, tick: TickView, x: number, base: number): void {
  const marks = [
    [tick.joins, "sky", 4],
    [tick.resyncs + tick.stalls, "violet", 10],
    [tick.slipped + tick.faults, "coral", 16],
  ] as const;
  for (const [number, colour, y] of marks) {
    if (number === 0) continue;
    pen.fillStyle = themeColour(colour);
    pen.fillRect(x, base + y, BAR - GAP, 4);
  }
}

function legend(): HTMLElement {
  const items = [
    ["mint", "below half a period"],
    ["amber", "above half"],
    ["coral", "above a whole, slipped or failed"],
    ["sky", "joins"],
    ["violet", "stalls and resyncs"],
  ] as const;
  return h(
    "p",
    { class: "strip-legend" },
    ...items.map(([colour, text]) => h("span", { class: "chart-line", "data-colour": colour }, text)),
    h("span", { class: "chart-line", "data-colour": "late" }, "lateness, the lower part of a bar"),
  );
}

/** 1, 2 or 5 of some power of ten, at least `least`. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((factor) => factor * power >= least) ?? 10);
}

function trimmed(value: number): string {
  return String(Math.round(value * 1_000) / 1_000);
}
