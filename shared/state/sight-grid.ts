import type { CommittedRow } from "./committed-row.ts";
import type { RowLookup, Wire } from "./field-codec.ts";
import type { TableLayout } from "./game-layout.ts";
import { LEFT_FOR_GOOD, type RowStream } from "./row-stream.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** One square of one level: a stream of the rows in it. */
export interface Cell {
  readonly level: number;
  readonly column: number;
  readonly row: number;
  readonly stream: RowStream;
  /** How many follow it. */
  holders: number;
}

export interface SightGridOptions {
  /** Side of a cell of the finest level, in the units of positions. */
  readonly cellSize: number;
  /** The longer side of the world, in the same units: one cell of the coarsest level holds it all. */
  readonly extent: number;
  /**
   * How far over its cell's border, as a share of the cell, a row stays in it: who walks along a border
   * does not cross it at every step.
   */
  readonly border: number;
  readonly openStream: () => RowStream;
  /** The cell is gone; its stream's id may be given to another after a rest. */
  readonly closeStream: (stream: RowStream) => void;
  /** A row has come into another cell, of whatever level. */
  readonly onCross: (row: CommittedRow) => void;
}

/** Each level's cells are so many times as wide as those of the level below. */
const WIDENING = 4;

/** Rows and columns of a level fit 26 bits each. */
const KEY_BASE = 2 ** 26;

/**
 * Columns and rows go no farther: what is beyond counts as there. Any number is so a place, and the cells
 * around one have keys, too.
 */
const FARTHEST = KEY_BASE / 2 - 2 ** 7;

/**
 * Rows with a position, in square cells; each cell is a stream, and seeing is following streams. Beside the
 * finest level there are coarser ones, up to a single cell of everything, for those who see so far that fine
 * cells would be too many frames; a level takes part from its first holder on.
 */
export class SightGrid {
  readonly #options: SightGridOptions;
  readonly #sizes: readonly number[];
  readonly #cells: readonly Map<number, Cell>[];
  readonly #used: boolean[];
  readonly #rows = new Set<CommittedRow>();

  constructor(options: SightGridOptions) {
    this.#options = options;
    const sizes: number[] = [];
    for (let size = options.cellSize; size < options.extent; size *= WIDENING) sizes.push(size);
    this.#sizes = [...sizes, Number.POSITIVE_INFINITY];
    this.#cells = this.#sizes.map(() => new Map());
    this.#used = this.#sizes.map((_, level) => level === 0);
  }

  /** The level whose one cell holds everything. */
  get coarsest(): number {
    return this.#sizes.length - 1;
  }

  /** For the cells of a row that is to come: one place a level, so that the array never grows. */
  noCells(): (Cell | undefined)[] {
    return this.#sizes.map(() => undefined);
  }

  sizeOf(level: number): number {
    return this.#sizes[level] as number;
  }

  /** How many cells exist: those with rows or holders. */
  get cellCount(): number {
    return this.#cells.reduce((sum, cells) => sum + cells.size, 0);
  }

  /** The column or row of cells at a coordinate, where one was `before`: it changes beyond the border alone. */
  place(level: number, coordinate: number, before?: number): number {
    const size = this.#sizes[level] as number;
    if (size === Number.POSITIVE_INFINITY) return 0;
    const exact = Math.min(Math.max(coordinate / size, -FARTHEST), FARTHEST);
    const { border } = this.#options;
    if (before !== undefined && exact >= before - border && exact < before + 1 + border) return before;
    return Math.floor(exact);
  }

