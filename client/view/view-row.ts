import type { TableLayout } from "../../shared/state/game-layout.ts";
import type { MirrorRow } from "../mirror-row.ts";
import type { DrawnFields } from "./drawn-fields.ts";

export type ViewRowClass = new (source: MirrorRow) => ViewRow;

/**
 * A row as it is drawn. Interpolated fields are its own properties, written once a frame; all others are getters of
 * its class that read the mirror's row, so that they are as live as that.
 *
 * Whatever is done to a row is a static method: its own names all belong to the game.
 */
export class ViewRow {
  readonly id: number;
  readonly #source: MirrorRow;
  /** Interpolated fields. */
  [field: string]: unknown;

  constructor(source: MirrorRow) {
    this.id = source.id;
    this.#source = source;
  }

  static live(row: ViewRow, name: string): unknown {
    return (row.#source as unknown as Readonly<Record<string, unknown>>)[name];
  }
}

/** The class of a table's rows: one for all of them, so that drawing code meets one hidden class. */
export function viewRowClass(table: TableLayout, { mask }: DrawnFields): ViewRowClass {
  const drawn = table.fields.filter((_, field) => ((mask >>> field) & 1) === 1).map(({ name }) => name);
  const rowClass = class extends ViewRow {
    constructor(source: MirrorRow) {
      super(source);
      for (const name of drawn) this[name] = ViewRow.live(this, name);
    }
  };
  Object.defineProperty(rowClass, "name", { value: table.name });
  table.fields.forEach(({ name }, field) => {
    if (((mask >>> field) & 1) === 1) return;
    Object.defineProperty(rowClass.prototype, name, {
      enumerable: true,
      get(this: ViewRow) {
        return ViewRow.live(this, name);
      },
    });
  });
  return rowClass;
}
