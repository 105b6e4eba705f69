import type { LinkStatistics } from "../client/client-room.ts";
import type { MonotonicMs } from "../shared/tick/clock.ts";
import type { Measurements } from "./measurements.ts";

/** Counts what a connection carries between two moments. */
export class TrafficMeter {
  readonly #since: MonotonicMs;
  readonly #before: LinkStatistics;

  constructor(now: MonotonicMs, before: LinkStatistics) {
    this.#since = now;
    this.#before = before;
  }

  addTo(sum: Measurements, now: MonotonicMs, after: LinkStatistics): void {
    sum.botSeconds += (now - this.#since) / 1_000;
    sum.bytesReceived += after.bytesReceived - this.#before.bytesReceived;
    sum.framesReceived += after.framesReceived - this.#before.framesReceived;
    sum.bytesSent += after.bytesSent - this.#before.bytesSent;
  }
}
