import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { Game, GameSpec } from "../shared/definition/game.ts";
import type { JoinInputOf } from "../shared/definition/types.ts";
import type { Random } from "../shared/random/seeded-random.ts";
import type { Clock } from "../shared/tick/clock.ts";
import type { ClientRoom } from "./client-room.ts";
import { matchmakingUrl, socketUrl } from "./connect-url.ts";
import { type ReportError, throwLater } from "./listeners.ts";
import { type AskMatchmaking, findRoom, followingRoom } from "./matchmaking.ts";
import { assertSendable } from "./outgoing-value.ts";
import { Session } from "./session.ts";
import type { OpenSocket, SocketConditioner } from "./socket.ts";
import { MOST_EXTRAPOLATION_MS } from "./view/room-view.ts";

/** How to connect. What is undefined counts as left out. */
export interface ConnectOptions {
  /**
   * A join ticket of your backend's, or a token of your own for the server's `admit` to verify. Through matchmaking the
   * latter goes along, and `admit` gets it as well.
   */
  readonly ticket?: string;
  /**
   * A room's `token`, to take that seat again with a new page; `url` is to name the room. The join is not sent
   * then: `undefined` in its place will do. Refused as `bad-token` once the seat is gone.
   */
  readonly token?: string;
  /**
   * For how long a lost connection is tried again, in milliseconds, default 60,000; 0: not at all. The server keeps
   * the seat for the game's grace period, by default 20 s.
   */
  readonly reconnectWithinMs?: number;
  /**
   * In milliseconds, default 10,000: beyond it `connect` gives up. From the attempt to the first whole tick; matchmaking
   * has as long for its answer.
   */
  readonly joinTimeoutMs?: number;
  /**
   * In games that define `predict`, default true: inputs are sampled by the clock, ahead of the server, and one's
   * own row is predicted. False, as with bots: inputs are sampled when a tick has closed, and nothing is predicted.
   */
  readonly predict?: boolean;
  /**
   * How far `room.view()` draws a row that moves on beyond its last tick where the next one is late, in
   * milliseconds, from 0, the default, to 250. Beyond it the row stands still. A guess that was wrong is put right
   * by a jump.
   */
  readonly extrapolateMs?: number;
  /** A bad network to try the game on: `new LinkConditioner({ latencyMs: 75 })` of `tickcast/conditioner`. */
  readonly conditioner?: SocketConditioner;
}

const defaults = { predict: true, joinTimeoutMs: 10_000, reconnectWithinMs: 60_000, extrapolateMs: 0 };

/** What a client needs of its surroundings. */
export interface ConnectEnvironment {
  readonly openSocket: OpenSocket;
  readonly clock: Clock;
  /** The name of `clock`, where other processes of the machine share it. */
  readonly clockId?: string | undefined;
  /** Of connections whose options say nothing; see {@link ConnectOptions.reconnectWithinMs}. */
  readonly reconnectWithinMs?: number;
  /** Of connections whose options say nothing; see {@link ConnectOptions.predict}. */
  readonly predict?: boolean;
  /** Asks matchmaking. Default: `fetch`. */
  readonly ask?: AskMatchmaking;
  /** Spreads reconnections out. Default: `Math.random`. */
  readonly random?: Random;
  /** The address of the page, for relative URLs. */
  readonly page?: string | undefined;
  /** Where errors of the game's listeners go. Default: thrown on their own, so that they count as uncaught. */
  readonly report?: ReportError;
}

/** `join`, which games without a `join` schema leave out and whoever returns by `token` need not say, then options. */
export type ConnectArguments<G extends GameSpec> = [G["join"]] extends [StandardSchemaV1]
  ?
      | [join: JoinInputOf<G>, options?: ConnectOptions]
      | [join: undefined, options: ConnectOptions & { readonly token: string }]
  : [join?: JoinInputOf<G>, options?: ConnectOptions];

