import type { FieldDescription } from "../definition/field.ts";
import { quantiseText } from "./quantise-text.ts";
import { TURN } from "./turn.ts";

/** A quantised value as it is committed, compared and sent. `null` stands for `undefined`. */
export type Wire = number | boolean | string | null | Uint8Array | readonly Wire[];

/** What quantising asks and tells while it works on one value. */
export interface QuantiseContext {
  /** The value was clamped or cut to what the field holds. */
  outOfRange(value: unknown, bounds: string): void;
  /** Whether the row may be referred to: it stands in the table now. */
  holds(table: string, row: { readonly id: number }): boolean;
}

/** Finds the row an id means; `undefined` for one that is not seen. */
export type RowLookup = (table: string, id: number) => unknown;

/**
 * How one field goes from the author's value to the wire and back. Made from a description alone, so the
 * server, typed clients and generic clients share it.
 */
export interface FieldCodec {
  /** The author's value of a new row. Called per row: lists and bytes are never shared. */
  initial(): unknown;
  /**
   * The wire value; out-of-range values are clamped and reported.
   * @throws InvalidValueError for what is no value of this field at all, NaN included
   */
  quantise(value: unknown, context: QuantiseContext): Wire;
  /** The author's value; `rows` resolves references. */
  restore(wire: Wire, rows: RowLookup): unknown;
  same(a: Wire, b: Wire): boolean;
  /** Judges a decoded value that a peer sent. */
  accepts(wire: unknown): wire is Wire;
}

/** A value that a field cannot hold: our user's bug, told with what was expected. */
export class InvalidValueError extends TypeError {
  override readonly name = "InvalidValueError";

  constructor(value: unknown, expected: string) {
    super(`${describe(value)} is no ${expected}`);
  }
}

/** Short whatever the value is, and never by way of the value's own `toString`. */
function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" || value === null) return String(value);
  return Array.isArray(value) ? "an array" : "an object";
}

export function fieldCodec(description: FieldDescription): FieldCodec {
  switch (description.type) {
    case "u8":
      return integerCodec("u8", 0, 0xff);
    case "u16":
      return integerCodec("u16", 0, 0xffff);
    case "u32":
      return integerCodec("u32", 0, 0xffff_ffff);
    case "i16":
      return integerCodec("i16", -0x8000, 0x7fff);
    case "i32":
      return integerCodec("i32", -0x8000_0000, 0x7fff_ffff);
    case "tick":
      return integerCodec("tick", 0, Number.MAX_SAFE_INTEGER);
    case "bool":
      return boolCodec;
    case "fixed":
      return fixedCodec(description.min, description.max, description.step);
    case "angle":
      return angleCodec(description.steps);
    case "text":
      return textCodec(description.maxBytes);
    case "bytes":
      return bytesCodec(description.max);
    case "oneOf":
      return oneOfCodec(description.options);
    case "ref":
      return refCodec(description.table);
    case "optional":
      return optionalCodec(fieldCodec(description.of));
    case "list":
      return listCodec(fieldCodec(description.of), description.max);
    case "cold":
      return fieldCodec(description.of);
  }
}

const identical = (a: Wire, b: Wire): boolean => a === b;
const asIs = (wire: Wire): unknown => wire;

const isIntegerFrom =
  (min: number, max: number) =>
  (wire: unknown): wire is Wire =>
    Number.isInteger(wire) && (wire as number) >= min && (wire as number) <= max && !Object.is(wire, -0);

function numeric(value: unknown, expected: string): number {
  if (typeof value !== "number" || Number.isNaN(value)) throw new InvalidValueError(value, expected);
  return value;
}

function clamp(value: number, min: number, max: number, context: QuantiseContext): number {
  if (value >= min && value <= max) return value;
  context.outOfRange(value, `${min} to ${max}`);
  return value < min ? min : max;
}

function integerCodec(name: string, min: number, max: number): FieldCodec {
  return {
    initial: () => 0,
    // Adding 0 turns the −0 that rounding can give into 0, which compares and encodes as an integer.
    quantise: (value, context) => clamp(Math.round(numeric(value, name)), min, max, context) + 0,
    restore: asIs,
    same: identical,
    accepts: isIntegerFrom(min, max),
  };
}

const boolCodec: FieldCodec = {
  initial: () => false,
  quantise: (value) => {
    if (typeof value !== "boolean") throw new InvalidValueError(value, "bool");
    return value;
  },
  restore: asIs,
  same: identical,
  accepts: (wire): wire is Wire => typeof wire === "boolean",
};

function fixedCodec(min: number, max: number, step: number): FieldCodec {
  // A step like 0.1 has no exact double, but there are exactly ten in one: dividing by those keeps 0.3 at 0.3.
  const perUnit = wholeIfClose(1 / step);
  const first = wholeIfClose(min * perUnit);
  const steps = Math.round((max - min) * perUnit);
  const restore = Number.isInteger(perUnit)
    ? (n: number) => (first + n) / perUnit
    : (n: number) => min + n * step;
  return {
    initial: () => Math.min(Math.max(0, min), max),
    quantise: (value, context) =>
      Math.round((clamp(numeric(value, "number"), min, max, context) - min) * perUnit) + 0,
    restore: (wire) => Math.min(Math.max(restore(wire as number), min), max),
    same: identical,
    accepts: isIntegerFrom(0, steps),
  };
}

