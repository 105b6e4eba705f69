/**
 * What a field is, as plain data. It is the single source of how values are quantised, compared, sent and
 * hashed, so a client that knows no more than descriptions reads any game.
 */
export type FieldDescription =
  | { readonly type: "u8" | "u16" | "u32" | "i16" | "i32" | "bool" | "tick" }
  | { readonly type: "fixed"; readonly min: number; readonly max: number; readonly step: number }
  | { readonly type: "angle"; readonly steps: number }
  | { readonly type: "text"; readonly maxBytes: number }
  | { readonly type: "bytes"; readonly max: number }
  | { readonly type: "oneOf"; readonly options: readonly string[] }
  | { readonly type: "ref"; readonly table: string }
  | { readonly type: "optional"; readonly of: FieldDescription }
  | { readonly type: "list"; readonly of: FieldDescription; readonly max: number }
  | { readonly type: "cold"; readonly of: FieldDescription };

/**
 * Who receives a table or a field: everyone in the `room`, those in whose `sight` the row's position is, its
 * `owner`, the player whose row it is, or the members of its `group`.
 */
export type Visibility = "room" | "sight" | "owner" | "group";

/** How the client draws a field between ticks. Its own business: no part of the description or the wire. */
export interface Interpolation {
  /** A change of more than this in one tick is no movement: the row was put elsewhere. */
  readonly teleport?: number;
}

/** Types only: no value carries this. */
declare const valueType: unique symbol;

/** A field of a row, an event or an input. `Value` is what the author reads and assigns. */
export interface Field<Value = unknown> {
  readonly description: FieldDescription;
  /** Absent: as visible as its table. */
  readonly visibleTo?: Visibility;
  /** Absent: drawn as of the last closed tick. */
  readonly interpolated?: Interpolation;
  readonly [valueType]?: Value;
}

/** A field that points to a row of another table, by name so that tables may point at each other. */
export interface RefField<Table extends string = string> extends Field<never> {
  readonly refTo: Table;
}

export interface OptionalField<Of extends Field = Field> extends Field<never> {
  readonly optionalOf: Of;
}

export interface ListField<Of extends Field = Field> extends Field<never> {
  readonly listOf: Of;
}

/** Whether values between two of this field's make sense: integers, `fixed` and `angle`. */
export function isGliding({ type }: FieldDescription): boolean {
  return ["fixed", "angle", "u8", "u16", "u32", "i16", "i32"].includes(type);
}

/** Whether reading a value of this field needs the tables. */
export function containsRef(description: FieldDescription): boolean {
  switch (description.type) {
    case "ref":
      return true;
    case "optional":
    case "list":
    case "cold":
      return containsRef(description.of);
    default:
      return false;
  }
}
