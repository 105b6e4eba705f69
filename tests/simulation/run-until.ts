import type { ManualClock } from "../kit/manual-clock.ts";

const STEP_MS = 500;

/** Lets time pass until something holds, and so long at the most: what waits for nothing needs no time. */
export async function runUntil(clock: ManualClock, mostMs: number, holds: () => boolean): Promise<void> {
  const endsAt = clock.now() + mostMs;
  while (clock.now() < endsAt && !holds()) await clock.run(Math.min(STEP_MS, endsAt - clock.now()));
}
