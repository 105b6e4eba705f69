import type { NamedField } from "../../shared/definition/description.ts";
import type { FieldDescription } from "../../shared/definition/field.ts";
import type { FieldCodec, QuantiseContext, Wire } from "../../shared/state/field-codec.ts";
import type { TableLayout } from "../../shared/state/game-layout.ts";

/** A row as a step changes it: plain, at full precision. */
export type PredictedRow = { readonly id: number } & { [field: string]: unknown };

/** How a field is drawn between two ticks. */
export interface GlideMark {
  /** A larger change in one tick is no movement. */
  readonly teleport?: number;
}

export interface PredictedField {
  readonly name: string;
  readonly codec: FieldCodec;
  /** Whether a value of ours, and what it is quantised to, is what the server has. */
  readonly alike: (wire: Wire, own: Wire, value: unknown) => boolean;
  /** `straight` on numbers, `round` the short way on angles, `none` where values between two make no sense. */
  readonly glide: "straight" | "round" | "none";
  /** A jump by more than this is shown as one; `undefined`: what counts as one follows from how the field moves. */
  readonly teleport: number | undefined;
  /** Its part of how far a row moved, to measure corrections by. */
  readonly measured: boolean;
}

/** What is out of range was told by the server; whether rows may be referred to is the server's to judge. */
const quiet: QuantiseContext = { outOfRange: () => {}, holds: () => true };

/**
 * @param marks of fields that the game draws between ticks; those of `fixed` and `angle` glide without one, too
 */
export function predictedFields(
  { fields, position }: TableLayout,
  described: readonly NamedField[],
  marks: ReadonlyMap<string, GlideMark>,
): readonly PredictedField[] {
  return fields.map(({ name, codec }, index) => {
    const description = described[index]?.field as FieldDescription;
    const glide = glideOf(description, marks.has(name));
    return {
      name,
      codec,
      alike: alikeness(description),
      glide,
      teleport: marks.get(name)?.teleport,
      measured: position ? position.includes(index) : glide === "straight",
    };
  });
}

/** @throws InvalidValueError for what is no value of the field, such as NaN */
export function isAlike({ codec, alike }: PredictedField, wire: Wire, value: unknown): boolean {
  return alike(wire, codec.quantise(value, quiet), value);
}

function glideOf({ type }: FieldDescription, isMarked: boolean): PredictedField["glide"] {
  if (type === "angle") return "round";
  if (type === "fixed") return "straight";
  return isMarked && /^[ui]\d/.test(type) ? "straight" : "none";
}

/**
 * One step of tolerance where a value has fractions that are not sent: ours began at the server's quantised one,
 * half a step beside the true one at most, and rounds to the step beside. What is counted whole is exact.
 */
function alikeness(description: FieldDescription): PredictedField["alike"] {
  switch (description.type) {
    case "fixed":
      return within(1);
    case "angle": {
      const { steps } = description;
      return (wire, own) => {
        const apart = Math.abs((wire as number) - (own as number));
        return Math.min(apart, steps - apart) <= 1;
      };
    }
    case "u8":
    case "u16":
    case "u32":
    case "i16":
    case "i32":
      return (wire, own, value) => wire === own || (!Number.isInteger(value) && within(1)(wire, own, value));
    case "optional": {
      const inner = alikeness(description.of);
      return (wire, own, value) => (wire === null || own === null ? wire === own : inner(wire, own, value));
    }
    case "list": {
      const inner = alikeness(description.of);
      return (wire, own, value) => {
        const [theirs, ours] = [wire as readonly Wire[], own as readonly Wire[]];
        return (
          theirs.length === ours.length &&
          theirs.every((item, i) => inner(item, ours[i] as Wire, (value as readonly unknown[])[i]))
        );
      };
    }
    case "cold":
      return alikeness(description.of);
    case "bytes":
      return (wire, own) => sameValue(wire, own);
    default:
      return (wire, own) => wire === own;
  }
}

function within(steps: number): PredictedField["alike"] {
  return (wire, own) => Math.abs((wire as number) - (own as number)) <= steps;
}

/** Lists and bytes are changed in place, so each row has its own; rows that are referred to are shared. */
export function copyValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyValue);
  return value instanceof Uint8Array ? new Uint8Array(value) : value;
}

export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  const areLists =
    (Array.isArray(a) && Array.isArray(b)) || (a instanceof Uint8Array && b instanceof Uint8Array);
  if (!areLists) return false;
  const [one, other] = [a as ArrayLike<unknown>, b as ArrayLike<unknown>];
  if (one.length !== other.length) return false;
  for (let i = 0; i < one.length; i++) if (!sameValue(one[i], other[i])) return false;
  return true;
}
