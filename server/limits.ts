import { DEFAULT_MAX_MESSAGE_BYTES } from "../shared/protocol/frames.ts";

/** Bounds on what peers can cost. Each says its unit and what happens beyond it. */
export interface ServerLimits {
  /** Bytes of one message from a client. Beyond: close code 1009. Inputs and chat are far smaller. */
  readonly maxMessageBytes: number;
  /** Bytes of one HTTP request body. Beyond: 413. */
  readonly maxBodyBytes: number;
  /** Bytes that may wait in this process for one client. Beyond: frames are lost, so it is closed as `too-slow` and gets a resync when it is back. */
  readonly maxBufferedBytes: number;
  /** Seconds without any sign of life from a client. Beyond: its connection is closed. 8 to 960. */
  readonly idleTimeoutSeconds: number;
  /** Milliseconds from connecting to a valid greeting. Beyond: closed as `greeting-timeout`. */
  readonly greetingMs: number;
  /** Messages and requests of one player that wait for the next tick. Beyond: closed as `rate-limited`. */
  readonly maxWaitingCalls: number;
  /** How far ahead of its tick an input may come, in milliseconds. Beyond: ignored. */
  readonly maxInputLeadMs: number;
  /** How long an input stands without a sign of life, in milliseconds. Beyond: it turns neutral. */
  readonly inputSilenceMs: number;
  /** Failing calls of one player within {@link failingCallsWindowMs}. At that many: closed as `too-many-errors`. */
  readonly maxFailingCalls: number;
  readonly failingCallsWindowMs: number;
  /** Rooms of this process. Beyond: joins that need a new one are closed as `server-busy`. */
  readonly maxRooms: number;
  /** Join tickets that are out and not used, and as many that were used. Beyond: 503, or closed as `server-busy`. */
  readonly maxTickets: number;
  /**
   * For how long deltas and events are kept for players who fell behind or were away, in milliseconds; ids rest as
   * long. Beyond: keyframes, and what was to be heard is reported as lost.
   */
  readonly horizonMs: number;
  /**
   * A client that acknowledges no tick for so long is paused, in milliseconds; more where its round trip needs
   * it. Beyond: it gets nothing until it is ready again, then a resync.
   */
  readonly stallAfterMs: number;
  /** The same where the round trip is long: however long, in milliseconds. */
  readonly stallAtMostMs: number;
  /** Bytes that may wait in this process for a client whose acknowledgement is overdue. Beyond: paused. */
  readonly stallBacklogBytes: number;
  /** How long a client may stay paused, in milliseconds. Beyond: closed as `too-slow`. */
  readonly maxStalledMs: number;
  /** Players who join or get a resync in one room within a second. Beyond: they wait for later ticks. */
  readonly joinsPerSecond: number;
  /** Messages, pings and pongs of one connection. Beyond, and beyond what it saved up: closed as `rate-limited`. */
  readonly messagesPerSecond: number;
  /** Bytes of the same. Beyond: closed as `rate-limited`. */
  readonly bytesPerSecond: number;
  /** For so many seconds' worth of a rate at once somebody who was quiet may save up: a line that stalled delivers late. */
  readonly burstSeconds: number;
  /** WebSocket connections of this process. Beyond: handshakes are answered with 503. */
  readonly maxConnections: number;
  /**
   * WebSocket connections of one address (of an IPv6 network of 64 bits, here and below). Beyond: 429. Far above a
   * school behind one router.
   */
  readonly maxConnectionsPerAddress: number;
  /** Of these, those that have not greeted yet. Beyond: 429. As many as come back at once when a server restarts. */
  readonly maxGreetingsPerAddress: number;
  /** Connections of one address that have asked for nothing yet. Beyond: cut at once, before a byte is read. */
  readonly maxHalfOpenPerAddress: number;
  /** Joins and returns of one address. Beyond, and beyond what it saved up: closed as `rate-limited`. */
  readonly joinsPerAddressPerSecond: number;
  /** Rooms made for one address, by `POST /rooms` or by joins that need a new one. Beyond: 429, or closed as `rate-limited`. */
  readonly roomsPerAddressPerMinute: number;
  /** HTTP requests of one address. Beyond, and beyond what it saved up: 429. A page is a dozen. */
  readonly requestsPerAddressPerSecond: number;
  /**
   * Whether limits by address hold for `127.0.0.0/8` and `::1`, too. `exempt` suits development, load tests and a proxy in
   * front, behind which all players have one address.
   */
  readonly loopback: "exempt" | "limited";
  /** For how long each tick of a room may take longer than its period, in milliseconds. Beyond: as `onOverrun` says. */
  readonly maxOverrunMs: number;
  /** `close`: the room closes as `room-overloaded`, so that others get their time. `report`: the bus is told, no more. */
  readonly onOverrun: "close" | "report";
}

