import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { performance } from "node:perf_hooks";
import type { MonotonicMs, Release } from "../tick/clock.ts";
import { SystemClock } from "./system-clock.ts";

/**
 * Node's own time: the system's monotonic clock, not counted from the start of the process as
 * `performance.now` does, so that all processes of one machine read the same (on Linux `CLOCK_MONOTONIC`).
 * Its timers are up to about 1.2 ms late on an idle event loop: Node counts whole milliseconds.
 */
export class NodeClock extends SystemClock {
  constructor() {
    super(processStart());
  }

  override soon(callback: () => void): Release {
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
