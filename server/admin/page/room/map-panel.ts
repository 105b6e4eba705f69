import type { DefinitionAnswer, MapAnswer, RowAnswer } from "../../answers.ts";
import type { Api } from "../parts/api.ts";
import { fitCanvas, h, setText, themeColour } from "../parts/dom.ts";
import { count } from "../parts/format.ts";
import { poll } from "../parts/poll.ts";
import { frameOf, type MapFrame } from "./map-frame.ts";
import { valueText } from "./values.ts";

const PERIOD_MS = 500;
const COLOURS = ["mint", "amber", "sky", "violet", "coral"] as const;
/** How near the pointer has to be, in pixels. */
const REACH = 14;
const MARGIN = 10;

interface Dot {
  readonly table: string;
  readonly id: number;
}

/** Where everything is that has a position, by the definition alone: no game's code is needed. */
export class MapPanel {
  readonly element: HTMLElement;
  readonly #api: Pick<Api, "get">;
  readonly #id: string;
  readonly #definition: DefinitionAnswer;
  readonly #canvas = h("canvas", { class: "map", tabindex: 0, role: "img" });
  readonly #row = h("dl", { class: "map-row" });
  readonly #legend = h("div", { class: "map-legend" });
  readonly #hidden = new Set<string>();
  readonly #redraw = (): void => this.#draw();
  readonly #resized = new ResizeObserver(this.#redraw);
  readonly #stop: () => void;
  #map: MapAnswer | undefined;
  /** Under the pointer, or else clicked on. */
  #hovered: Dot | undefined;
  #pinned: Dot | undefined;

  constructor(api: Pick<Api, "get">, roomId: string, definition: DefinitionAnswer, everyMs = PERIOD_MS) {
    this.#api = api;
    this.#id = roomId;
    this.#definition = definition;
    this.element = h(
      "section",
      { class: "panel map-panel", "aria-label": "Map" },
      h("header", {}, h("h2", {}, "Map"), this.#legend),
      this.#canvas,
      this.#row,
    );
    this.#canvas.addEventListener("pointermove", (event) => this.#hover(this.#dotAt(event)));
    this.#canvas.addEventListener("pointerleave", () => this.#hover(undefined));
    this.#canvas.addEventListener("click", (event) => {
      this.#pinned = this.#dotAt(event);
      this.#hover(this.#pinned);
    });
    this.#resized.observe(this.#canvas);
    addEventListener("themechange", this.#redraw);
    this.#sayNothing();
    this.#stop = poll(everyMs, (signal) => this.#look(signal));
  }

  close(): void {
    this.#stop();
    this.#resized.disconnect();
    removeEventListener("themechange", this.#redraw);
  }

  async #look(signal: AbortSignal): Promise<void> {
    const given = await this.#api.get<MapAnswer>(`rooms/${this.#id}/map`, signal);
    if (!given.ok) return;
    this.#map = given.answer;
    this.#showLegend(given.answer);
    this.#draw();
    await this.#showRow(signal);
  }

