import { url as inspectorUrl } from "node:inspector";
import { Worker } from "node:worker_threads";
import type { Release } from "../../shared/tick/clock.ts";
import { ProgressWriter } from "./progress.ts";
import type { WatchOrder } from "./watchdog-worker.ts";
import type { RoomWatch } from "./watched-scheduler.ts";

/** The exit code of a process that its watchdog ended: `EX_SOFTWARE`, an internal fault, as `sysexits.h` has it. */
export const STUCK_EXIT_CODE = 70;

/** How many beats there are in the time that may pass without any. */
const BEATS = 20;

export interface WatchdogOptions {
  /** Milliseconds without a turn of the event loop. Beyond: the process is ended. */
  readonly afterMs: number;
  /** `sleep`: not while an inspector listens, where a person may stand at a breakpoint. */
  readonly whileInspected: "sleep" | "watch";
}

/**
 * Watches this process from a thread of its own, which goes on where the event loop does not: a game that loops for
 * ever would hold all rooms for ever. It says which room's step does not end, and where it stands, and ends the process
 * with {@link STUCK_EXIT_CODE}, so that whoever runs it starts another. A process that was stopped as a whole is not
 * stuck: the thread was stopped, too.
 */
export function startWatchdog({
  afterMs,
  whileInspected,
}: WatchdogOptions): RoomWatch & { release: Release } {
  const progress = new ProgressWriter();
  const beat = (): void => {
    if (whileInspected === "sleep") progress.inspected(inspectorUrl() !== undefined);
    progress.beat();
  };
  beat();
  const order: WatchOrder = { memory: progress.memory, afterMs, exitCode: STUCK_EXIT_CODE };
  const worker = new Worker(new URL("./watchdog-worker.js", import.meta.url), { workerData: order });
  worker.unref();
  const beating = setInterval(beat, afterMs / BEATS);
  beating.unref();
  return {
    enter: (name) => progress.enter(name),
    exit: () => progress.exit(),
    release: () => {
      clearInterval(beating);
      progress.stop();
    },
  };
}