/**
 * Joins a room of a game. Settles when the first tick has closed, so the room's state is there; nothing happens
 * in it until the code that awaits this had its turn, so listeners added at once miss nothing.
 *
 * `url` is `wss://server/game`, `…/game/room-id`, or in a page `/game`; `http` and `https` do as well. Its query
 * holds the options of a room that is created.
 *
 * `https://server/join/game`, or in a page `/join/game`, asks matchmaking first (`POST /join`): it answers where the
 * room is, maybe on another server, and a ticket for it, for which the seat is kept. After a lost connection it asks
 * again where the room is by now, and returns there without another ticket; whoever was never let in connects again, with
 * a new one.
 *
 * Rejects with a {@link ConnectError} if the server refuses, cannot be reached or does not answer in time, and
 * with a TypeError or RangeError for arguments that cannot work.
 *
 * @example
 * const room = await connect(arena, "wss://play.example.com/arena", { name: "Ada" });
 */
export type Connect = <G extends GameSpec>(
  game: Game<G>,
  url: string,
  ...rest: ConnectArguments<G>
) => Promise<ClientRoom<G>>;

/**
 * Joins a room of any game without its definition: the server sends its own, which `room.game` shows. Otherwise
 * as `connect`, for dashboards and tools.
 */
export type ConnectGeneric = (url: string, join?: unknown, options?: ConnectOptions) => Promise<ClientRoom>;

/** Ways to join rooms over any socket, by any clock: what pages, Node, bots and tests each do in their own way. */
export function connectWith(environment: ConnectEnvironment): {
  readonly connect: Connect;
  readonly connectGeneric: ConnectGeneric;
} {
  return {
    connect: async (game, url, ...[join, options]) => {
      const room = await open(environment, game as unknown as Game, url, join, options);
      return room as unknown as ClientRoom<(typeof game)["spec"]>;
    },
    connectGeneric: (url, join, options) => open(environment, undefined, url, join, options),
  };
}

async function open(
  environment: ConnectEnvironment,
  game: Game | undefined,
  url: string,
  join: unknown,
  options: ConnectOptions = {},
): Promise<ClientRoom> {
  const { openSocket, clock, clockId, page, random = Math.random, report = throwLater } = environment;
  const {
    ticket,
    token,
    joinTimeoutMs = defaults.joinTimeoutMs,
    reconnectWithinMs = environment.reconnectWithinMs ?? defaults.reconnectWithinMs,
    predict = environment.predict ?? defaults.predict,
    extrapolateMs = defaults.extrapolateMs,
  } = options;
  if (!(joinTimeoutMs > 0 && Number.isFinite(joinTimeoutMs)))
    throw new RangeError(`joinTimeoutMs is ${joinTimeoutMs}; it must be a positive number of milliseconds`);
  if (!(reconnectWithinMs >= 0))
    throw new RangeError(
      `reconnectWithinMs is ${reconnectWithinMs}; it must be a number of milliseconds, or 0 for never`,
    );
  if (!(extrapolateMs >= 0 && extrapolateMs <= MOST_EXTRAPOLATION_MS))
    throw new RangeError(
      `extrapolateMs is ${extrapolateMs}; it must be from 0 to ${MOST_EXTRAPOLATION_MS} milliseconds`,
    );
  assertSendable(join, "join");
  const matchmaking = matchmakingUrl(url, page);
  const question =
    matchmaking === undefined ? undefined : { ...environment, url: matchmaking, ticket, joinTimeoutMs };
  const socket = options.conditioner?.condition(openSocket, clock) ?? openSocket;
  const found =
    question === undefined || token !== undefined
      ? // Whoever has a seat already knows where it is.
        { url: socketUrl(matchmaking?.replace("/join/", "/") ?? url, page), ticket }
      : await findRoom(question);
  return new Promise((joined, failed) => {
    new Session(
      {
        openSocket:
          question === undefined
            ? socket
            : followingRoom(socket, question, token === undefined ? "found" : "returning"),
        clock,
        clockId,
        random,
        report,
        ...found,
        known: game,
        join,
        token,
        joinTimeoutMs,
        reconnectWithinMs,
        predicts: predict && game?.spec.predict !== undefined,
        extrapolateMs,
      },
      { joined, failed },
    );
  });
}
