import { readFileSync } from "node:fs";
import { bytesInUse } from "../../statistics/heap-samples.ts";

/** What is there at a moment, by kind. At rest all of it is to be as it was before. */
export interface Census {
  readonly sessions: number;
  readonly rooms: number;
  readonly seats: number;
  readonly connections: number;
  readonly topics: number;
  readonly subscriptions: number;
  /** Timers and immediates that keep the process alive. */
  readonly timers: number;
  /** Everything else that does, such as sockets, pipes and files. */
  readonly handles: number;
}

/** What a process holds after all garbage is collected, in bytes. */
export interface Memory {
  /** `heapUsed + external`. */
  readonly inUse: number;
  readonly resident: number;
}

const TIMERS: readonly string[] = ["Timeout", "Immediate"];

export function resources(): Pick<Census, "timers" | "handles"> {
  const all = process.getActiveResourcesInfo();
  const timers = all.filter((name) => TIMERS.includes(name)).length;
  return { timers, handles: all.length - timers };
}

/** Collects all garbage first: it takes tens of milliseconds, in which nothing else goes on. */
export function memoryAtRest(): Memory {
  const inUse = bytesInUse();
  return { inUse, resident: process.memoryUsage.rss() };
}

/** Sentences about what is not as it was, for kinds of which the number is to be the same. */
export function leftBehind(before: Census, after: Census): string[] {
  return (Object.keys(before) as (keyof Census)[])
    .filter((kind) => after[kind] !== before[kind])
    .map((kind) => `${kind}: ${before[kind]} before, ${after[kind]} after`);
}

/**
 * For how long this process's main thread was ready to run and had no core, in milliseconds since it started: other
 * processes had it. `undefined` where the system does not say (other than Linux).
 */
export function waitedForCoreMs(): number | undefined {
  try {
    const [, waitedNs] = readFileSync("/proc/self/schedstat", "utf8").split(" ");
    return Number(waitedNs) / 1e6;
  } catch {
    return undefined;
  }
}
