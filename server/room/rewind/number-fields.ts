import type { TableDescription } from "../../../shared/definition/description.ts";
import type { FieldDescription } from "../../../shared/definition/field.ts";
import type { Fields } from "../../../shared/definition/table.ts";
import type { Wire } from "../../../shared/state/field-codec.ts";
import type { TableLayout } from "../../../shared/state/game-layout.ts";
import { shortWay, TURN } from "../../../shared/state/turn.ts";

/** A field whose past is kept. */
export interface NumberField {
  readonly name: string;
  /** Its place among all fields of the row. */
  readonly place: number;
  /** Marked `interpolated`: else it has the value of the tick before the moment, as on players' screens. */
  readonly glides: boolean;
  /** A change of more than this in one tick is no movement. */
  readonly teleport: number;
  /** The author's number for a committed one. */
  restore(wire: number): number;
  /** By how much a number is another, an angle the short way round. */
  change(from: number, to: number): number;
  /** The number at a part of such a change. */
  moved(from: number, change: number, part: number): number;
}

/** The fields of a table that hold numbers; `definition` says which of them are drawn between ticks. */
export function numberFields(
  layout: TableLayout,
  description: TableDescription,
  definition: Fields,
): readonly NumberField[] {
  return layout.fields.flatMap(({ name, codec }, place): NumberField[] => {
    const field = description.fields[place]?.field;
    if (field === undefined || !isNumber(field)) return [];
    const mark = definition[name]?.interpolated;
    const { change, moved } = field.type === "angle" ? angles : numbers;
    return [
      {
        name,
        place,
        glides: mark !== undefined && field.type !== "tick",
        teleport: mark?.teleport ?? Number.POSITIVE_INFINITY,
        restore: (wire: Wire) => codec.restore(wire, noRows) as number,
        change,
        moved,
      },
    ];
  });
}

function isNumber(field: FieldDescription): boolean {
  if (field.type === "cold") return isNumber(field.of);
  return ["fixed", "u8", "u16", "u32", "i16", "i32", "angle", "tick"].includes(field.type);
}

const numbers: Pick<NumberField, "change" | "moved"> = {
  change: (from, to) => to - from,
  moved: (from, change, part) => from + change * part,
};

const angles: Pick<NumberField, "change" | "moved"> = {
  change: shortWay,
  /** In [0, 2π). */
  moved(from, change, part) {
    const angle = (from + change * part) % TURN;
    return angle < 0 ? angle + TURN : angle;
  },
};

/** Numbers refer to no row. */
const noRows = (): undefined => undefined;