/** A limit that can be hit. */
export type LimitName = Exclude<keyof ServerLimits, "loopback" | "onOverrun">;

/** What holds where `serve` is given nothing else. */
export const defaultLimits: ServerLimits = {
  maxMessageBytes: DEFAULT_MAX_MESSAGE_BYTES,
  maxBodyBytes: 64 * 1024,
  maxBufferedBytes: 1024 * 1024,
  idleTimeoutSeconds: 32,
  greetingMs: 5_000,
  maxWaitingCalls: 64,
  maxInputLeadMs: 2_000,
  inputSilenceMs: 250,
  maxFailingCalls: 3,
  failingCallsWindowMs: 10_000,
  maxRooms: 1_000,
  maxTickets: 20_000,
  horizonMs: 20_000,
  stallAfterMs: 1_000,
  stallAtMostMs: 5_000,
  stallBacklogBytes: 64 * 1024,
  maxStalledMs: 20_000,
  joinsPerSecond: 1_000,
  messagesPerSecond: 300,
  bytesPerSecond: 64 * 1024,
  burstSeconds: 5,
  maxConnections: 20_000,
  maxConnectionsPerAddress: 500,
  maxGreetingsPerAddress: 250,
  maxHalfOpenPerAddress: 250,
  joinsPerAddressPerSecond: 50,
  roomsPerAddressPerMinute: 60,
  requestsPerAddressPerSecond: 200,
  loopback: "exempt",
  maxOverrunMs: 30_000,
  onOverrun: "close",
};

/**
 * Of a room's metadata, where a peer orders the room. Beyond: 400. Every list of rooms has all of it, and a directory of
 * several servers knows as many entries.
 */
export const metadataLimits = { entries: 32, keyLetters: 64, textLetters: 256 } as const;

/** Limits that are words. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  loopback: ["exempt", "limited"],
  onOverrun: ["close", "report"],
};

/** @throws RangeError that names the limit, its value and what is allowed */
export function validateLimits(limits: ServerLimits): ServerLimits {
  for (const [name, value] of Object.entries(limits)) {
    if (!(name in defaultLimits))
      throw new RangeError(`limits.${name} is no limit; there are ${Object.keys(defaultLimits).join(", ")}`);
    const words = WORDS[name];
    if (words !== undefined ? !words.includes(value) : !(Number.isFinite(value) && value > 0))
      throw refused(name, value, words?.join(" or ") ?? "a number above 0");
  }
  const { idleTimeoutSeconds, bytesPerSecond, burstSeconds, maxMessageBytes } = limits;
  if (idleTimeoutSeconds < 8 || idleTimeoutSeconds > 960)
    throw refused("idleTimeoutSeconds", idleTimeoutSeconds, "from 8 to 960");
  if (bytesPerSecond * burstSeconds < maxMessageBytes)
    throw refused(
      "bytesPerSecond",
      bytesPerSecond,
      `at least ${maxMessageBytes / burstSeconds}, or no message of maxMessageBytes could ever pass`,
    );
  return limits;
}

function refused(name: string, value: unknown, allowed: string): RangeError {
  return new RangeError(`limits.${name} is ${String(value)}; it must be ${allowed}`);
}
