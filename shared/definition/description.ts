import type { FieldDescription, Visibility } from "./field.ts";
import type { GameSpec } from "./game.ts";
import type { Fields, TableOptions } from "./table.ts";

export interface NamedField {
  readonly name: string;
  readonly field: FieldDescription;
  readonly visibleTo: Visibility;
}

export interface TableDescription {
  readonly name: string;
  /** A record is a table with the one row {@link RECORD_ROW}. */
  readonly kind: "table" | "record";
  readonly owner?: "player";
  readonly position?: readonly [string, string];
  /** The field that names a row's group. */
  readonly group?: string;
  readonly fields: readonly NamedField[];
}

export interface InputDescription {
  readonly name: string;
  readonly kind: "held" | "pressed";
  readonly field: FieldDescription;
}

export interface EventDescription {
  readonly name: string;
  readonly fields: readonly { readonly name: string; readonly field: FieldDescription }[];
}

export interface RequestDescription {
  readonly name: string;
  readonly errors: readonly string[];
}

/**
 * A game as plain data, in the order of its definition: on the wire tables, fields, events, messages and
 * requests are named by their place in these lists.
 */
export interface GameDescription {
  readonly name: string;
  readonly tickRate: number;
  readonly tables: readonly TableDescription[];
  readonly inputs: readonly InputDescription[];
  readonly events: readonly EventDescription[];
  readonly messages: readonly string[];
  readonly requests: readonly RequestDescription[];
}

/** The row id of every record. */
export const RECORD_ROW = 1;

export function describeGame(spec: GameSpec): GameDescription {
  return {
    name: spec.name,
    tickRate: spec.tickRate,
    tables: Object.entries(spec.state).map(([name, definition]) =>
      definition.kind === "table"
        ? describeTable(name, definition.fields, definition.options)
        : { name, kind: "record", fields: describeFields(definition.fields, "room") },
    ),
    inputs: Object.entries(spec.input ?? {}).map(([name, input]) => ({
      name,
      kind: input.kind,
      field: input.kind === "held" ? input.field.description : { type: "bool" },
    })),
    events: Object.entries(spec.events ?? {}).map(([name, fields]) => ({
      name,
      fields: Object.entries(fields).map(([field, { description }]) => ({ name: field, field: description })),
    })),
    messages: Object.keys(spec.messages ?? {}),
    requests: Object.entries(spec.requests ?? {}).map(([name, { errors }]) => ({
      name,
      errors: [...(errors ?? [])],
    })),
  };
}

function describeTable(name: string, fields: Fields, options: TableOptions): TableDescription {
  return {
    name,
    kind: "table",
    ...(options.owner && { owner: options.owner }),
    ...(options.position && { position: options.position }),
    ...(options.group && { group: options.group }),
    fields: describeFields(fields, options.visibleTo ?? (options.position ? "sight" : "room")),
  };
}

function describeFields(fields: Fields, tableVisibility: Visibility): NamedField[] {
  return Object.entries(fields).map(([name, field]) => ({
    name,
    field: field.description,
    visibleTo: field.visibleTo ?? tableVisibility,
  }));
}
