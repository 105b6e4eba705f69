import { TICKS_PER_SECOND } from "../../arena.ts";
import type { GameRoom } from "../connection.ts";
import { contextOf, element, type Pen, setText } from "../element.ts";
import type { Panel } from "./panels.ts";

/** Five seconds of ticks. */
const SHOWN = TICKS_PER_SECOND * 5;
const PERIOD_MS = 1000 / TICKS_PER_SECOND;

interface Sample {
  readonly bytes: number;
  readonly gapMs: number;
}

/** The stream as it comes in: each tick's bytes and the time since the one before, drawn live. */
export class Inspector implements Panel {
  readonly view = element("inspector", HTMLElement);
  readonly button = element("inspector-button", HTMLButtonElement);
  readonly keys = ["KeyI"];
  readonly #tick = element("inspector-tick", HTMLElement);
  readonly #bytesText = element("inspector-bytes", HTMLElement);
  readonly #gapText = element("inspector-gap", HTMLElement);
  readonly #bytesPen = contextOf(element("inspector-bytes-chart", HTMLCanvasElement));
  readonly #gapPen = contextOf(element("inspector-gap-chart", HTMLCanvasElement));
  readonly #sight = element("inspector-sight", HTMLElement);
  readonly #place = element("inspector-place", HTMLElement);
  readonly #resyncs = element("inspector-resyncs", HTMLElement);
  readonly #note = element("inspector-note", HTMLElement);
  readonly #samples: Sample[] = [];
  #bytesBefore: number | undefined;
  #arrivedBefore = 0;

  ticked(room: GameRoom, now: number): void {
    const { bytesReceived, ticksMissed, resyncs, pauses } = room.statistics;
    if (this.#bytesBefore !== undefined && bytesReceived >= this.#bytesBefore) {
      this.#samples.push({ bytes: bytesReceived - this.#bytesBefore, gapMs: now - this.#arrivedBefore });
      if (this.#samples.length > SHOWN) this.#samples.shift();
    }
    this.#bytesBefore = bytesReceived;
    this.#arrivedBefore = now;
    if (this.view.hidden) return;

    const bytes = this.#samples.map((sample) => sample.bytes);
    const gaps = this.#samples.map((sample) => sample.gapMs);
    setText(this.#tick, room.tick.toLocaleString("en"));
    setText(this.#bytesText, `${bytes.at(-1) ?? 0} B · mean ${mean(bytes).toFixed(0)} B`);
    setText(this.#gapText, `${(gaps.at(-1) ?? 0).toFixed(1)} ms · max ${Math.max(0, ...gaps).toFixed(0)} ms`);
    drawBars(this.#bytesPen, bytes, Math.max(200, ...bytes), "#6ff0c0");
    drawBars(this.#gapPen, gaps, PERIOD_MS * 2, "#7db5ff");
    setText(this.#resyncs, `${resyncs} · ${pauses}`);
    this.#showWorld(room);
    setText(
      this.#note,
      ticksMissed === 0
        ? "MessagePack in binary frames, the same bytes for all who see the same; no tick missed."
        : `MessagePack in binary frames; ${ticksMissed} ticks missed.`,
    );
  }
  #showWorld({ me, state }: GameRoom): void {
    setText(this.#sight, `${state.players.size} ships · ${state.bullets.size} shots`);
    if (me !== undefined) setText(this.#place, `${me.x.toFixed(0)} · ${me.y.toFixed(0)} · ${me.life}`);
  }
}

function drawBars(pen: Pen, values: readonly number[], most: number, style: string): void {
  const { width, height } = pen.canvas;
  const step = width / SHOWN;
  pen.clearRect(0, 0, width, height);
  values.forEach((value, index) => {
    const bar = Math.max((Math.min(value, most) / most) * (height - 8), 2);
    const newest = index === values.length - 1;
    pen.globalAlpha = newest ? 1 : 0.35 + 0.4 * (index / values.length);
    pen.fillStyle = newest ? "#ffffff" : style;
    pen.fillRect((SHOWN - values.length + index) * step, height - bar, step - 1.5, bar);
  });
  pen.globalAlpha = 1;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
