import type { Wire } from "../state/field-codec.ts";
import type { LeaveParts, RowParts } from "../state/row-stream.ts";
import type { KeyframeRecord, TickRecord } from "./format.ts";
import { digestOf } from "./state-digest.ts";

/** The state of a recorded room at one tick: every row with every field, whoever could see it. */
export class RecordedState {
  readonly #tables: readonly Map<number, Wire[]>[];
  #tick = 0;

  /** @param tables how many tables the game has */
  constructor(tables: number) {
    this.#tables = Array.from({ length: tables }, () => new Map());
  }

  get tick(): number {
    return this.#tick;
  }

  /** By row id. */
  rows(table: number): ReadonlyMap<number, readonly Wire[]> {
    return this.#tables[table] ?? new Map();
  }

  reset([, tick, , rows]: KeyframeRecord): void {
    for (const table of this.#tables) table.clear();
    this.#enter(rows);
    this.#tick = tick;
  }

  apply([, tick, , , , , , rows, leaves]: TickRecord): void {
    this.#enter(rows);
    this.#leave(leaves);
    this.#tick = tick;
  }

  /** The whole state, as a keyframe's rows. */
  keyframe(): RowParts {
    return this.#tables.flatMap((rows, table) => {
      if (rows.size === 0) return [];
      const flat: Wire[] = [];
      for (const [id, values] of rows) flat.push(id, wholeMask(values.length) * 2 + 1, ...values);
      return [table, flat];
    });
  }

  digest(): number {
    return digestOf(this.#tables.entries());
  }

  #enter(parts: RowParts): void {
    for (let part = 0; part + 1 < parts.length; part += 2) {
      const rows = this.#tables[parts[part] as number];
      const flat = parts[part + 1] as readonly Wire[];
      for (let at = 0; rows !== undefined && at < flat.length; ) {
        const id = flat[at++] as number;
        const header = flat[at++] as number;
        let values = rows.get(id);
        if (values === undefined || (header & 1) === 1) {
          values = [];
          rows.set(id, values);
        }
        for (let field = 0, rest = header >>> 1; rest !== 0; field++, rest >>>= 1)
          if ((rest & 1) === 1) values[field] = flat[at++] as Wire;
      }
    }
  }

  #leave(leaves: LeaveParts): void {
    for (let at = 0; at + 2 < leaves.length; at += 3)
      this.#tables[leaves[at] as number]?.delete(leaves[at + 1] as number);
  }
}

/** The mask of a row of so many fields. */
export function wholeMask(fields: number): number {
  return 2 ** fields - 1;
}
