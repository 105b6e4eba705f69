import type { Field, Visibility } from "./field.ts";
import type { NoOthers } from "./unknown-options.ts";

/** The fields of a row by their names. */
export type Fields = { readonly [name: string]: Field };

/** Options of {@link table}. */
export interface TableOptions<F extends Fields = Fields> {
  /** `"player"`: every player gets a row on joining (`player.row`), which goes when they leave. */
  readonly owner?: "player";
  /** The two numeric fields that say where a row is. Rows with a position are seen by those near them. */
  readonly position?: readonly [keyof F & string, keyof F & string];
  /**
   * The field whose value says which group a row belongs to; `undefined` is none. It is a word, a whole number,
   * text or bool, or optional. What is visible to the group goes to the players who were added to the group of
   * that name, see `player.groups`.
   */
  readonly group?: keyof F & string;
  /**
   * Who receives the rows. Default: `sight` for rows with a position, else `room`. Rooms that set no
   * `interest` treat `sight` as `room`.
   */
  readonly visibleTo?: Visibility;
}

/** What {@link table} makes. */
export interface Table<F extends Fields = Fields, O extends TableOptions = TableOptions> {
  readonly kind: "table";
  readonly fields: F;
  readonly options: O;
}

/** What {@link record} makes. */
export interface RecordDefinition<F extends Fields = Fields> {
  readonly kind: "record";
  readonly fields: F;
}

/** Many rows of one shape, the only maps there are: nest by `ref`. */
export function table<F extends Fields, const O extends TableOptions<F> = Record<never, never>>(
  fields: F,
  options?: O & NoOthers<O, TableOptions>,
): Table<F, O & TableOptions> {
  return { kind: "table", fields, options: (options ?? {}) as O & TableOptions };
}

/** One row of one shape that always exists: the state of the match, the wind, the score. */
export function record<F extends Fields>(fields: F): RecordDefinition<F> {
  return { kind: "record", fields };
}
