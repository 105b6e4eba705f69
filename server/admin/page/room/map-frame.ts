import type { GameDescription } from "../../../../shared/definition/description.ts";
import type { FieldDescription } from "../../../../shared/definition/field.ts";
import type { MapAnswer } from "../../answers.ts";

/** What a map shows of the world. */
export interface MapFrame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The world as the definition bounds it; where it does not, as far as anything is. */
export function frameOf(game: GameDescription, map: MapAnswer): MapFrame {
  const x = rangeOf(game, 0) ?? extentOf(map.tables.flatMap((table) => table.x));
  const y = rangeOf(game, 1) ?? extentOf(map.tables.flatMap((table) => table.y));
  return { left: x[0], top: y[0], width: Math.max(1, x[1] - x[0]), height: Math.max(1, y[1] - y[0]) };
}

type Range = readonly [min: number, max: number];

function rangeOf(game: GameDescription, axis: 0 | 1): Range | undefined {
  const ranges = game.tables.flatMap(({ position, fields }) => {
    const field = position && fields.find(({ name }) => name === position[axis])?.field;
    return field === undefined ? [] : [boundsOf(field)];
  });
  if (ranges.length === 0 || ranges.includes(undefined)) return undefined;
  const known = ranges.filter((range) => range !== undefined);
  return [Math.min(...known.map(([min]) => min)), Math.max(...known.map(([, max]) => max))];
}

/** Small whole numbers may well be all used; larger ones rarely are. */
function boundsOf(field: FieldDescription): Range | undefined {
  if (field.type === "fixed") return [field.min, field.max];
  return field.type === "u8" ? [0, 255] : undefined;
}

function extentOf(values: readonly number[]): Range {
  if (values.length === 0) return [0, 1];
  const min = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const max = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const margin = Math.max(1, (max - min) * 0.05);
  return [min - margin, max + margin];
}
