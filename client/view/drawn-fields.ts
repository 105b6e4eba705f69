import type { FieldDescription, Interpolation } from "../../shared/definition/field.ts";
import { isGliding } from "../../shared/definition/field.ts";
import type { StateDefinition } from "../../shared/definition/game.ts";
import type { TableLayout } from "../../shared/state/game-layout.ts";

/** A field that moves between two ticks. */
export interface GlidingField {
  readonly name: string;
  readonly index: number;
  /** What a whole turn is, for angles. */
  readonly turn: number | undefined;
  /** A change beyond it in one tick is no movement. */
  readonly teleport: number;
}

/** A field that has the value of the tick before the drawn moment. */
export interface SteppingField {
  readonly name: string;
  readonly index: number;
}

/** The interpolated fields of a table, by their place in the server's layout. */
export interface DrawnFields {
  readonly gliding: readonly GlidingField[];
  readonly stepping: readonly SteppingField[];
  /** Bit `i` stands for field `i`. */
  readonly mask: number;
}

/**
 * What the client's own definition marks, found by name: the server may have more tables and fields, at other
 * places. Undefined where there is nothing.
 */
export function drawnFields(table: TableLayout, known: StateDefinition): DrawnFields | undefined {
  const gliding: GlidingField[] = [];
  const stepping: SteppingField[] = [];
  let mask = 0;
  const definition = Object.hasOwn(known, table.name) ? known[table.name] : undefined;
  table.fields.forEach(({ name }, index) => {
    const fields = definition?.fields;
    const field = fields && Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field?.interpolated === undefined) return;
    mask |= 1 << index;
    if (isGliding(field.description))
      gliding.push(glidingField(name, index, field.description, field.interpolated));
    else stepping.push({ name, index });
  });
  return mask === 0 ? undefined : { gliding, stepping, mask };
}

function glidingField(
  name: string,
  index: number,
  { type }: FieldDescription,
  { teleport = Number.POSITIVE_INFINITY }: Interpolation,
): GlidingField {
  return { name, index, turn: type === "angle" ? 2 * Math.PI : undefined, teleport };
}
