import type { GameSpec, StateDefinition } from "../../shared/definition/game.ts";
import type { Table } from "../../shared/definition/table.ts";
import type { GenericRow, OwnerTable, ReadonlyRowOf } from "../../shared/definition/types.ts";

/**
 * The rows of a table as they are to be drawn. Rows keep their identity from frame to frame; what a reference
 * leads to is the row as it is in `room.state`.
 */
export interface ViewTable<Row> extends Iterable<Row> {
  readonly size: number;
  /** The row of that id, where there is one to draw. */
  get(id: number): Row | undefined;
}

/** A game's state as it is to be drawn. */
export type ViewState<S extends StateDefinition> = string extends keyof S
  ? { readonly [name: string]: ViewTable<GenericRow> | GenericRow }
  : {
      readonly [Name in keyof S]: S[Name] extends Table
        ? ViewTable<ReadonlyRowOf<S, Name>>
        : ReadonlyRowOf<S, Name>;
    };

/** One's own row, in games with a table owned by players. */
export type OwnRowOf<G extends GameSpec> = string extends keyof G["state"]
  ? GenericRow | undefined
  : [OwnerTable<G["state"]>] extends [never]
    ? undefined
    : ReadonlyRowOf<G["state"], OwnerTable<G["state"]>> | undefined;

/**
 * The room as it is to be drawn in one frame: fields marked `interpolated` as of the drawn tick, everything else as
 * of the last closed one. The same object in every frame, changed by `room.view()` and at no other time, but for
 * rows that come and go, and fields that are not interpolated: those change when a tick closes.
 */
export interface View<G extends GameSpec = GameSpec> {
  /** The drawn tick, with a fraction. It never falls, unless the room is set back to lower ticks. */
  readonly tick: number;
  readonly me: OwnRowOf<G>;
  readonly state: ViewState<G["state"]>;
}
