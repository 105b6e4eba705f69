import { periodMs } from "../../shared/tick/tick.ts";
import type { Load } from "../scenarios/scenario.ts";
import type { MeasuredWindow } from "./messages.ts";

/** From the last that joined to the start of the warm-up: both processes are told meanwhile. */
export const LEAD_MS = 250;
/** The same in ticks at least: inputs for the first one are sent two before it. */
const LEAD_TICKS = 4;

/**
 * The window begins with a whole second of the room's time, so that runs whose clients took about as long to
 * join measure the very same ticks.
 */
export function windowAfter(
  tick: number,
  epoch: number,
  { hz, seconds, warmupSeconds }: Pick<Load, "hz" | "seconds" | "warmupSeconds">,
): MeasuredWindow {
  const earliest = tick + Math.max((LEAD_MS / 1000) * hz, LEAD_TICKS) + warmupSeconds * hz;
  const fromTick = Math.ceil(Math.ceil(earliest / hz) * hz);
  const toTick = fromTick + Math.max(1, Math.round(seconds * hz));
  return { epoch, periodMs: periodMs(hz), fromTick, toTick };
}

/**
 * The same window by the ticks of another room: those of it that are due within, as many, by their own times.
 *
 * @param epoch when the room's tick 0 was to begin
 */
export function windowOfRoom(window: MeasuredWindow, epoch: number): MeasuredWindow {
  const { periodMs: period, toTick } = window;
  const fromTick = Math.ceil((window.epoch - epoch) / period + window.fromTick - 0.5);
  return { epoch, periodMs: period, fromTick, toTick: fromTick + toTick - window.fromTick };
}

/** The first tick for which players steer: with it the warm-up begins, and all systems play the same from it on. */
export function firstSteeredTick(
  { fromTick }: Pick<MeasuredWindow, "fromTick">,
  { hz, warmupSeconds }: Pick<Load, "hz" | "warmupSeconds">,
): number {
  return fromTick - Math.floor(warmupSeconds * hz);
}
