import type { Field, OptionalField } from "./field.ts";
import { optional } from "./field-types.ts";

/** A part of a player's input that stands until it changes: a direction, a throttle. */
export interface HeldInput<F extends Field = Field> {
  readonly kind: "held";
  readonly field: F;
}

/** A part of a player's input that happens: pressed between two samples, it is true in exactly one tick. */
export interface PressedInput {
  readonly kind: "pressed";
}

/** One part of a player's input: {@link held} or {@link pressed}. */
export type InputDefinition = HeldInput | PressedInput;

/**
 * A held input: repeated tick by tick until the player changes it, neutral (its field's initial value) after
 * a quarter of a second of silence. `"optional"` lets it be `undefined`, which then is its neutral value.
 */
export function held<F extends Field>(field: F): HeldInput<F>;
export function held<F extends Field>(field: F, presence: "optional"): HeldInput<OptionalField<F>>;
export function held(field: Field, presence?: "optional"): HeldInput {
  return { kind: "held", field: presence === "optional" ? optional(field) : field };
}

/** A pressed input: true in exactly one tick for one or more presses since the last sample, never repeated. */
export function pressed(): PressedInput {
  return { kind: "pressed" };
}
