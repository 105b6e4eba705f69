import type { GameDescription } from "../definition/description.ts";
import type { Wire } from "../state/field-codec.ts";
import type { LeaveParts, RowParts } from "../state/row-stream.ts";

/**
 * Every frame is one MessagePack array whose first value is its type. Trailing parts that are empty may be
 * left out; parts that a peer does not know are ignored. The rules are in `docs/protocol.md`.
 */
export const PROTOCOL_VERSION = 1;

/** A server takes messages of so many bytes, unless its limits say otherwise; clients send none that are larger. */
export const DEFAULT_MAX_MESSAGE_BYTES = 16 * 1024;

/** Types of frames from the server. */
export const ServerFrame = {
  definition: 0,
  welcome: 1,
  keyframe: 2,
  delta: 3,
  tickEnd: 4,
  pong: 5,
  pause: 6,
  resumed: 7,
  maintenance: 8,
} as const;

/** Types of frames from a client. */
export const ClientFrame = {
  hello: 0,
  input: 1,
  message: 2,
  request: 3,
  ping: 4,
  ack: 5,
  leave: 6,
  ready: 7,
} as const;

/**
 * A client acknowledges at least so often, counted in ticks: timers are slowed down in background tabs, ticks are
 * not. Twice a second costs the server little (measured: 6.7 µs a message) and bounds how stale anyone can be.
 */
export const ACK_INTERVAL_MS = 500;

/** The stream that everyone in the room holds; its frame closes the tick. */
export const ROOM_STREAM = 0;

/**
 * `[0, protocol, hash, description]`: the game as this server plays it. Sent when a hello named another
 * hash; the client checks it and greets again, or leaves.
 */
export type DefinitionFrame = readonly [
  type: typeof ServerFrame.definition,
  protocol: number,
  hash: string,
  description: GameDescription,
];

/**
 * `[1, timeline, tick, epoch, clock, player, row, stream, room, token]`: the seat is taken. Tick `n` is due
 * at `epoch + n × 1000 / tickRate` on the server's monotonic clock, in milliseconds; `clock` names that
 * clock for peers on the same machine, else it is nil. `row` is the player's own row (0: none), `stream`
 * the private stream. Who says `token` in a hello has this seat again.
 */
export type WelcomeFrame = readonly [
  type: typeof ServerFrame.welcome,
  timeline: number,
  tick: number,
  epoch: number,
  clock: string | null,
  player: number,
  row: number,
  stream: number,
  room: string,
  token: string | null,
];

/** Whom a stream besides the room's and the player's own is for: it says which fields are lost with it. */
export const StreamAudience = { cell: 0, group: 1 } as const;

/**
 * `[2, tick, stream, rows, audience]`: a whole stream as of tick `tick`. It applies when that tick closes.
 * Without an audience the stream is a cell's, or the room's or the player's own.
 */
export type KeyframeFrame = readonly [
  type: typeof ServerFrame.keyframe,
  tick: number,
  stream: number,
  rows: RowParts,
  audience?: number,
];

/** `[sequence, event, value, …]`: values in the order of the event's fields. */
export type EventPart = readonly Wire[];

/** How a request ended: `0` reply, `1` declared error, `2` internal, `3` the input did not validate. */
export const ReplyStatus = { ok: 0, declared: 1, internal: 2, invalid: 3 } as const;

/** `[sequence, status, value]`: the value is the reply, left out where that is nothing, or the index of the declared error. */
export type ReplyPart = readonly [sequence: number, status: number, value?: unknown];

/** `[inputTick, appliedTick, …]`, flat: inputs that missed their tick, and the tick they took effect in. */
export type LateParts = readonly number[];

/**
 * `[3, tick, base, stream, rows, leaves, events, replies, late, released]`: what changed in a stream after
 * tick `base` up to `tick`. Values are absolute, so a client at any tick from `base` on takes it. Replies,
 * late inputs and released streams stand in private streams alone; `released` names streams that this
 * player follows no more from the close of the tick on.
 */
export type DeltaFrame = readonly [
  type: typeof ServerFrame.delta,
  tick: number,
  base: number,
  stream: number,
  rows?: RowParts,
  leaves?: LeaveParts,
  events?: readonly EventPart[],
  replies?: readonly ReplyPart[],
  late?: LateParts,
  released?: readonly number[],
];

/** `[fromTick, epoch]`: the room ran late for too long; from that tick on, this epoch counts. */
export type SlipPart = readonly [fromTick: number, epoch: number];

/**
 * `[4, tick, base, rows, leaves, events, slip]`: the room stream's delta. It is the last frame of a tick and
 * closes it: a client applies everything staged for the tick, or nothing.
 */
export type TickEndFrame = readonly [
  type: typeof ServerFrame.tickEnd,
  tick: number,
  base: number,
  rows?: RowParts,
  leaves?: LeaveParts,
  events?: readonly EventPart[],
  slip?: SlipPart | null,
];

