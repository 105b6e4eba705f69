/** Bounds on what peers can cost. Each says its unit and what happens beyond it. */
export interface ServerLimits {
  /** Bytes of one message from a client. Beyond: close code 1009. Inputs and chat are far smaller. */
  readonly maxMessageBytes: number;
  /** Bytes of one HTTP request body. Beyond: 413. */
  readonly maxBodyBytes: number;
  /** Bytes that may wait in this process for one client. Beyond: closed as `too-slow`. */
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
  /** For how long a removed row's id rests, and deltas can be written, in milliseconds. */
  readonly horizonMs: number;
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
  horizonMs: 10_000,
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
