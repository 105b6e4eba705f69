import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { Game, GameSpec } from "../../shared/definition/game.ts";
import type {
  JoinOf,
  MessageName,
  MessageOf,
  ReplyInputOf,
  RequestErrorOf,
  RequestName,
  RequestOf,
  TableNames,
} from "../../shared/definition/types.ts";
import type { CloseName } from "../../shared/protocol/close-codes.ts";
import type { InterestOptions } from "./interest.ts";
import type { QueueOptions } from "./match-queue.ts";
import type { Failure, Refusal } from "./outcomes.ts";
import { type RewindOptions, validateRewind } from "./rewind/rewind-options.ts";
import type { Player, Room, RoomMetadata } from "./room.ts";
import { validateRoomConfig } from "./validate-room-config.ts";

const DEFAULT_MAX_PLAYERS = 100;

/** Why a player left; besides close codes, a connection that just ended. */
export type LeaveReason = CloseName | "connection-lost";

/** Where an author's code failed. */
export type HookPlace =
  | {
      readonly hook:
        | "load"
        | "admit"
        | "create"
        | "save"
        | "restore"
        | "join"
        | "leave"
        | "away"
        | "back"
        | "tick"
        | "drain"
        | "begin"
        | "after"
        | "run"
        | "announce";
    }
  | { readonly hook: "message" | "request" | "listen"; readonly name: string };

/** Whom a join ticket names; it is signed, so it is so by the word of your backend. */
export interface Identity {
  readonly user: string | undefined;
  /** What your backend had signed, if anything. */
  readonly data: unknown;
}

/** Who asks for a seat, before there is one. */
export interface Applicant<G extends GameSpec, Options> {
  readonly join: JoinOf<G>;
  /** The ticket that `connect` was given, if any: a token of your own to verify. A join ticket is verified already. */
  readonly ticket: string | undefined;
  /** Of a join ticket; `undefined` without one. */
  readonly identity: Identity | undefined;
  readonly room: { readonly id: string; readonly options: Options };
  readonly origin: string | undefined;
  readonly remoteAddress: string;
}

type MessageHandlers<G extends GameSpec, R, P> = {
  [Name in MessageName<G>]: (room: R, player: P, message: MessageOf<G, Name>) => undefined;
};

type RequestHandlers<G extends GameSpec, R, P> = {
  [Name in RequestName<G>]: (
    room: R,
    player: P,
    input: RequestOf<G, Name>,
  ) => Answer<G, Name> | PromiseLike<Answer<G, Name>>;
};

type Answer<G extends GameSpec, Name extends RequestName<G>> =
  | ReplyInputOf<G, Name>
  | Failure<RequestErrorOf<G, Name>>;

/** What a checkpoint can hold: plain data. An `interface` is none for the compiler; a `type` is. */
export type SavedValue =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | readonly SavedValue[]
  | { readonly [key: string]: SavedValue | undefined };

/**
 * What a room does. `load`, `admit` and requests may be asynchronous; all other hooks run inside a tick and
 * return `undefined`, so an async one does not compile.
 */
export type RoomConfig<
  G extends GameSpec,
  OptionsSchema extends StandardSchemaV1 | undefined,
  Loaded,
  Data,
  PlayerData,
  Rewound extends TableNames<G["state"]> = never,
  Saved extends SavedValue | undefined = undefined,
  Options = OptionsSchema extends StandardSchemaV1 ? StandardSchemaV1.InferOutput<OptionsSchema> : undefined,
  R = Room<G, Options, Data, PlayerData, Rewound>,
  P = Player<G, PlayerData>,
