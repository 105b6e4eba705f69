import type {
  GameDescription,
  InputDescription,
  NamedField,
  TableDescription,
} from "../definition/description.ts";
import { containsRef, type Visibility } from "../definition/field.ts";
import { type FieldCodec, fieldCodec } from "./field-codec.ts";

export interface FieldLayout {
  readonly name: string;
  readonly codec: FieldCodec;
  /** Compared by identity of the author's value. */
  readonly cold: boolean;
  /** Reading it needs other rows. */
  readonly refers: boolean;
}

/** One table, ready to work on: codecs by place, and which fields which audience receives. */
export interface TableLayout {
  readonly index: number;
  readonly name: string;
  readonly kind: "table" | "record";
  readonly owner: "player" | undefined;
  /** Places of the fields that say where a row is. */
  readonly position: readonly [x: number, y: number] | undefined;
  /** Place of the field that names a row's group. */
  readonly group: number | undefined;
  readonly fields: readonly FieldLayout[];
  readonly hasCold: boolean;
  /** Bit `i` stands for field `i`. */
  readonly masks: Readonly<Record<Visibility, number>>;
}

export interface InputLayout {
  readonly name: string;
  readonly kind: "held" | "pressed";
  readonly codec: FieldCodec;
}

export interface EventLayout {
  readonly index: number;
  readonly name: string;
  readonly fields: readonly { readonly name: string; readonly codec: FieldCodec }[];
}

/** A description with its codecs built: what both ends of the wire work with. */
export interface GameLayout {
  readonly tables: readonly TableLayout[];
  readonly tableByName: ReadonlyMap<string, TableLayout>;
  readonly ownerTable: TableLayout | undefined;
  readonly inputs: readonly InputLayout[];
  readonly events: readonly EventLayout[];
  readonly eventByName: ReadonlyMap<string, EventLayout>;
}

/**
 * @param sight what becomes of fields for those in sight: `cells` leaves them to interest, `room` gives them to
 * everyone, for rooms without interest
 */
export function gameLayout(description: GameDescription, sight: "cells" | "room" = "cells"): GameLayout {
  const tables = description.tables.map((table, index) => tableLayout(table, index, sight));
  const events = description.events.map((event, index) => ({
    index,
    name: event.name,
    fields: event.fields.map(({ name, field }) => ({ name, codec: fieldCodec(field) })),
  }));
  return {
    tables,
    tableByName: new Map(tables.map((table) => [table.name, table])),
    ownerTable: tables.find((table) => table.owner === "player"),
    inputs: description.inputs.map(inputLayout),
    events,
    eventByName: new Map(events.map((event) => [event.name, event])),
  };
}

function tableLayout(table: TableDescription, index: number, sight: "cells" | "room"): TableLayout {
  const seen = fieldMask(table.fields, "sight");
  const place = (name: string): number => table.fields.findIndex((field) => field.name === name);
  return {
    index,
    name: table.name,
    kind: table.kind,
    owner: table.owner,
    position: table.position && [place(table.position[0]), place(table.position[1])],
    group: table.group === undefined ? undefined : place(table.group),
    fields: table.fields.map(({ name, field }) => ({
      name,
      codec: fieldCodec(field),
      cold: field.type === "cold",
      refers: containsRef(field),
    })),
    hasCold: table.fields.some(({ field }) => field.type === "cold"),
    masks: {
      room: fieldMask(table.fields, "room") | (sight === "room" ? seen : 0),
      sight: sight === "room" ? 0 : seen,
      owner: fieldMask(table.fields, "owner"),
      group: fieldMask(table.fields, "group"),
    },
  };
}

function fieldMask(fields: readonly NamedField[], audience: Visibility): number {
  return fields.reduce((mask, field, i) => (field.visibleTo === audience ? mask | (1 << i) : mask), 0);
}

function inputLayout({ name, kind, field }: InputDescription): InputLayout {
  return { name, kind, codec: fieldCodec(field) };
}
