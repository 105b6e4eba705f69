import type { Point } from "../../world.ts";
import type { GameRoom } from "../connection.ts";
import { element, setText } from "../element.ts";
import { heat, warmth } from "../render/cells.ts";
import { nameOf, StreamWatch, type WatchedStream } from "../stream-watch.ts";
import type { Panel } from "./panels.ts";

/** How often the list is written, in milliseconds. */
const REFRESH_MS = 250;

/** The streams that the visitor follows: in the list here, and as cells over the game. */
export class Streams implements Panel {
  readonly view = element("streams", HTMLElement);
  readonly button = element("streams-button", HTMLButtonElement);
  readonly keys = ["KeyG", "F3"];
  readonly #total = element("streams-total", HTMLElement);
  readonly #list = element("streams-list", HTMLElement);
  #watch = new StreamWatch();
  #refreshAt = 0;

  /** What is shown; nothing while the panel is closed. */
  get shown(): readonly WatchedStream[] {
    return this.view.hidden ? [] : this.#watch.streams;
  }

  get open(): boolean {
    return !this.view.hidden;
  }

  /** Another room has other streams. */
  reset(): void {
    this.#watch = new StreamWatch();
  }

  /** Call for each closed tick. Costs nothing while the panel is closed. */
  ticked(room: GameRoom, now: number): void {
    if (this.view.hidden) return;
    this.#watch.look(room.streams, now, (table, id) => placeOf(room, table, id));
    if (now < this.#refreshAt) return;
    this.#refreshAt = now + REFRESH_MS;
    this.#write(this.#watch.streams);
  }

  #write(streams: readonly WatchedStream[]): void {
    const [frames, bytes] = [sum(streams, "framesPerSecond"), sum(streams, "bytesPerSecond")];
    setText(this.#total, `${frames.toFixed(0)} frames/s · ${kilobytes(bytes)}/s`);
    const cells = streams.filter(({ audience }) => audience === "sight");
    const others = streams.filter(({ audience }) => audience !== "sight");
    cells.sort((a, b) => b.bytesPerSecond - a.bytesPerSecond || a.stream - b.stream);
    this.#list.replaceChildren(
      ...others.map((stream) => line(labelOf(stream), stream)),
      line(`${cells.length} cells`, {
        rows: sum(cells, "rows"),
        framesPerSecond: sum(cells, "framesPerSecond"),
        bytesPerSecond: sum(cells, "bytesPerSecond"),
      }),
      ...cells.map((stream) => line(labelOf(stream), stream, "cell")),
    );
  }
}

type Figures = Pick<WatchedStream, "rows" | "framesPerSecond" | "bytesPerSecond">;

function sum(streams: readonly WatchedStream[], figure: keyof Figures): number {
  return streams.reduce((all, stream) => all + stream[figure], 0);
}

function placeOf(room: GameRoom, table: string, id: number): Point | undefined {
  if (table === "players" || table === "bullets" || table === "pickups") return room.state[table].get(id);
  return undefined;
}

function labelOf({ audience, cell, stream }: WatchedStream): string {
  if (audience === "room") return "room";
  if (audience !== "sight") return "own";
  return cell === undefined ? `#${stream}` : nameOf(cell);
}

function line(label: string, { rows, framesPerSecond, bytesPerSecond }: Figures, kind = ""): HTMLElement {
  const row = document.createElement("tr");
  row.className = kind;
  if (kind !== "") {
    row.style.setProperty("--heat", heat(bytesPerSecond));
    row.style.setProperty("--filled", warmth(bytesPerSecond).toFixed(2));
  }
  for (const text of [label, String(rows), framesPerSecond.toFixed(0), kilobytes(bytesPerSecond)]) {
    const cell = document.createElement("td");
    cell.textContent = text;
    row.append(cell);
  }
  return row;
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1_000).toFixed(bytes < 10_000 ? 2 : 1)} kB`;
}