/** The whole number that `value` is but for what its computation rounded off, else `value` itself. */
function wholeIfClose(value: number): number {
  const whole = Math.round(value);
  return Math.abs(whole - value) <= Math.abs(value) * 1e-12 ? whole : value;
}

function angleCodec(steps: number): FieldCodec {
  return {
    initial: () => 0,
    quantise: (value) => {
      const turned = Math.round((numeric(value, "angle") / TURN) * steps) % steps;
      // Infinite angles, and those so large that their steps are.
      if (Number.isNaN(turned)) throw new InvalidValueError(value, "angle");
      return turned < 0 ? turned + steps : turned + 0;
    },
    restore: (wire) => ((wire as number) / steps) * TURN,
    same: identical,
    accepts: isIntegerFrom(0, steps - 1),
  };
}

function textCodec(maxBytes: number): FieldCodec {
  return {
    initial: () => "",
    quantise: (value, context) => {
      if (typeof value !== "string") throw new InvalidValueError(value, "text");
      const quantised = quantiseText(value, maxBytes);
      if (quantised.length < value.length) context.outOfRange(value, `${maxBytes} bytes of UTF-8`);
      return quantised;
    },
    restore: asIs,
    same: identical,
    accepts: (wire): wire is Wire => typeof wire === "string" && quantiseText(wire, maxBytes) === wire,
  };
}

function bytesCodec(max: number): FieldCodec {
  return {
    initial: () => new Uint8Array(0),
    quantise: (value, context) => {
      if (!(value instanceof Uint8Array)) throw new InvalidValueError(value, "Uint8Array");
      if (value.length > max) context.outOfRange(`${value.length} bytes`, `${max} bytes`);
      // A copy, so that the committed value is not changed behind the next comparison's back. Not by `slice`,
      // which for a `Buffer` copies nothing.
      return new Uint8Array(value.subarray(0, max));
    },
    restore: (wire) => new Uint8Array(wire as Uint8Array),
    same: (a, b) => a === b || sameItems(a as Uint8Array, b as Uint8Array, Object.is),
    accepts: (wire): wire is Wire => wire instanceof Uint8Array && wire.length <= max,
  };
}

function oneOfCodec(options: readonly string[]): FieldCodec {
  const indexes = new Map(options.map((option, index) => [option, index]));
  return {
    initial: () => options[0],
    quantise: (value) => {
      const index = indexes.get(value as string);
      if (index === undefined) throw new InvalidValueError(value, `one of ${options.join(", ")}`);
      return index;
    },
    restore: (wire) => options[wire as number],
    same: identical,
    accepts: isIntegerFrom(0, options.length - 1),
  };
}

/** Row ids start at 1; 0 says that no row is meant. */
function refCodec(table: string): FieldCodec {
  return {
    initial: () => undefined,
    quantise: (value, context) => {
      if (value === undefined) return 0;
      if (!isRow(value)) throw new InvalidValueError(value, `row of "${table}"`);
      return context.holds(table, value) ? value.id : 0;
    },
    restore: (wire, rows) => (wire === 0 ? undefined : rows(table, wire as number)),
    same: identical,
    accepts: isIntegerFrom(0, 0xffff_ffff),
  };
}

function isRow(value: unknown): value is { readonly id: number } {
  return typeof value === "object" && value !== null && "id" in value && typeof value.id === "number";
}

function optionalCodec(of: FieldCodec): FieldCodec {
  return {
    initial: () => undefined,
    quantise: (value, context) => (value === undefined ? null : of.quantise(value, context)),
    restore: (wire, rows) => (wire === null ? undefined : of.restore(wire, rows)),
    same: (a, b) => a === b || (a !== null && b !== null && of.same(a, b)),
    accepts: (wire): wire is Wire => wire === null || of.accepts(wire),
  };
}

function listCodec(of: FieldCodec, max: number): FieldCodec {
  return {
    initial: () => [],
    quantise: (value, context) => {
      if (!Array.isArray(value)) throw new InvalidValueError(value, "list");
      if (value.length > max) context.outOfRange(`${value.length} values`, `${max} values`);
      // `Array.from` visits holes, too, which `map` would leave in the wire value.
      return Array.from(value.slice(0, max), (item) => of.quantise(item, context));
    },
    restore: (wire, rows) => (wire as readonly Wire[]).map((item) => of.restore(item, rows)),
    same: (a, b) => a === b || sameItems(a as readonly Wire[], b as readonly Wire[], of.same),
    accepts: (wire): wire is Wire =>
      Array.isArray(wire) && wire.length <= max && wire.every((item) => of.accepts(item)),
  };
}

function sameItems<T>(a: ArrayLike<T>, b: ArrayLike<T>, same: (a: T, b: T) => boolean): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!same(a[i] as T, b[i] as T)) return false;
  return true;
}
