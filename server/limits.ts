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
}

export const defaultLimits: ServerLimits = {
  maxMessageBytes: 16 * 1024,
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
  horizonMs: 20_000,
  stallAfterMs: 1_000,
  stallAtMostMs: 5_000,
  stallBacklogBytes: 64 * 1024,
  maxStalledMs: 20_000,
  joinsPerSecond: 1_000,
};

/** @throws RangeError that names the limit, its value and what is allowed */
export function validateLimits(limits: ServerLimits): ServerLimits {
  for (const [name, value] of Object.entries(limits) as [keyof ServerLimits, number][])
    if (!(Number.isFinite(value) && value > 0))
      throw new RangeError(`limits.${name} is ${value}; it must be a number above 0`);
  if (limits.idleTimeoutSeconds < 8 || limits.idleTimeoutSeconds > 960)
    throw new RangeError(
      `limits.idleTimeoutSeconds is ${limits.idleTimeoutSeconds}; it must be from 8 to 960`,
    );
  return limits;
}
