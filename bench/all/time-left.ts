import type { Step } from "./plan.ts";

/** A step that is over, and what it took. */
export interface Took {
  readonly step: Pick<Step, "seconds">;
  readonly tookSeconds: number;
}

/**
 * Seconds until the end, roughly: what the plan says of the rest, by as much off as it was for what is over.
 *
 * @param elapsed seconds since the first of `rest` began
 */
export function secondsLeft(
  over: readonly Took[],
  rest: readonly Pick<Step, "seconds">[],
  elapsed: number,
): number {
  const planned = over.reduce((sum, { step }) => sum + step.seconds, 0);
  const took = over.reduce((sum, { tookSeconds }) => sum + tookSeconds, 0);
  const off = planned > 0 && took > 0 ? took / planned : 1;
  const [current, ...later] = rest;
  // A step that takes longer than planned is about to be over, for as long as it lasts.
  const ofCurrent = Math.max(0, (current?.seconds ?? 0) * off - elapsed);
  return ofCurrent + later.reduce((sum, { seconds }) => sum + seconds * off, 0);
}

/** As people say it. */
export function duration(seconds: number): string {
  if (seconds < 55) return `${Math.max(5, Math.ceil(seconds / 5) * 5)} s`;
  return `${Math.max(1, Math.round(seconds / 60))} min`;
}