> = {
  /** Seats. Default 100, or the players of `queue`. */
  readonly maxPlayers?: number;
  /**
   * Makes a match of the room: players wait in it until enough are there, then `begin` is called and the room locks itself.
   * Matchmaking fills one such room after the other, in a cluster over all nodes.
   */
  readonly queue?: QueueOptions;
  /** How long an empty room stays, in milliseconds. Default 0: it goes with its last player. */
  readonly emptyForMs?: number;
  /** How long `admit` may take before the reserved seat is given away, in milliseconds. Default 5,000. */
  readonly admitWithinMs?: number;
  /**
   * How long a player whose connection is lost keeps the seat, in milliseconds. Default 20,000, which the server
   * can make whole again with nothing lost; 0: they leave at once.
   */
  readonly graceMs?: number;
  /** What a press does in an input that came too late: act in the next tick (the default), or nothing. */
  readonly latePresses?: "apply" | "drop";
  /** How players see rows with a position. Absent: everyone sees all of them. */
  readonly interest?: InterestOptions;
  /** Keeps the near past of some tables, for `room.rewind`. Absent: none is kept. */
  readonly rewind?: RewindOptions<Rewound>;
  /** Parses what a room is created with: the query of the room's URL, or the body of `POST /rooms`. Matchmaking brings players with equal options together, so what the schema gives must be JSON. */
  readonly options?: OptionsSchema;
  /** What `GET /rooms` shows from the start. */
  readonly metadata?: RoomMetadata;
  /** Fetches what the room needs, before it exists. */
  readonly load?: (options: Options) => Loaded | Promise<Loaded>;
  /** Makes `room.data` from what `load` returned. */
  readonly data?: (loaded: Loaded) => Data;
  /** Decides on an applicant, before the seat exists; what it returns becomes `player.data`. See {@link refuse}. */
  readonly admit?: (applicant: Applicant<G, Options>) => PlayerData | Refusal | Promise<PlayerData | Refusal>;
  /** The room begins: adds what is to be there. Not called where it is restored. */
  readonly create?: (room: R) => undefined;
  /**
   * What the room's checkpoint is to hold beyond its state, players and random numbers: what `room.data` knows, what
   * `room.after` waits for. Called between ticks, about once a second; it only reads. Plain data.
   */
  readonly save?: (room: R) => Saved;
  /**
   * Instead of `create`, where the room is restored: its state and players are there, all of them away, `load` and
   * `data` were called as for a new one. Takes back what `save` returned, and sets timers again.
   */
  readonly restore?: (room: R, saved: Saved) => undefined;
  /**
   * What a server that is about to stop does with the room, where it keeps checkpoints: `play-on` (the default) lets
   * players go on until the time is over, `suspend` saves it at once, to go on after the restart.
   */
  readonly onDrain?: "play-on" | "suspend";
  /** The match begins, in a room with `queue`: `missing` of its players have not come. Behind the `join` of the last one. */
  readonly begin?: (room: R, missing: number) => undefined;
  /** A player has a seat; where a table is owned by players, a row as well. */
  readonly join?: (room: R, player: P, join: JoinOf<G>) => undefined;
  /** A player's stay is over; their row is still there. */
  readonly leave?: (room: R, player: P, reason: LeaveReason) => undefined;
  /** The player's connection is lost; `player.close()` refuses the grace period to this one. */
  readonly away?: (room: R, player: P) => undefined;
  /** The player is connected again, by the same client or a new one. */
  readonly back?: (room: R, player: P) => undefined;
  /** One step of the simulation. `dt` is the period in seconds, always the same. */
  readonly tick?: (room: R, dt: number) => undefined;
  /**
   * The server is about to stop: nobody new comes in, and the room is closed in so many whole seconds, or when nobody
   * has a seat anywhere. The place to tell players, and to end or save the game.
   */
  readonly drain?: (room: R, secondsLeft: number) => undefined;
  /** An operator has something to say to everybody; where it is absent the dashboard offers no announcements. */
  readonly announce?: (room: R, text: string) => undefined;
  /** Told of every error in the author's code, after the room has dealt with it. */
  readonly onError?: (room: R, error: unknown, where: HookPlace) => undefined;
  /** What to do about each message of the definition. */
  readonly on?: MessageHandlers<G, R, P>;
  /** How to answer each request of the definition. */
  readonly requests?: RequestHandlers<G, R, P>;
} & Calls<MessageName<G>, "on", object, "messages"> &
  Calls<RequestName<G>, "requests", Answers<G>, "requests">;

/**
 * Where a game has calls they need handlers, and where it has none there are none. The handlers themselves stand above:
 * within a conditional type `player.data` would be taken for `undefined` before `admit` was looked at.
 */
type Calls<Names, Key extends string, Handlers, Part extends string> = [Names] extends [never]
  ? { readonly [K in Key]?: Undeclared<Part> }
  : { readonly [K in Key]: Handlers };

/** No handler is of this type, and the compiler says what it is: so the message says what to do. */
type Undeclared<Part extends string> = {
  readonly [name: string]: `declare it under ${Part} in defineGame first`;
};

/** What handlers return, once more: in here it is known early enough for `{ seated: "now" }` not to become a string. */
type Answers<G extends GameSpec> = {
  [Name in RequestName<G>]: (
    room: never,
    player: never,
    input: RequestOf<G, Name>,
  ) => Answer<G, Name> | PromiseLike<Answer<G, Name>>;
};

/** Hooks as the room runs them, without the author's types. */
export type AnyRoomConfig = Omit<
  RoomConfig<GameSpec, StandardSchemaV1 | undefined, unknown, unknown, unknown, never, undefined, unknown>,
  "rewind" | "save" | "maxPlayers"
> & {
  readonly maxPlayers: number;
  readonly save?: (room: Room) => unknown;
  readonly rewind?: RewindOptions;
  readonly on?: Readonly<Record<string, (room: Room, player: Player, message: unknown) => undefined>>;
  readonly requests?: Readonly<Record<string, (room: Room, player: Player, input: unknown) => unknown>>;
};

/** A game with its rooms' behaviour: what a server hosts. */
export interface RoomDefinition {
  readonly game: Game;
  readonly config: AnyRoomConfig;
}

/**
 * Says how rooms of a game behave.
 *
 * @throws RangeError that names the game, the option and what is allowed
 * @example
 * export const arenaRoom = defineRoom(arena, {
 *   maxPlayers: 200,
 *   join(room, player, { name }) { player.row.name = name; },
 *   tick(room, dt) { for (const player of room.players) player.row.x += 100 * dt; },
 * });
 */
export function defineRoom<
  G extends GameSpec,
  OptionsSchema extends StandardSchemaV1 | undefined = undefined,
  Loaded = undefined,
  Data = undefined,
  PlayerData = undefined,
  Rewound extends TableNames<G["state"]> = never,
  Saved extends SavedValue | undefined = undefined,
>(
  game: Game<G>,
  config: RoomConfig<G, OptionsSchema, Loaded, Data, PlayerData, Rewound, Saved>,
): RoomDefinition {
  validateRoomConfig(game.spec.name, config);
  if (config.rewind !== undefined) validateRewind(game, config.rewind);
  const filled = { maxPlayers: config.queue?.players ?? DEFAULT_MAX_PLAYERS, ...config };
  return { game: game as unknown as Game, config: filled as unknown as AnyRoomConfig };
}
