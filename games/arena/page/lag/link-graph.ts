import { contextOf, type Pen } from "../element.ts";
import { type LinkFigure, type Sample, SHOWN_MS } from "./link-readings.ts";

/** In the order of drawing, the most important on top; colours as in the page's style sheet. */
export const LINES: readonly { readonly figure: LinkFigure; readonly colour: string }[] = [
  { figure: "jitter", colour: "#b796ff" },
  { figure: "margin", colour: "#ffc46b" },
  { figure: "delay", colour: "#7db5ff" },
  { figure: "ping", colour: "#6ff0c0" },
];
const CORRECTION = "#ff6f7d";

/** Ends of the scale, in milliseconds. */
const SCALES = [50, 100, 200, 400, 800, 1_600, 3_200];
const FIVE_SECONDS_MS = 5_000;
const TEXT = '500 10px ui-monospace, "SF Mono", Menlo, Consolas, monospace';

/** The last 20 s of a link as lines, newest at the right. */
export class LinkGraph {
  readonly #canvas: HTMLCanvasElement;
  readonly #pen: Pen;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    this.#pen = contextOf(canvas);
  }

  draw(samples: readonly Sample[], now: number): void {
    const pen = this.#pen;
    const { width, height } = this.#fit();
    const values = samples.flatMap(({ reading }) => LINES.map(({ figure }) => reading[figure] ?? 0));
    const most = SCALES.find((scale) => scale >= Math.max(0, ...values)) ?? (SCALES.at(-1) as number);
    const lowest = Math.min(0, ...values);
    // Late inputs are below 0: room for them where there are any.
    const least = lowest < 0 ? -(SCALES.find((scale) => scale >= -lowest) ?? most) : 0;
    const top = 6;
    const bottom = height - 5;
    const x = (at: number): number => width * (1 - (now - at) / SHOWN_MS);
    const y = (ms: number): number =>
      bottom - ((Math.min(Math.max(ms, least), most) - least) / (most - least)) * (bottom - top);
    pen.clearRect(0, 0, width, height);
    this.#grid(width, most, least, y);
    for (const { at, corrected } of samples)
      if (corrected > 0) mark(pen, x(at), bottom, Math.min(3 + corrected * 2, 12));
    for (const { figure, colour } of LINES) {
      pen.strokeStyle = colour;
      trace(
        pen,
        samples.map(({ at, reading }) => [
          x(at),
          reading[figure] === undefined ? undefined : y(reading[figure]),
        ]),
      );
    }
  }

  /** As many pixels as the screen has there. */
  #fit(): { width: number; height: number } {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    const scale = devicePixelRatio;
    const [across, down] = [Math.round(width * scale), Math.round(height * scale)];
    if (this.#canvas.width !== across || this.#canvas.height !== down) {
      this.#canvas.width = across;
      this.#canvas.height = down;
    }
    this.#pen.setTransform(scale, 0, 0, scale, 0, 0);
    return { width, height };
  }

  #grid(width: number, most: number, least: number, y: (ms: number) => number): void {
    const pen = this.#pen;
    pen.lineWidth = 1;
    pen.font = TEXT;
    pen.textBaseline = "middle";
    // Where there is room for it.
    const half = y(most / 2) - y(most) > 22 ? [most / 2] : [];
    for (const ms of [most, ...half, 0, ...(least < 0 ? [least] : [])]) {
      const level = Math.round(y(ms)) + 0.5;
      pen.strokeStyle = ms === 0 ? "rgb(140 170 220 / 0.45)" : "rgb(140 170 220 / 0.16)";
      line(pen, 0, level, width, level);
      pen.fillStyle = "rgb(147 163 189 / 0.9)";
      const isNamed = ms > 0 || (ms < 0 && y(ms) - y(0) > 16);
      if (isNamed) pen.fillText(ms === most ? `${ms} ms` : `${ms}`, 4, ms === most ? level + 8 : level - 7);
    }
    pen.strokeStyle = "rgb(140 170 220 / 0.1)";
    for (let ago = FIVE_SECONDS_MS; ago < SHOWN_MS; ago += FIVE_SECONDS_MS) {
      const at = Math.round(width * (1 - ago / SHOWN_MS)) + 0.5;
      line(pen, at, y(most), at, y(least));
    }
  }
}

function line(pen: Pen, fromX: number, fromY: number, toX: number, toY: number): void {
  pen.beginPath();
  pen.moveTo(fromX, fromY);
  pen.lineTo(toX, toY);
  pen.stroke();
}

/** A line through points, with a gap where nothing is known. */
function trace(pen: Pen, points: readonly (readonly [number, number | undefined])[]): void {
  pen.lineWidth = 1.75;
  pen.lineJoin = "round";
  pen.beginPath();
  let isDrawing = false;
  for (const [x, y] of points) {
    if (y === undefined) isDrawing = false;
    else if (isDrawing) pen.lineTo(x, y);
    else {
      pen.moveTo(x, y);
      isDrawing = true;
    }
  }
  pen.stroke();
}

function mark(pen: Pen, x: number, bottom: number, height: number): void {
  pen.strokeStyle = CORRECTION;
  pen.lineWidth = 2;
  line(pen, x, bottom, x, bottom - height);
}
