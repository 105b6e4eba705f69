import {
  containsRef,
  type Field,
  type FieldDescription,
  type Interpolation,
  isGliding,
  type ListField,
  type OptionalField,
  type RefField,
  type Visibility,
} from "./field.ts";

const plain = <Value>(description: FieldDescription): Field<Value> => Object.freeze({ description });

/** A field around another keeps what that says about who sees it: an owner's secret stays one in a list. */
const visibilityOf = ({ visibleTo }: Field): { visibleTo?: Visibility } => (visibleTo ? { visibleTo } : {});

/** An integer from 0 to 255; one byte up to 127, two beyond. */
export const u8: Field<number> = plain({ type: "u8" });
/** An integer from 0 to 65,535; at most three bytes. */
export const u16: Field<number> = plain({ type: "u16" });
/** An integer from 0 to 4,294,967,295; at most five bytes. */
export const u32: Field<number> = plain({ type: "u32" });
/** An integer from −32,768 to 32,767; at most three bytes. */
export const i16: Field<number> = plain({ type: "i16" });
/** An integer from −2,147,483,648 to 2,147,483,647; at most five bytes. */
export const i32: Field<number> = plain({ type: "i32" });
/** `true` or `false`; one byte. */
export const bool: Field<boolean> = plain({ type: "bool" });

/** A tick of the room, for instance when a match ends. */
export function tick(): Field<number> {
  return plain({ type: "tick" });
}

/**
 * A number from `min` to `max` that players see rounded to the nearest multiple of `step` above `min`. The
 * server keeps full precision, so slow movements add up. Up to 128 steps take one byte, 256 two, 65,536 three.
 *
 * @example position: fixed(0, 4000, 0.1)
 */
export function fixed(min: number, max: number, step: number): Field<number> {
  if (!(Number.isFinite(min) && Number.isFinite(max) && min < max))
    throw new RangeError(`fixed(${min}, ${max}, ${step}): min must be a finite number below max`);
  if (!(step > 0 && (max - min) / step <= 0xffff_ffff))
    throw new RangeError(`fixed(${min}, ${max}, ${step}): step must be positive, with at most 2^32 steps`);
  return plain({ type: "fixed", min, max, step });
}

/**
 * A direction in radians that wraps around; players see it in `[0, 2π)`, rounded to one of `steps`.
 * 256 steps (1.4°) take at most two bytes, up to 65,536 three.
 */
export function angle(steps = 256): Field<number> {
  if (!(Number.isInteger(steps) && steps >= 2 && steps <= 65_536))
    throw new RangeError(`angle(${steps}): steps must be an integer from 2 to 65536`);
  return plain({ type: "angle", steps });
}

/** Text of at most `maxBytes` bytes of UTF-8; longer text is cut at a whole character. */
export function text(maxBytes: number): Field<string> {
  return plain({ type: "text", maxBytes: positive("text", maxBytes) });
}

/** Raw bytes, at most `max` of them; longer ones are cut. Replace the array to change it quickly. */
export function bytes(max: number): Field<Uint8Array> {
  return plain({ type: "bytes", max: positive("bytes", max) });
}

/** One of some words; one byte up to 128 of them. The first is the initial value. */
export function oneOf<const Options extends readonly [string, ...string[]]>(
  ...options: Options
): Field<Options[number]> {
  if (new Set(options).size !== options.length)
    throw new RangeError(`oneOf(${options.join(", ")}): the words must differ`);
  return plain({ type: "oneOf", options });
}

/** The field or `undefined`, which is the initial value. */
export function optional<Of extends Field>(of: Of): OptionalField<Of> {
  refuseInside("optional", of);
  return Object.freeze({
    ...visibilityOf(of),
    description: { type: "optional", of: of.description } as const,
    optionalOf: of,
  });
}

/**
 * A row of another table, assigned and read as that row. It reads `undefined` while unset, once the row was
 * removed, and on a client that does not see the row.
 */
export function ref<Table extends string>(table: Table): RefField<Table> {
  return Object.freeze({ description: { type: "ref", table } as const, refTo: table });
}

/** An array of at most `max` values; longer arrays are cut. It is compared and sent as a whole. */
export function list<Of extends Field>(of: Of, max: number): ListField<Of> {
  refuseInside("list", of);
  return Object.freeze({
    ...visibilityOf(of),
    description: { type: "list", of: of.description, max: positive("list", max) } as const,
    listOf: of,
  });
}

/**
 * For what is large and changes rarely (a level, a deck): compared by identity alone, so assign a new value
 * to change it; mutating it in place is not seen.
 */
export function cold<Of extends Field>(of: Of): Of {
  refuseInside("cold", of);
  return Object.freeze({ ...of, description: { type: "cold", of: of.description } as const });
}

/**
 * The field, sent only to those named: `hand: visibleTo("owner", list(u8, 12))`,
 * `plan: visibleTo("group", text(40))`. For all others it reads `undefined`, which its type does not say: rows keep one
 * type on server and clients, so that code can be shared. A field for the `room` shows every row of a table with a position to
 * everybody; out of sight the other fields read `undefined`.
 */
export function visibleTo<Of extends Field>(who: Visibility, of: Of): Of {
  return Object.freeze({ ...of, visibleTo: who });
}

/**
 * The field, drawn between ticks by clients that use `room.view()`; the wire and the server know nothing of it.
 * Integers, `fixed` and `angle` (the short way round) move smoothly, with fractions; of every other type the value
 * of the tick before the drawn moment is shown. `teleport`: where the field changes by more than this in one tick,
 * the row was put elsewhere, and none of its fields moves smoothly in that tick.
 *
 * @throws RangeError for references and cold fields, which are read from the room as it is, and for a `teleport`
 * of a field that does not move smoothly
 *
 * @example x: interpolated(fixed(0, 4000, 0.1), { teleport: 100 })
 */
export function interpolated<Of extends Field>(
  of: Of extends RefField ? never : Of,
  options: Interpolation = {},
): Of {
  const field: Field = of;
  const { description } = field;
  if (containsRef(description))
    throw new RangeError("interpolated(ref(…)): another tick's reference may lead to a row that is gone");
  if (description.type === "cold")
    throw new RangeError("interpolated(cold(…)): what is large and rare is not kept tick by tick");
  const { teleport } = options;
  if (teleport !== undefined && !(teleport > 0 && isGliding(description)))
    throw new RangeError(
      `interpolated(${description.type}, { teleport: ${teleport} }): it must be above 0, on an integer, fixed or angle`,
    );
  return Object.freeze({ ...of, interpolated: teleport === undefined ? {} : { teleport } }) as unknown as Of;
}

/** The whole is drawn, or nothing of it: a mark inside would have no effect. */
function refuseInside(name: "optional" | "list" | "cold", of: Field): void {
  if (of.interpolated === undefined) return;
  const remedy = name === "cold" ? "leave one of them away" : `write interpolated(${name}(…))`;
  throw new RangeError(`${name}(interpolated(…)) has no effect; ${remedy}`);
}

function positive(name: string, max: number): number {
  if (!(Number.isInteger(max) && max > 0 && max <= 65_535))
    throw new RangeError(`${name}(${max}): the maximum must be an integer from 1 to 65535`);
  return max;
}
