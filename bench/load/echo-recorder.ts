import { isWithin } from "../run/cpu-window.ts";
import type { EchoFigures, MeasuredWindow } from "../run/messages.ts";
import type { EchoWay } from "../scenarios/echo.ts";
import { LatencyHistogram } from "../statistics/latency-histogram.ts";

/** Round trips of what was sent within a window, whenever the answers come. */
export class EchoRecorder {
  readonly #window: MeasuredWindow;
  readonly #ways: Record<EchoWay, { sent: number; readonly latencies: LatencyHistogram }> = {
    request: { sent: 0, latencies: new LatencyHistogram() },
    ping: { sent: 0, latencies: new LatencyHistogram() },
  };

  constructor(window: MeasuredWindow) {
    this.#window = window;
  }

  asked(way: EchoWay, sentAt: number): void {
    if (isWithin(this.#window, sentAt)) this.#ways[way].sent += 1;
  }

  answered(way: EchoWay, sentAt: number, now: number): void {
    if (isWithin(this.#window, sentAt)) this.#ways[way].latencies.record(now - sentAt);
  }

  /** Whether everything has its answer. */
  get complete(): boolean {
    return Object.values(this.#ways).every(({ sent, latencies }) => latencies.count >= sent);
  }

  figures(way: EchoWay): EchoFigures {
    const { sent, latencies } = this.#ways[way];
    return { sent, answered: latencies.count, latencyMs: latencies.percentiles() };
  }
}
