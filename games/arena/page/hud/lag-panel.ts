import { element, setText } from "../element.ts";
import { type Lag, type LagFigure, MOST } from "../lag/lag-settings.ts";
import { LINES, LinkGraph } from "../lag/link-graph.ts";
import { type LinkReading, LinkReadings } from "../lag/link-readings.ts";
import type { Panel } from "./panels.ts";

const REFRESH_MS = 100;
const NONE = "–";

/** A bad network to try the game on, and what becomes of it: figures of the link over the last 20 s. */
export class LagPanel implements Panel {
  readonly view = element("lag", HTMLElement);
  readonly button = element("lag-button", HTMLButtonElement);
  readonly keys = ["KeyL"];
  readonly #lag: Lag;
  readonly #switch = element("lag-switch", HTMLButtonElement);
  readonly #graph = new LinkGraph(element("lag-graph", HTMLCanvasElement));
  readonly #readings = new LinkReadings();
  readonly #legend = new Map<keyof LinkReading, HTMLElement>();
  #refreshAt = 0;

  constructor(lag: Lag) {
    this.#lag = lag;
    this.#switch.addEventListener("click", () => this.#turn(!lag.settings.on));
    for (const figure of ["latency", "jitter", "stall"] as const) this.#slider(figure);
    for (const figure of [...LINES.map((line) => line.figure), "corrections"] as const)
      this.#legend.set(figure, element(`lag-${figure}-now`, HTMLElement));
    this.#show();
  }

  reset(): void {
    this.#readings.reset();
  }

  /** Call for each frame: what is seen when the panel opens is what was before. */
  look(room: { readonly statistics: object }, now: number): void {
    this.#readings.look(now, room);
    if (this.view.hidden || now < this.#refreshAt) return;
    this.#refreshAt = now + REFRESH_MS;
    const { samples } = this.#readings;
    this.#graph.draw(samples, now);
    const reading = samples.at(-1)?.reading;
    for (const [figure, output] of this.#legend) {
      const value = reading?.[figure];
      const unit = figure === "corrections" ? "" : " ms";
      setText(output, value === undefined ? NONE : `${Math.round(value)}${unit}`);
    }
  }

  #slider(figure: LagFigure): void {
    const input = element(`lag-${figure}`, HTMLInputElement);
    input.max = String(MOST[figure]);
    input.value = String(this.#lag.settings[figure]);
    input.addEventListener("input", () => {
      this.#lag.change({ [figure]: Number(input.value) });
      this.#show();
    });
    // Who dragged it goes on flying: keys are the ship's again. By keys it keeps them.
    input.addEventListener("pointerup", () => input.blur());
  }

  #turn(on: boolean): void {
    this.#lag.change({ on });
    this.#show();
  }

  #show(): void {
    const { on, latency, jitter, stall } = this.#lag.settings;
    this.#switch.ariaChecked = String(on);
    this.button.dataset.lagging = String(on);
    this.view.dataset.lagging = String(on);
    setText(element("lag-latency-text", HTMLElement), `${latency} ms`);
    setText(element("lag-jitter-text", HTMLElement), `${jitter} ms`);
    setText(element("lag-stall-text", HTMLElement), `${stall} ms`);
  }
}