/**
 * `[5, stamp, now, sequence, margin]`: answers a ping with its stamp and the server's monotonic clock in milliseconds.
 * `sequence` is the player's last message or request that was processed (0: none yet). `margin` is by how many
 * milliseconds the inputs since the last pong were there before their tick was due, in the mean (below 0: after it);
 * absent where none came.
 */
export type PongFrame = readonly [
  type: typeof ServerFrame.pong,
  stamp: number,
  now: number,
  sequence?: number,
  margin?: number | null,
];

/**
 * `[6, tick]`: the player acknowledges too little; nothing follows tick `tick` until the client has answered
 * `ready`. By then everything on the way has arrived, so the resync meets an empty line.
 */
export type PauseFrame = readonly [type: typeof ServerFrame.pause, tick: number];

/**
 * `[timeline, kept, epoch, clock]`: the client comes from another timeline. The room was restored, and from here on
 * these count in place of the welcome's. Of the ticks that the client closed those after `kept` did not happen here;
 * nil: all did.
 */
export type TimelinePart = readonly [
  timeline: number,
  kept: number | null,
  epoch: number,
  clock: string | null,
];

/**
 * `[7, tick, base, sequence, lost, timeline]`: the resync of tick `tick` follows. `base` is the client's own tick, from
 * which deltas count, or 0: then keyframes say everything, and streams without one are not followed any more.
 * `sequence` is the last message or request that arrived; the client sends what came after it again. Events
 * of ticks up to `lost` are not kept any more (0: nothing is lost).
 */
export type ResumedFrame = readonly [
  type: typeof ServerFrame.resumed,
  tick: number,
  base: number,
  sequence: number,
  lost: number,
  timeline?: TimelinePart | null,
];

/**
 * `[8, inMs]`: the server closes in so many milliseconds, whatever is played. Sent behind the close of a tick, to whoever
 * follows the room then or begins to later.
 */
export type MaintenanceFrame = readonly [type: typeof ServerFrame.maintenance, inMs: number];

export type AnyServerFrame =
  | DefinitionFrame
  | WelcomeFrame
  | KeyframeFrame
  | DeltaFrame
  | TickEndFrame
  | PongFrame
  | PauseFrame
  | ResumedFrame
  | MaintenanceFrame;

/**
 * `[0, protocol, hash, join, ticket, token, tick, attempt, timeline]`: the first frame of a client. `hash` is its definition's
 * (empty: it has none and takes the server's), `join` what the game asks for, `ticket` what the game's `admit`
 * is to verify. `token` returns to a seat; `tick` is then the last tick that this client closed, and is absent
 * where it holds no state (a page that was loaded anew). `attempt` counts the client's connections; `timeline` is the
 * one of that tick, absent for 0.
 */
export type HelloFrame = readonly [
  type: typeof ClientFrame.hello,
  protocol: number,
  hash: string,
  join: unknown,
  ticket?: string | null,
  token?: string | null,
  tick?: number | null,
  attempt?: number | null,
  timeline?: number | null,
];

/**
 * `[1, tick, viewTick, value, …]`: the whole input for a tick, values in the order of the definition.
 * `viewTick` is the fractional tick that the player saw, for lag compensation.
 */
export type InputFrame = readonly [
  type: typeof ClientFrame.input,
  tick: number,
  viewTick: number,
  ...values: Wire[],
];

/**
 * `[2, sequence, message, payload]`; messages and requests share one sequence, which rises by one. The payload is left
 * out where it is nothing, which is not null.
 */
export type MessageFrame = readonly [
  type: typeof ClientFrame.message,
  sequence: number,
  message: number,
  payload?: unknown,
];

/** `[3, sequence, request, payload]` */
export type RequestFrame = readonly [
  type: typeof ClientFrame.request,
  sequence: number,
  request: number,
  payload?: unknown,
];

/** `[4, stamp]`: the stamp is the client's and comes back untouched. */
export type PingFrame = readonly [type: typeof ClientFrame.ping, stamp: number];

/**
 * `[5, tick]`: the last tick that the client closed. Sent with the first, then after {@link ACK_INTERVAL_MS} worth
 * of ticks without another; an input says the same by its `viewTick`.
 */
export type AckFrame = readonly [type: typeof ClientFrame.ack, tick: number];

/** `[6]`: the player leaves for good. */
export type LeaveFrame = readonly [type: typeof ClientFrame.leave];

/** `[7, tick]`: answers `pause` once everything up to that tick is applied. */
export type ReadyFrame = readonly [type: typeof ClientFrame.ready, tick: number];

export type AnyClientFrame =
  | HelloFrame
  | InputFrame
  | MessageFrame
  | RequestFrame
  | PingFrame
  | AckFrame
  | LeaveFrame
  | ReadyFrame;