  /** A row that is sent for the first time. Its values are committed. */
  enter(row: CommittedRow, tick: number): void {
    this.#rows.add(row);
    for (let level = 0; level < this.#sizes.length; level++)
      if (this.#used[level]) this.#enterLevel(row, level, tick);
  }

  /** Fields of a row changed: in each level it crosses to another cell, or the change goes to its own. */
  change(row: CommittedRow, mask: number, tick: number): void {
    const [xField, yField] = row.table.position ?? NOWHERE;
    let crosses = false;
    const moved = (mask & ((1 << xField) | (1 << yField))) !== 0;
    const x = moved ? coordinateOf(row.table, xField, row.values) : 0;
    const y = moved ? coordinateOf(row.table, yField, row.values) : 0;
    for (let level = 0; level < row.cells.length; level++) {
      const cell = row.cells[level];
      if (cell === undefined) continue;
      if (!moved) {
        cell.stream.change(row, mask);
        continue;
      }
      const column = this.place(level, x, cell.column);
      const rowOfCells = this.place(level, y, cell.row);
      if (column === cell.column && rowOfCells === cell.row) {
        cell.stream.change(row, mask);
        continue;
      }
      const next = this.#cell(level, column, rowOfCells);
      cell.stream.leave(row, tick, next.stream.id + 1);
      this.#dropIfEmpty(cell);
      row.cells[level] = next;
      next.stream.enter(row, tick);
      crosses = true;
    }
    if (crosses) this.#options.onCross(row);
  }

  leave(row: CommittedRow, tick: number): void {
    this.#rows.delete(row);
    for (const cell of row.cells) {
      if (cell === undefined) continue;
      cell.stream.leave(row, tick, LEFT_FOR_GOOD);
      this.#dropIfEmpty(cell);
    }
  }

  /** Follows a cell from now on. Whoever begins needs its keyframe. */
  hold(level: number, column: number, row: number, tick: number): Cell {
    if (!this.#used[level]) {
      this.#used[level] = true;
      for (const each of this.#rows) this.#enterLevel(each, level, tick);
    }
    const cell = this.#cell(level, column, row);
    cell.holders += 1;
    if (cell.holders === 1) cell.stream.follow("held");
    return cell;
  }

  release(cell: Cell): void {
    cell.holders -= 1;
    if (cell.holders === 0) cell.stream.follow("unheld");
    this.#dropIfEmpty(cell);
  }

  /** The cells at a point, one of each level in use: what happens there is seen by their holders. */
  *at(x: number, y: number): IterableIterator<Cell> {
    for (let level = 0; level < this.#sizes.length; level++) {
      const cell = this.#cells[level]?.get(keyOf(this.place(level, x), this.place(level, y)));
      if (cell !== undefined) yield cell;
    }
  }

  /** Whether a point is in a cell: {@link at} would give it. */
  covers({ level, column, row }: Cell, x: number, y: number): boolean {
    return this.place(level, x) === column && this.place(level, y) === row;
  }

  #enterLevel(row: CommittedRow, level: number, tick: number): void {
    const { x, y } = positionOf(row);
    const cell = this.#cell(level, this.place(level, x), this.place(level, y));
    row.cells[level] = cell;
    cell.stream.enter(row, tick);
  }

  #cell(level: number, column: number, row: number): Cell {
    const cells = this.#cells[level] as Map<number, Cell>;
    const key = keyOf(column, row);
    let cell = cells.get(key);
    if (cell === undefined) {
      cell = { level, column, row, stream: this.#options.openStream(), holders: 0 };
      cell.stream.follow("unheld");
      cells.set(key, cell);
    }
    return cell;
  }

  #dropIfEmpty(cell: Cell): void {
    if (cell.holders > 0 || cell.stream.size > 0) return;
    this.#cells[cell.level]?.delete(keyOf(cell.column, cell.row));
    this.#options.closeStream(cell.stream);
  }
}

function keyOf(column: number, row: number): number {
  return (column + KEY_BASE / 2) * KEY_BASE + row + KEY_BASE / 2;
}

/** Positions count as they are committed: where everybody who sees a row sees it, within the world. */
export function positionOf({ table, values }: CommittedRow): Point {
  const [x, y] = table.position ?? NOWHERE;
  return { x: coordinateOf(table, x, values), y: coordinateOf(table, y, values) };
}

function coordinateOf(table: TableLayout, field: number, values: readonly Wire[]): number {
  return table.fields[field]?.codec.restore(values[field] as Wire, NO_ROWS) as number;
}

const NOWHERE = [-1, -1] as const;
const NO_ROWS: RowLookup = () => undefined;

/** Whether rows of a table stand in cells. */
export function standsInCells(table: TableLayout): boolean {
  return table.masks.sight !== 0 && table.position !== undefined;
}
