/** Milliseconds of a monotonic clock. The zero is arbitrary, fractions count. */
export type MonotonicMs = number;

/** Says how many milliseconds passed since 1970: as people set it, so it may jump. */
export type TimeOfDay = () => number;

/** Undoes what returned it. Calling it twice is harmless. */
export type Release = () => void;

/**
 * Time as an argument: everything in Tickcast that waits or measures does it through this port, so that
 * whole games also run on a clock that is moved by hand.
 */
export interface Clock {
  /** The time. It never falls. */
  now(): MonotonicMs;
  /** Calls back once, not before `delayMs` from now. */
  after(delayMs: number, callback: () => void): Release;
  /** Calls back once, after pending I/O was served: on Node `setImmediate`. */
  soon(callback: () => void): Release;
}
