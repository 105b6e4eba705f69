import type { GameSpec, StateDefinition } from "../../shared/definition/game.ts";
import type { Table } from "../../shared/definition/table.ts";
import type {
  EventName,
  EventOf,
  FieldValues,
  InputOf,
  OwnerTable,
  RowOf,
  TableNames,
} from "../../shared/definition/types.ts";
import type { CloseName } from "../../shared/protocol/close-codes.ts";
import type { GroupName } from "../../shared/state/groups.ts";
import type { Release } from "../../shared/tick/clock.ts";
import type { Tick } from "../../shared/tick/tick.ts";
import type { EventExchange } from "../events/event-hub.ts";
import type { Focus } from "./interest.ts";
import type { RewindOf } from "./rewind/past-world.ts";
import type { PlayerGroups } from "./seat-groups.ts";

/** JSON that `GET /rooms` shows of a room. */
export type RoomMetadata = { readonly [key: string]: string | number | boolean | null };

/** Rows of one shape. Iterating is in order of adding; rows may be added and removed meanwhile. */
export interface ServerTable<Row, Given> extends Iterable<Row> {
  readonly size: number;
  /** Adds a row; fields that are left out have their initial value. It is sent when the tick ends. */
  add(given?: Given): Row;
  /** False where the row is not in the table (any more). */
  remove(row: Row): boolean;
  /** The row of that id, where there is one. */
  get(id: number): Row | undefined;
}

/** The state as its author works on it: plain rows, assigned at will, compared when the tick ends. */
export type ServerState<S extends StateDefinition> = {
  readonly [Name in keyof S]: S[Name] extends Table<infer F>
    ? ServerTable<RowOf<S, Name>, Partial<FieldValues<S, F>>>
    : RowOf<S, Name>;
};

/** The player's own row, in games with a table owned by players. */
export type OwnRow<G extends GameSpec> = [OwnerTable<G["state"]>] extends [never]
  ? undefined
  : RowOf<G["state"], OwnerTable<G["state"]>>;

/** Those who can be told of events together. */
export interface Audience<G extends GameSpec = GameSpec> {
  /** An event for all of them, in this tick's frames. */
  broadcast<Name extends EventName<G>>(event: Name, value: EventOf<G, Name>): void;
}

/** Someone with a seat in the room. */
export interface Player<G extends GameSpec = GameSpec, PlayerData = unknown> {
  /** A small integer, unique in the room, not reused while anyone may mean the former holder. */
  readonly id: number;
  readonly row: OwnRow<G>;
  /** The input for the tick that is running. */
  readonly input: InputOf<G>;
  /**
   * The tick, with a fraction, that the player saw when they gave the input that acts in this tick: what
   * `room.rewind` takes. As their client says, between the running tick and `rewind.maxMs` before it, so one that lies
   * gains no more than that. The running tick where nothing is known, and in rooms without `rewind`.
   */
  readonly viewTick: number;
  /** The connection is lost: the seat is kept until the grace period is over. */
  readonly away: boolean;
  /** What `admit` returned. Not synchronised. */
  readonly data: PlayerData;
  /** An event for this player alone. */
  send<Name extends EventName<G>>(event: Name, value: EventOf<G, Name>): void;
  /**
   * Where the player looks, from this tick on: at their own row (so it begins), at a point or several, or at
   * everything, as spectators do. Only rooms with `interest` make a difference of it.
   */
  lookAt(focus: Focus): void;
  /** The groups whose rows, fields and events the player gets, from this tick on. At most 8. */
  readonly groups: PlayerGroups;
  /** Ends the player's stay after this tick; `leave` is called with this reason. */
  close(reason?: CloseName): void;
}

/** Those who have a seat, those who are away included; iterating is in order of joining. */
export interface Players<G extends GameSpec, PlayerData> extends Iterable<Player<G, PlayerData>> {
  readonly size: number;
  /** The player of that id, where there is one. */
  get(id: number): Player<G, PlayerData> | undefined;
}

/** A room as its author sees it. Everything here is for the tick: hooks, handlers and `room.run`. */
export interface Room<
  G extends GameSpec = GameSpec,
  Options = unknown,
  Data = unknown,
  PlayerData = unknown,
  /** The tables that `rewind` names. */
  Rewound extends TableNames<G["state"]> = never,
> extends Audience<G>,
    EventExchange {
  /** The last segment of the room's URL. */
  readonly id: string;
  /** The tick that is running, or else the last one. */
  readonly tick: Tick;
  readonly state: ServerState<G["state"]>;
  readonly players: Players<G, PlayerData>;
  /** The validated options that the room was created with. */
  readonly options: Options;
  /** What `data` returned. Not synchronised. */
  readonly data: Data;
  readonly metadata: RoomMetadata;
  /** What `GET /rooms` shows from now on, in place of what it showed. */
  setMetadata(metadata: RoomMetadata): void;
  /** Those in whose sight a point is; everyone, in rooms without `interest`. */
  near(x: number, y: number): Audience<G>;
  /** The members of a group, see `player.groups`. */
  group(name: GroupName): Audience<G>;
  /**
   * Calls back with the world as it was at a tick, with a fraction, and returns what that returns: the number fields of
   * the tables named in `defineRoom`'s `rewind`, which rooms without it do not have. Older ticks than are kept are the
   * oldest, later ones the present. A row that did not exist is not there; rows can be read until the callback returns.
   *
   * @example
   * const hit = room.rewind(player.viewTick, ({ players }) =>
   *   [...players].find(({ x, y }) => Math.hypot(x - aim.x, y - aim.y) < 24)?.id);
   */
  readonly rewind: RewindOf<G, Rewound>;
  /** Calls back in the first tick that is at least so many seconds away. */
  after(seconds: number, callback: () => undefined): Release;
  /** A number in [0, 1) from the room's own seed: equal seeds and inputs give equal games. */
  random(): number;
  /** Runs `change` in the next tick; for code after an `await`, which may touch the state nowhere else. */
  run<Result>(change: () => Result): Promise<Result>;
  /** In a room with `queue`, whether its match has; in others always true. */
  readonly hasBegun: boolean;
  readonly locked: boolean;
  /** Nobody new is let in until `unlock`. */
  lock(): void;
  /** Lets newcomers in again. */
  unlock(): void;
  /** A private room is neither listed nor found by matchmaking: its address is the invitation. */
  readonly visibility: "public" | "private";
  /** Makes the room private or public from now on. */
  setVisibility(visibility: "public" | "private"): void;
  /** Closes the room after this tick; players are told the reason. */
  close(reason?: CloseName): void;
}
