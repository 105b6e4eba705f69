import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { performance } from "node:perf_hooks";
import type { Clock, MonotonicMs, Release } from "../../shared/tick/clock.ts";

/** Node takes a longer delay for 1 ms. */
const longestTimeoutMs = 2 ** 31 - 1;

/**
 * Node's own time: the system's monotonic clock, not counted from the start of the process as
 * `performance.now` does, so that all processes of one machine read the same (on Linux `CLOCK_MONOTONIC`).
 */
export class NodeClock implements Clock {
  readonly #processStart: MonotonicMs = processStart();

  now(): MonotonicMs {
    return this.#processStart + performance.now();
  }

  /** Up to about 1.2 ms late on an idle event loop: timers of Node count whole milliseconds. */
  after(delayMs: number, callback: () => void): Release {
    const dueAt = this.now() + delayMs;
    let timer: NodeJS.Timeout | undefined;
    const wait = (remainingMs: number) => {
      timer = setTimeout(fire, Math.min(Math.ceil(remainingMs), longestTimeoutMs));
    };
    const fire = () => {
      // Node cuts the fraction off the time at which it starts to count, so half its timers fire early.
      const remainingMs = dueAt - this.now();
      if (remainingMs > 0) wait(remainingMs);
      else callback();
    };
    wait(delayMs);
    return () => clearTimeout(timer);
  }

  soon(callback: () => void): Release {
    const immediate = setImmediate(callback);
    return () => clearImmediate(immediate);
  }
}

/**
 * Names the clock that `NodeClock` reads: where two processes get the same id, their times can be compared.
 * A hash of the boot and the time namespace; `undefined` where the system does not tell (other than Linux).
 */
export function clockId(): string | undefined {
  const boot = orUndefined(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim());
  if (boot === undefined) return undefined;
  // A container may have a monotonic clock of its own (time namespaces, Linux 5.6); older systems have one.
  const namespace = orUndefined(() => readlinkSync("/proc/self/ns/time")) ?? "";
  return createHash("sha256").update(`tickcast clock ${boot} ${namespace}`).digest("hex").slice(0, 16);
}

/** When this process started on the system's clock: the tightest of several readings, within 1 µs. */
function processStart(): MonotonicMs {
  let start = 0;
  let tightestMs = Number.POSITIVE_INFINITY;
  for (let reading = 0; reading < 16; reading++) {
    const before = performance.now();
    const system = Number(process.hrtime.bigint()) / 1e6;
    const after = performance.now();
    if (after - before >= tightestMs) continue;
    tightestMs = after - before;
    start = system - (before + after) / 2;
  }
  return start;
}

function orUndefined<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
