import type { GameDescription } from "../shared/definition/description.ts";
import type { GameSpec, StateDefinition } from "../shared/definition/game.ts";
import type { RecordDefinition, Table } from "../shared/definition/table.ts";
import type {
  EventName,
  GenericRow,
  InputOf,
  MessageInputOf,
  MessageName,
  ReadonlyRowOf,
  ReceivedEventOf,
  ReplyOf,
  RequestErrorOf,
  RequestInputOf,
  RequestName,
} from "../shared/definition/types.ts";
import type { CloseDescription } from "../shared/protocol/close-codes.ts";
import type { Release } from "../shared/tick/clock.ts";
import type { StreamStatistics } from "./stream-statistics.ts";
import type { OwnRowOf, View } from "./view/view.ts";

/**
 * Live, read-only rows of one shape, changed when a tick closes and at no other time. A field that this client
 * does not see (another player's, where it is visible to the owner; another group's) reads `undefined`.
 */
export interface MirrorTable<Row> extends Iterable<Row> {
  readonly size: number;
  /** The row of that id, where this client sees it. */
  get(id: number): Row | undefined;
  /** Calls back for every row that is here already, then for each that comes. */
  onAdd(listener: (row: Row) => void): Release;
  /** `changed` names the fields that differ now; those of a group that shows the row no more read `undefined`. */
  onChange(listener: (row: Row, changed: ReadonlySet<keyof Row & string>) => void): Release;
  /**
   * The row went out of sight, or out of the groups that alone showed it; it may still exist. It is in the table
   * no more, unless other streams tell of it: then its fields for those in sight are `undefined` now.
   */
  onLeaveSight(listener: (row: Row) => void): Release;
  /** The row exists no more. It still has its last values. */
  onRemove(listener: (row: Row) => void): Release;
}

/**
 * A game's state as a client has it: tables of read-only rows, and records. Of a game that is known at run time alone
 * each is either: `Symbol.iterator in entry` tells tables.
 */
export type MirrorState<S extends StateDefinition> = string extends keyof S
  ? { readonly [name: string]: MirrorTable<GenericRow> | GenericRow }
  : {
      readonly [Name in keyof S]: S[Name] extends Table
        ? MirrorTable<ReadonlyRowOf<S, Name>>
        : ReadonlyRowOf<S, Name>;
    };

type RecordNames<S extends StateDefinition> = string extends keyof S
  ? string
  : { [Name in keyof S]: S[Name] extends RecordDefinition ? Name : never }[keyof S] & string;

/**
 * Where the connection stands. While it is `reconnecting` the state stays as it was, and what is sent waits. Once
 * `closed` it stays so: connect again for another room.
 */
export type ConnectionState =
  | { readonly state: "joined" }
  | {
      readonly state: "reconnecting";
      readonly close: CloseDescription;
      /** From 1. */
      readonly attempt: number;
    }
  | { readonly state: "closed"; readonly close: CloseDescription; readonly message: string };

/** The server is about to close, as for an update: whoever is still there at the deadline is disconnected. */
export interface Maintenance {
  /** By the clock of `connect`: `performance.now()`, or on Node the system's monotonic clock, in milliseconds. */
  readonly deadlineMs: number;
  /** How long it was until then when this was told, in milliseconds. */
  readonly inMs: number;
}

/** What did not come through, so that a game can say or mend it. */
export type Lost =
  /** Events and replies of ticks up to `upToTick`: the client was away for longer than the server keeps them. */
  | { readonly what: "events"; readonly upToTick: number }
  /**
   * A message that was not taken, since 1,024 messages and requests before it have not been processed yet: as many wait at
   * most, for a connection or for their turn, as where a loop sends more at once.
   */
  | { readonly what: "message"; readonly name: string }
  /** So many messages and requests that had been processed in ticks that a rollback undid. */
  | { readonly what: "calls"; readonly count: number };

/**
 * The server was started again after a crash, with the room as it was a moment before: of the ticks that closed here
 * those after `to`, up to `from`, did not happen.
 */
export interface RolledBack {
  readonly from: number;
  readonly to: number;
}

/**
 * What a request came to. `closed`: the connection ended first; `invalid`: the server's schema refused it; `lost`:
 * it was not taken, since 1,024 messages and requests wait already, or a rollback undid what became of it.
 */
export type RequestResult<Reply, Declared extends string> =
  | { readonly ok: true; readonly value: Reply }
  | { readonly ok: false; readonly error: Declared | "timeout" | "closed" | "internal" | "invalid" | "lost" };

