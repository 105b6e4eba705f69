import type { TableDescription } from "../../../shared/definition/description.ts";
import type { FieldDescription } from "../../../shared/definition/field.ts";
import type { Wire } from "../../../shared/state/field-codec.ts";
import type { TableLayout } from "../../../shared/state/game-layout.ts";

/** A field whose past is kept. */
export interface NumberField {
  readonly name: string;
  /** Its place among all fields of the row. */
  readonly place: number;
  /** The author's number for a committed one. */
  restore(wire: number): number;
  /** The number at a part of the way from one tick's to a later one's. */
  between(from: number, to: number, part: number): number;
}

const TURN = 2 * Math.PI;

/** The fields of a table that hold numbers. */
export function numberFields(layout: TableLayout, description: TableDescription): readonly NumberField[] {
  return layout.fields.flatMap(({ name, codec }, place) => {
    const field = description.fields[place]?.field;
    const between = field && wayOf(field);
    if (between === undefined) return [];
    return [{ name, place, restore: (wire: Wire) => codec.restore(wire, noRows) as number, between }];
  });
}

function wayOf(field: FieldDescription): NumberField["between"] | undefined {
  switch (field.type) {
    case "fixed":
    case "u8":
    case "u16":
    case "u32":
    case "i16":
    case "i32":
      return (from, to, part) => from + (to - from) * part;
    case "angle":
      return turned;
    // A time does not pass through those between two others: it is set.
    case "tick":
      return (from) => from;
    case "cold":
      return wayOf(field.of);
    default:
      return undefined;
  }
}

/** The short way round, in [0, 2π). */
function turned(from: number, to: number, part: number): number {
  const way = (to - from) % TURN;
  const short = way > Math.PI ? way - TURN : way < -Math.PI ? way + TURN : way;
  const angle = (from + short * part) % TURN;
  return angle < 0 ? angle + TURN : angle;
}

/** Numbers refer to no row. */
const noRows = (): undefined => undefined;