  #showLegend({ tables }: MapAnswer): void {
    tables.forEach(({ name, total, ids }, index) => {
      let item = this.#legend.children[index];
      if (item === undefined) {
        const made = h("button", {
          type: "button",
          class: "chart-line",
          "data-colour": colourOf(index),
          "aria-pressed": true,
        });
        made.addEventListener("click", () => {
          if (!this.#hidden.delete(name)) this.#hidden.add(name);
          made.setAttribute("aria-pressed", String(!this.#hidden.has(name)));
          this.#draw();
        });
        this.#legend.append(made);
        item = made;
      }
      const shown = ids.length < total ? `${count(ids.length)} of ${count(total)}` : count(total);
      setText(item as HTMLElement, `${name} ${shown}`);
    });
    const sentence = tables.map(({ name, total }) => `${total} ${name}`).join(", ");
    this.#canvas.setAttribute("aria-label", `Map of ${sentence}`);
  }

  #draw(): void {
    const { pen, width, height } = fitCanvas(this.#canvas);
    const map = this.#map;
    if (map === undefined || width === 0) return;
    const frame = frameOf(this.#definition.game, map);
    const at = project(frame, width, height);
    this.#drawGround(pen, frame, at);
    map.tables.forEach((table, index) => {
      if (this.#hidden.has(table.name)) return;
      const isOwners = this.#isOwners(table.name);
      const size = isOwners ? 3.2 : 1.7;
      pen.fillStyle = themeColour(colourOf(index));
      pen.beginPath();
      table.ids.forEach((_id, row) => {
        const [x, y] = at(table.x[row] as number, table.y[row] as number);
        pen.moveTo(x + size, y);
        pen.arc(x, y, size, 0, 2 * Math.PI);
      });
      pen.fill();
      if (!isOwners) return;
      // What belongs to a player has a ring.
      pen.strokeStyle = themeColour("text");
      pen.lineWidth = 0.8;
      pen.stroke();
    });
    this.#drawMark(pen, map, at);
  }

  #drawGround(pen: CanvasRenderingContext2D, frame: MapFrame, at: Projection): void {
    const [left, top] = at(frame.left, frame.top);
    const [right, bottom] = at(frame.left + frame.width, frame.top + frame.height);
    pen.fillStyle = themeColour("ground");
    pen.fillRect(left, top, right - left, bottom - top);
    const { cellSize } = this.#definition;
    pen.strokeStyle = themeColour("grid");
    pen.lineWidth = 1;
    pen.beginPath();
    if (cellSize !== null && frame.width / cellSize < 100) {
      for (let x = Math.ceil(frame.left / cellSize) * cellSize; x < frame.left + frame.width; x += cellSize) {
        pen.moveTo(at(x, 0)[0], top);
        pen.lineTo(at(x, 0)[0], bottom);
      }
      for (let y = Math.ceil(frame.top / cellSize) * cellSize; y < frame.top + frame.height; y += cellSize) {
        pen.moveTo(left, at(0, y)[1]);
        pen.lineTo(right, at(0, y)[1]);
      }
    }
    pen.rect(left, top, right - left, bottom - top);
    pen.stroke();
  }

  #drawMark(pen: CanvasRenderingContext2D, map: MapAnswer, at: Projection): void {
    const dot = this.#hovered ?? this.#pinned;
    const table = map.tables.find(({ name }) => name === dot?.table);
    const row = table?.ids.indexOf(dot?.id ?? 0) ?? -1;
    if (table === undefined || row < 0) return;
    const [x, y] = at(table.x[row] as number, table.y[row] as number);
    pen.strokeStyle = themeColour("text");
    pen.lineWidth = 1.5;
    pen.beginPath();
    pen.arc(x, y, 8, 0, 2 * Math.PI);
    pen.stroke();
  }

  #isOwners(name: string): boolean {
    return this.#definition.game.tables.find((table) => table.name === name)?.owner === "player";
  }

  #dotAt({ offsetX, offsetY }: MouseEvent): Dot | undefined {
    const map = this.#map;
    if (map === undefined) return undefined;
    const at = project(
      frameOf(this.#definition.game, map),
      this.#canvas.clientWidth,
      this.#canvas.clientHeight,
    );
    let nearest: Dot | undefined;
    let distance = REACH;
    for (const table of map.tables) {
      if (this.#hidden.has(table.name)) continue;
      table.ids.forEach((id, row) => {
        const [x, y] = at(table.x[row] as number, table.y[row] as number);
        const away = Math.hypot(x - offsetX, y - offsetY);
        if (away >= distance) return;
        distance = away;
        nearest = { table: table.name, id };
      });
    }
    return nearest;
  }

  #hover(dot: Dot | undefined): void {
    const before = this.#hovered;
    this.#hovered = dot;
    if (before?.table === dot?.table && before?.id === dot?.id) return;
    this.#draw();
    void this.#showRow();
  }

  async #showRow(signal?: AbortSignal): Promise<void> {
    const dot = this.#hovered ?? this.#pinned;
    if (dot === undefined) {
      this.#sayNothing();
      return;
    }
    const given = await this.#api.get<RowAnswer>(
      `rooms/${this.#id}/rows/${encodeURIComponent(dot.table)}/${dot.id}`,
      signal,
    );
    if (dot !== (this.#hovered ?? this.#pinned)) return;
    const table = this.#definition.game.tables.find(({ name }) => name === dot.table);
    if (!given.ok || table === undefined) return;
    if (given.answer.row === null) {
      this.#say(`${dot.table} #${dot.id} is gone.`);
      return;
    }
    const { values } = given.answer.row;
    this.#row.replaceChildren(
      pair("row", `${dot.table} #${dot.id}`),
      ...table.fields.map(({ name, field }, index) => pair(name, valueText(values[index] ?? null, field))),
    );
  }

  #sayNothing(): void {
    this.#say("Point at a dot to read its row; click to keep it.");
  }

  #say(text: string): void {
    if (this.#row.textContent !== text) this.#row.replaceChildren(h("div", { class: "hint" }, text));
  }
}

type Projection = (x: number, y: number) => readonly [x: number, y: number];

/** World to pixels: as large as fits, in the middle. */
function project({ left, top, width, height }: MapFrame, wide: number, high: number): Projection {
  const scale = Math.min((wide - 2 * MARGIN) / width, (high - 2 * MARGIN) / height);
  const [dx, dy] = [(wide - width * scale) / 2, (high - height * scale) / 2];
  return (x, y) => [dx + (x - left) * scale, dy + (y - top) * scale];
}

function colourOf(index: number): string {
  return COLOURS[index % COLOURS.length] as string;
}

function pair(name: string, value: string): HTMLElement {
  return h("div", {}, h("dt", {}, name), h("dd", { class: "number" }, value));
}