/** Counted since the connection opened. */
export interface LinkStatistics {
  readonly framesReceived: number;
  readonly bytesReceived: number;
  readonly messagesSent: number;
  readonly bytesSent: number;
  /** Bytes sent that still wait in this process: they grow on a link that is too slow. */
  readonly bufferedBytes: number;
  readonly ticksClosed: number;
  /** Ticks whose changes this client will never see as such: 0 on a healthy connection. */
  readonly ticksMissed: number;
  /** How often everything since an older tick came at once, after a stall or on a new connection. */
  readonly resyncs: number;
  /** How often the server paused, since this client acknowledged too little: its connection or itself is too slow. */
  readonly pauses: number;
  /** The lowest of the last pings, in milliseconds; `undefined` before the first answer. */
  readonly rttMs: number | undefined;
  /** How unevenly answers to pings come: the mean deviation of the round trip, in milliseconds. */
  readonly jitterMs: number | undefined;
  /**
   * How long before their tick was due the server had this client's inputs, in milliseconds, in the mean of the
   * last report; below 0: after it. `undefined` before the first.
   */
  readonly inputMarginMs: number | undefined;
  /** How often an input, or a press of it, acted in a later tick than it was for. */
  readonly inputsLate: number;
  /** Ticks in which the server moved one's own row otherwise than was predicted; 0 where nothing is. */
  readonly mispredictions: number;
  /**
   * How far the last correction moved the predicted row, in units of its position. What is drawn glides there, unless
   * it is a teleport.
   */
  readonly lastCorrection: number;
  /**
   * How far what `view` draws is behind ticks that arrive as usual, in milliseconds: a tick, and an allowance for
   * how unevenly they do. `undefined` before the first call.
   */
  readonly interpolationDelayMs: number | undefined;
}

/** One player's place in a room. */
export interface ClientRoom<G extends GameSpec = GameSpec> {
  readonly id: string;
  readonly playerId: number;
  /** The game as the server plays it, with what it has beyond this client's definition. */
  readonly game: GameDescription;
  /** The last closed tick: `state` is as of then. */
  readonly tick: number;
  readonly state: MirrorState<G["state"]>;
  /** One's own row, in games with a table owned by players. */
  readonly me: OwnRowOf<G>;
  /**
   * The room as it is to be drawn now, between ticks: call it once per animation frame. It is a little behind the
   * last tick, so that there are two to be between: a tick, and as much more as ticks arrive unevenly. From the
   * first call on the last second of every interpolated row is kept, and inputs say which tick the player saw.
   *
   * @example
   * const view = room.view();
   * for (const player of view.state.players) draw(player.x, player.y);
   */
  view(): View<G>;
  readonly connection: ConnectionState;
  /** What was told of a server that is about to close; `undefined` where it is not. */
  readonly maintenance: Maintenance | undefined;
  /**
   * Returns to this seat, also from a page that was loaded anew: see `connect`'s `token`. Whoever has it is this
   * player, so it belongs into the page's session storage and nowhere else.
   */
  readonly token: string | undefined;
  readonly statistics: LinkStatistics;
  /** The streams followed now: the room's, one's own, cells, groups. Made anew when read, from a look at every row. */
  readonly streams: readonly StreamStatistics[];
  /** When tick `tick` was to be, in milliseconds of `connect`'s clock, as far as known: `performance.now()`, or
   * on Node the system's monotonic clock (`shared` where the server reads the same one). */
  intendedTimeOf(tick: number): { readonly at: number; readonly clock: "shared" | "estimated" } | undefined;
  /** Events come when their tick has closed; rows removed in that tick can still be read. */
  on<Name extends EventName<G>>(event: Name, listener: (event: ReceivedEventOf<G, Name>) => void): Release;
  /** Calls back when a tick has closed and `state` is as of it. */
  onTick(listener: (tick: number) => void): Release;
  /** Calls back when a record differs; `changed` names the fields. */
  onRecordChange<Name extends RecordNames<G["state"]>>(
    name: Name,
    listener: (
      row: ReadonlyRowOf<G["state"], Name>,
      changed: ReadonlySet<keyof ReadonlyRowOf<G["state"], Name> & string>,
    ) => void,
  ): Release;
  /** Calls back when {@link ClientRoom.connection} differs. */
  onConnection(listener: (connection: ConnectionState) => void): Release;
  /** The room was set back; `state` is as it is now. A server that stops in order sets nobody back. */
  onRolledBack(listener: (rolledBack: RolledBack) => void): Release;
  /** Told what did not come through. Nothing is lost in silence. */
  onLost(listener: (lost: Lost) => void): Release;
  /**
   * Calls back when the server says that it is about to close, at once where it has said so already, and once more after
   * each return to it; with `undefined` when the connection is lost, since another server may take over.
   */
  onMaintenance(listener: (maintenance: Maintenance | undefined) => void): Release;
  /**
   * A message to the room's handler, processed exactly once, whatever becomes of the connection, while the seat is
   * kept. Wrong shapes do not compile. Ignored once closed.
   */
  send<Name extends MessageName<G>>(message: Name, payload: MessageInputOf<G, Name>): void;
  /** Always settles: by default after 10 s at the latest. */
  request<Name extends RequestName<G>>(
    request: Name,
    input: RequestInputOf<G, Name>,
    options?: { readonly timeoutMs?: number },
  ): Promise<RequestResult<ReplyOf<G, Name>, RequestErrorOf<G, Name>>>;
  /** Changes the named parts of the input, at any time. It is sampled once a tick; presses add up until then. */
  input(values: Partial<InputOf<G>>): void;
  /**
   * Leaves for good. Settles when the connection is closed, within 2 s. The seat is free at once where the server hears of
   * it: not while `reconnecting`, nor on a line that brings nothing in time. Then it stays for the grace period.
   */
  leave(): Promise<void>;
}
