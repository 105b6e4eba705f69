import type { Inputs, StateDefinition } from "./game.ts";
import type { RecordDefinition, Table } from "./table.ts";
import type { InputsOf, OwnerTable, ReadonlyRowOf, RowOf } from "./types.ts";

/** Rows of one shape, to read. */
export interface WorldTable<Row> extends Iterable<Row> {
  readonly size: number;
  /** The row of that id, where there is one. */
  get(id: number): Row | undefined;
}

/**
 * What a step may look at besides its row. A server's `room` is one, so a room passes itself. On a client the
 * state is that of the last closed tick, as this player sees it, so what moves is where it was some ticks before
 * the tick that is stepped to; a step that leans on it is put right by the server the more often.
 */
export interface World<S extends StateDefinition = StateDefinition> {
  /** The tick that is stepped to. */
  readonly tick: number;
  readonly state: {
    readonly [Name in keyof S]: S[Name] extends Table
      ? WorldTable<ReadonlyRowOf<S, Name>>
      : S[Name] extends RecordDefinition
        ? ReadonlyRowOf<S, Name>
        : never;
  };
}

/** How a player's own row moves on by one tick: the same on the server and, ahead of it, on the client. */
export interface Predict<S extends StateDefinition = StateDefinition, I extends Inputs = Inputs> {
  /** The table whose rows belong to players. */
  readonly table: OwnerTable<S>;
  /**
   * Changes `row` in place by exactly one tick of `dt` seconds. The server's room calls it in `tick`; the client
   * calls it for ticks that the server has not told of yet, again where an input or an outcome differed, and to
   * draw. So it depends on its arguments and on constants alone (no clock, no chance, no memory of its own), looks
   * at nothing that others cannot see either, and changes nothing but the row. What happens to a row otherwise
   * (damage, score, a new place) stays in the room; the client takes it over from there.
   */
  readonly step: (row: RowOf<S, OwnerTable<S>>, input: InputsOf<S, I>, dt: number, world: World<S>) => void;
}

/** The prediction of any game. */
export interface AnyPredict {
  readonly table: string;
  /** See {@link Predict.step}. */
  readonly step: (row: never, input: never, dt: number, world: never) => void;
}

/** What a game with state `S` may predict; one whose tables are not known here, anything. */
export type PredictOf<S extends StateDefinition, I extends Inputs> = string extends keyof S
  ? AnyPredict
  : Predict<S, I>;
