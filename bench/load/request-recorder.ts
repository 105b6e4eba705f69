import { isWithin } from "../run/cpu-window.ts";
import type { MeasuredWindow } from "../run/messages.ts";
import { LatencyHistogram, type Percentiles } from "../statistics/latency-histogram.ts";

/** The latencies of requests that were answered with 2xx in a window, the one that CPU is read around. */
export class RequestRecorder {
  readonly #window: MeasuredWindow;
  readonly #latencies = new LatencyHistogram();

  constructor(window: MeasuredWindow) {
    this.#window = window;
  }

  get answered(): number {
    return this.#latencies.count;
  }

  /** An answer was complete at `now`, so long after its request. */
  answer(status: number, now: number, latencyMs: number): void {
    if (status < 200 || status > 299) return;
    if (isWithin(this.#window, now)) this.#latencies.record(latencyMs);
  }

  latencies(): Percentiles {
    return this.#latencies.percentiles();
  }
}
