import type { MonotonicMs } from "./clock.ts";

declare const brand: unique symbol;

/**
 * The number of a tick in its room: a safe integer, 0 for the first. Intended times derive from it, never
 * from counting: tick n is due at `epoch + n × period`.
 */
export type Tick = number & { readonly [brand]: "Tick" };

/**
 * Stands for infinity where something is kept for each of thousands: V8 holds a field that was ever infinite or a fraction
 * in a box of its own, which is one more place in memory to wait for. A room of 240 Hz comes to this tick after 51 days:
 * whoever was to be woken never is then looked at in every tick, and nothing else changes.
 */
export const FOR_EVER = 2 ** 30;

/** @throws RangeError where `n` is no safe integer. */
export function tick(n: number): Tick {
  if (!Number.isSafeInteger(n)) throw new RangeError(`a tick is a safe integer, not ${n}`);
  return n as Tick;
}

/** Milliseconds from one tick to the next, for a rate in ticks per second. */
export function periodMs(tickRate: number): number {
  if (!(tickRate > 0 && Number.isFinite(tickRate)))
    throw new RangeError(`a tick rate is a positive number of ticks per second, not ${tickRate}`);
  return 1000 / tickRate;
}

/** When tick `n` is due: always computed from the epoch, never accumulated, so it cannot drift. */
export function dueAt(epoch: MonotonicMs, n: number, period: number): MonotonicMs {
  return epoch + n * period;
}

/**
 * The last tick due at or before `now`, negative before the epoch. Exactly inverse to {@link dueAt}: the
 * quotient may round to the wrong side of an integer, so it is only a guess that `dueAt` itself corrects.
 */
export function tickAt(now: MonotonicMs, epoch: MonotonicMs, period: number): Tick {
  let n = Math.floor((now - epoch) / period);
  if (dueAt(epoch, n + 1, period) <= now) n += 1;
  else if (dueAt(epoch, n, period) > now) n -= 1;
  return tick(n);
}

/** How many ticks last at least `ms`; what rounding alone adds to a whole number of ticks is no tick more. */
export function ticksIn(ms: number, tickRate: number): number {
  if (!(ms >= 0 && Number.isFinite(ms)))
    throw new RangeError(`a duration is finite and not negative, not ${ms}`);
  const exact = ms / periodMs(tickRate);
  const nearest = Math.round(exact);
  return Math.abs(exact - nearest) <= exact * 1e-12 ? nearest : Math.ceil(exact);
}
