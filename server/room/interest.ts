import type { GameDescription } from "../../shared/definition/description.ts";
import type { FieldDescription } from "../../shared/definition/field.ts";
import type { CommittedRow } from "../../shared/state/committed-row.ts";
import { type Cell, type Point, positionOf, type SightGrid } from "../../shared/state/sight-grid.ts";
import { type FollowChange, MAX_FOLLOWED, UNCHANGED } from "./following.ts";

/** How players of a room see rows with a position. */
export interface InterestOptions {
  /** Side of a cell in the units of positions. About half of how far players see is a good start. */
  readonly cellSize: number;
  /** How many cells around the one that a player looks at they see, in each direction. Default 1: nine cells. */
  readonly radius?: number;
}

/** Where a player looks: at their own row, at a point or several, or at everything. */
export type Focus = "own-row" | "everything" | Point | readonly Point[];

/** How far over a border one stays in a cell, as a share of it. */
export const CELL_BORDER = 0.1;

/** One player's sight: the cells around what they look at. */
export class SeatInterest {
  readonly #grid: SightGrid;
  readonly #radius: number;
  readonly #own: CommittedRow | undefined;
  #focus: Focus = "own-row";
  #held: Cell[] = [];
  /** The cell of the own row, while the player looks at it. */
  #ownCell: Cell | undefined;
  /** The most cells that may be followed. */
  #most = MAX_FOLLOWED;
  /** By point: the cell it is in, which it leaves only beyond the border. */
  #at: { readonly level: number; readonly column: number; readonly row: number }[] = [];

  /** @param own the player's own row, where there is one with a position */
  constructor(grid: SightGrid, radius: number, own: CommittedRow | undefined) {
    this.#grid = grid;
    this.#radius = radius;
    this.#own = own?.table.position && own;
  }

  /** The cells followed now. */
  get held(): readonly Cell[] {
    return this.#held;
  }

  get focus(): Focus {
    return this.#focus;
  }

  lookAt(focus: Focus): void {
    this.#focus = focus;
    this.#ownCell = undefined;
  }

  /**
   * Follows what is in sight as of this tick's positions. Costs two comparisons where nobody crossed a border.
   *
   * @param most the most cells that may be followed; where more are in sight, coarser ones are
   */
  update(tick: number, most = MAX_FOLLOWED): FollowChange<Cell> {
    const around = this.#ownCell;
    // The usual case, and all that it touches: the row stands where it stood.
    if (around !== undefined && most === this.#most && this.#own?.cells[around.level] === around)
      return UNCHANGED;
    this.#most = most;
    const own = this.#focus === "own-row" ? this.#own?.cells[this.#levelFor(1)] : undefined;
    this.#ownCell = own;
    if (own !== undefined) return this.#followAround(own, tick);
    const points = this.#points();
    if (points === "everything") return this.#followAll(tick);
    const level = this.#levelFor(points.length);
    return this.#staysAt(points, level) ? UNCHANGED : this.#follow(this.#at, level, tick);
  }

  /** The player is gone: nothing is followed any more. */
  releaseAll(): void {
    for (const cell of this.#held) this.#grid.release(cell);
    this.#held = [];
    this.#at = [];
    this.#ownCell = undefined;
  }

  /** Whoever looks at their own row sees around the cell in which it stands. */
  #followAround(own: Cell, tick: number): FollowChange<Cell> {
    const [at] = this.#at;
    const isThere = at?.level === own.level && at.column === own.column && at.row === own.row;
    if (isThere && this.#at.length === 1) return UNCHANGED;
    this.#at = [{ level: own.level, column: own.column, row: own.row }];
    return this.#follow(this.#at, own.level, tick);
  }

  #points(): readonly Point[] | "everything" {
    const focus = this.#focus;
    if (focus === "everything") return focus;
    if (focus !== "own-row") return Array.isArray(focus) ? focus : [focus as Point];
    return this.#own === undefined ? [] : [positionOf(this.#own)];
  }

  /** The finest level at which all points' surroundings are few enough frames. */
  #levelFor(points: number): number {
    for (let level = 0; level < this.#grid.coarsest; level++)
      if (points * (2 * this.#radiusAt(level) + 1) ** 2 <= this.#most) return level;
    return this.#grid.coarsest;
  }

  #radiusAt(level: number): number {
    return Math.ceil((this.#radius * this.#grid.sizeOf(0)) / this.#grid.sizeOf(level));
  }

  /** Moves each point to its cell; true where none left the one it was in. */
  #staysAt(points: readonly Point[], level: number): boolean {
    const wereHere = points.length === this.#at.length && this.#at[0]?.level === level;
    let same = wereHere;
    for (let i = 0; i < points.length; i++) {
      const { x, y } = points[i] as Point;
      const before = wereHere ? this.#at[i] : undefined;
      const column = this.#grid.place(level, x, before?.column);
      const row = this.#grid.place(level, y, before?.row);
      if (before !== undefined && before.column === column && before.row === row) continue;
      same = false;
      this.#at[i] = { level, column, row };
    }
    this.#at.length = points.length;
    return same || (points.length === 0 && this.#held.length === 0);
  }

  #followAll(tick: number): FollowChange<Cell> {
    const level = this.#grid.coarsest;
    this.#at = [];
    if (this.#held.length === 1 && this.#held[0]?.level === level) return UNCHANGED;
    return this.#follow([{ column: 0, row: 0 }], level, tick);
  }

  #follow(
    centres: readonly { readonly column: number; readonly row: number }[],
    level: number,
    tick: number,
  ): FollowChange<Cell> {
    const radius = level === this.#grid.coarsest ? 0 : this.#radiusAt(level);
    const released = new Set(this.#held);
    const entered: Cell[] = [];
    const held: Cell[] = [];
    for (const centre of centres)
      for (let column = centre.column - radius; column <= centre.column + radius; column++)
        for (let row = centre.row - radius; row <= centre.row + radius; row++) {
          const isIt = (cell: Cell): boolean =>
            cell.level === level && cell.column === column && cell.row === row;
          if (held.some(isIt)) continue;
          const known = this.#held.find(isIt);
          const cell = known ?? this.#grid.hold(level, column, row, tick);
          if (known === undefined) entered.push(cell);
          else released.delete(known);
          held.push(cell);
        }
    this.#held = held;
    for (const cell of released) this.#grid.release(cell);
    return { entered, released: [...released] };
  }
}

/** The longer side of the world that positions of a game can describe. */
export function worldExtent({ tables }: GameDescription): number {
  const extents = tables.flatMap(({ position, fields }) =>
    (position ?? []).map((name) => extentOf(fields.find((field) => field.name === name)?.field)),
  );
  return Math.max(1, ...extents);
}

function extentOf(field: FieldDescription | undefined): number {
  switch (field?.type) {
    case "fixed":
      return Math.max(Math.abs(field.min), Math.abs(field.max), field.max - field.min);
    case "u8":
      return 2 ** 8;
    case "u16":
    case "i16":
      return 2 ** 16;
    default:
      return 2 ** 32;
  }
}
