import type { RoomName } from "../bus.ts";
import type { TickScheduler } from "../tick/tick-scheduler.ts";
import { nameBytes } from "./progress.ts";

/** Told which room's code runs. */
export interface RoomWatch {
  enter(name: Uint8Array): void;
  exit(): void;
}

/** The scheduler for one room, whose steps the watch is told of. */
export function watchedScheduler(
  scheduler: Pick<TickScheduler, "add">,
  room: RoomName,
  watch: RoomWatch,
): Pick<TickScheduler, "add"> {
  const name = nameBytes(room);
  return {
    add: (task, tickRate, firstTick) =>
      scheduler.add(
        {
          step: (n, timing) => {
            watch.enter(name);
            try {
              task.step(n, timing);
            } finally {
              watch.exit();
            }
          },
          slipped: (fromTick, newEpoch, skippedMs) => task.slipped(fromTick, newEpoch, skippedMs),
        },
        tickRate,
        firstTick,
      ),
  };
}
