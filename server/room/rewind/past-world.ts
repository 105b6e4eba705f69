import type { GameSpec, StateDefinition } from "../../../shared/definition/game.ts";
import type { RowOf, TableNames } from "../../../shared/definition/types.ts";

type NumberNames<Row> = {
  [Name in keyof Row]: [Row[Name]] extends [number] ? Name : never;
}[keyof Row];

/** A row as it was: its id and its numbers. Readable until the look into the past is over. */
export type PastRowOf<S extends StateDefinition, Name extends keyof S> = {
  readonly [Field in NumberNames<RowOf<S, Name>>]: RowOf<S, Name>[Field];
};

/** The rows of a table that existed then. */
export interface PastTable<Row> extends Iterable<Row> {
  readonly size: number;
  /** The row of that id, where it existed then. */
  get(id: number): Row | undefined;
}

/** The tables that `rewind` names, as they were. */
export type PastWorld<S extends StateDefinition, Named extends TableNames<S>> = {
  readonly [Name in Named]: PastTable<PastRowOf<S, Name>>;
};

/** `room.rewind`. Rooms without the option have `unknown` there, which nobody can call. */
export type RewindOf<G extends GameSpec, Named extends TableNames<G["state"]>> = [Named] extends [never]
  ? unknown
  : <Result>(viewTick: number, look: (world: PastWorld<G["state"], Named>) => Result) => Result;
