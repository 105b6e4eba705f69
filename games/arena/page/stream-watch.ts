import type { StreamStatistics } from "tickcast/client";
import { sureCellAt } from "../view.ts";
import type { Point } from "../world.ts";

/** A square of the grid that rows are seen by. */
export interface CellPlace {
  readonly column: number;
  readonly line: number;
}

/** A stream as an inspector shows it. */
export interface WatchedStream {
  readonly stream: number;
  readonly audience: StreamStatistics["audience"];
  readonly rows: number;
  readonly framesPerSecond: number;
  readonly bytesPerSecond: number;
  /** When its last frame was noticed, in milliseconds. */
  readonly heardAt: number;
  /** Where it is, for a cell that ever had a row. */
  readonly cell: CellPlace | undefined;
}

interface Sample {
  readonly at: number;
  readonly frames: number;
  readonly bytes: number;
}

interface Watched {
  readonly samples: Sample[];
  lastTick: number;
  heardAt: number;
  cell: CellPlace | undefined;
}

/** Rates are over so long. */
const WINDOW_MS = 1_000;

/** Watches the streams that a player follows: how much each carries, and which cell it is. */
export class StreamWatch {
  readonly #watched = new Map<number, Watched>();
  #streams: readonly WatchedStream[] = [];

  /** As of the last look, the room's first. */
  get streams(): readonly WatchedStream[] {
    return this.#streams;
  }

  /** Call after each tick. `positionOf` knows where a row is, if anywhere. */
  look(
    streams: readonly StreamStatistics[],
    now: number,
    positionOf: (table: string, id: number) => Point | undefined,
  ): void {
    for (const stream of this.#watched.keys())
      if (!streams.some((followed) => followed.stream === stream)) this.#watched.delete(stream);
    this.#streams = streams.map((followed) => {
      const watched = this.#watchedOf(followed.stream);
      if (followed.lastTick !== watched.lastTick) watched.heardAt = now;
      watched.lastTick = followed.lastTick;
      if (followed.audience === "sight" && watched.cell === undefined)
        watched.cell = cellOf(followed.rows.map(({ table, id }) => positionOf(table, id)));
      watched.samples.push({ at: now, frames: followed.frames, bytes: followed.bytes });
      while (watched.samples.length > 2 && (watched.samples[1]?.at ?? now) <= now - WINDOW_MS)
        watched.samples.shift();
      const { stream, audience, rows } = followed;
      const { heardAt, cell } = watched;
      return { stream, audience, rows: rows.length, ...ratesOf(watched.samples), heardAt, cell };
    });
  }

  #watchedOf(stream: number): Watched {
    let watched = this.#watched.get(stream);
    if (watched === undefined) {
      watched = { samples: [], lastTick: 0, heardAt: 0, cell: undefined };
      this.#watched.set(stream, watched);
    }
    return watched;
  }
}

function ratesOf(samples: readonly Sample[]): { framesPerSecond: number; bytesPerSecond: number } {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || last.at <= first.at)
    return { framesPerSecond: 0, bytesPerSecond: 0 };
  const seconds = (last.at - first.at) / 1_000;
  return {
    framesPerSecond: (last.frames - first.frames) / seconds,
    bytesPerSecond: (last.bytes - first.bytes) / seconds,
  };
}

/**
 * The cell whose rows these are. The room does not tell, but where its rows are does: one that is well inside a
 * square stands there. One near a border may stand in the cell beside it, and says nothing.
 */
export function cellOf(positions: readonly (Point | undefined)[]): CellPlace | undefined {
  for (const position of positions) {
    if (position === undefined) continue;
    const [column, line] = [sureCellAt(position.x), sureCellAt(position.y)];
    if (column !== undefined && line !== undefined) return { column, line };
  }
  return undefined;
}

/** As on a chess board: columns by letter, lines by number. */
export function nameOf({ column, line }: CellPlace): string {
  return `${String.fromCharCode(65 + column)}${line + 1}`;
}
