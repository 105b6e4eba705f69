import { periodMs } from "../../shared/tick/tick.ts";
import type { Load } from "../scenarios/scenario.ts";
import type { MeasuredWindow } from "./messages.ts";

/** From the last that joined to the start of the warm-up: both processes are told meanwhile. */
export const LEAD_MS = 250;

/**
 * The window begins with a whole second of the room's time, so that runs whose clients took about as long to
 * join measure the very same ticks.
 */
export function windowAfter(
  tick: number,
  epoch: number,
  { hz, seconds, warmupSeconds }: Pick<Load, "hz" | "seconds" | "warmupSeconds">,
): MeasuredWindow {
  const earliest = tick + (LEAD_MS / 1000 + warmupSeconds) * hz;
  const fromTick = Math.ceil(Math.ceil(earliest / hz) * hz);
  const toTick = fromTick + Math.max(1, Math.round(seconds * hz));
  return { epoch, periodMs: periodMs(hz), fromTick, toTick };
}
