import type { Clock, MonotonicMs } from "../shared/tick/clock.ts";

/** Looks again every few milliseconds, where what is waited for is many things of many peers. */
export function poll(
  clock: Clock,
  done: () => boolean,
  deadline: MonotonicMs,
  everyMs: number,
): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (done() || clock.now() >= deadline) resolve();
      else clock.after(everyMs, look);
    };
    look();
  });
}
