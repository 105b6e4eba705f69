import type { Clock } from "../../shared/tick/clock.ts";
import { dueAt } from "../../shared/tick/tick.ts";
import type { MeasuredWindow } from "./messages.ts";

/** Between two readings, half a period before the window and half a period before its end. */
export interface WindowReadings<Reading> {
  readonly before: Reading;
  readonly after: Reading;
  readonly wallMs: number;
}

/**
 * Reads something at both ends of a window. In the middle of a period a server and its clients are done with
 * one tick and have not begun the next, so that each tick counts as a whole.
 *
 * Rejects where the window has begun already.
 */
export async function readAround<Reading>(
  window: MeasuredWindow,
  clock: Clock,
  read: () => Reading,
): Promise<WindowReadings<Reading>> {
  const { epoch, periodMs, fromTick, toTick } = window;
  const beginning = beginningOf(window);
  if (clock.now() >= beginning) throw new Error(`told to measure tick ${fromTick} when it was due already`);
  const startedAt = await until(clock, beginning);
  const before = read();
  const endedAt = await until(clock, dueAt(epoch, toTick - 0.5, periodMs));
  return { before, after: read(), wallMs: endedAt - startedAt };
}

/** When the first of the two readings is. */
export function beginningOf({ epoch, periodMs, fromTick }: MeasuredWindow): number {
  return dueAt(epoch, fromTick - 0.5, periodMs);
}

/** Whether a moment is between the two readings. */
export function isWithin(window: MeasuredWindow, now: number): boolean {
  const { epoch, periodMs, toTick } = window;
  return now >= beginningOf(window) && now < dueAt(epoch, toTick - 0.5, periodMs);
}

function until(clock: Clock, instant: number): Promise<number> {
  return new Promise((resolve) => {
    clock.after(instant - clock.now(), () => resolve(clock.now()));
  });
}

/** User and system time of this process so far, all its threads together, in microseconds. */
export function processCpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
