import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import type { Release } from "../../shared/tick/clock.ts";

export interface ProcessReading {
  /** Since the process began, in milliseconds of one core. */
  readonly cpuMs: number;
  /** Share of the time since the last reading in which the event loop did something. */
  readonly busy: number;
  /** The longest delay of a timer since the last reading; −1 while it is not watched. */
  readonly loopDelayMs: number;
  readonly heapBytes: number;
  readonly residentBytes: number;
}

/** What a process says of itself. */
export interface ProcessReadings {
  readonly node: string;
  read(): ProcessReading;
  /** Measures delays, too, which takes a timer of its own. */
  watchDelays(): Release;
}

const DELAY_RESOLUTION_MS = 10;

/** This process. */
export function nodeProcess(): ProcessReadings {
  let utilization = performance.eventLoopUtilization();
  let delays: ReturnType<typeof monitorEventLoopDelay> | undefined;
  return {
    node: process.versions.node,
    read() {
      const before = utilization;
      utilization = performance.eventLoopUtilization();
      const { user, system } = process.cpuUsage();
      const { heapUsed, rss } = process.memoryUsage();
      // The histogram holds the time between two timers, which are so far apart anyway.
      const loopDelayMs = delays === undefined ? -1 : Math.max(0, delays.max / 1e6 - DELAY_RESOLUTION_MS);
      delays?.reset();
      return {
        cpuMs: (user + system) / 1000,
        busy: performance.eventLoopUtilization(utilization, before).utilization,
        loopDelayMs,
        heapBytes: heapUsed,
        residentBytes: rss,
      };
    },
    watchDelays() {
      const histogram = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });
      histogram.enable();
      delays = histogram;
      return () => {
        histogram.disable();
        if (delays === histogram) delays = undefined;
      };
    },
  };
}
