import { dueAt } from "../../shared/tick/tick.ts";
import type { MeasuredWindow } from "../run/messages.ts";
import { LatencyHistogram, type Percentiles } from "../statistics/latency-histogram.ts";

/** The latencies of a window's ticks, each from the tick's intended time, so nothing that delays a tick hides. */
export class TickRecorder {
  readonly #window: MeasuredWindow;
  readonly #first: Float64Array;
  readonly #last: Float64Array;
  readonly #all = new LatencyHistogram();
  #delivered = 0;
  #gaps = 0;

  constructor(window: MeasuredWindow) {
    this.#window = window;
    const ticks = window.toTick - window.fromTick;
    this.#first = new Float64Array(ticks).fill(Number.POSITIVE_INFINITY);
    this.#last = new Float64Array(ticks).fill(Number.NEGATIVE_INFINITY);
  }

  /** Frames of the window's ticks that arrived, at whomever. */
  get delivered(): number {
    return this.#delivered;
  }

  /** Frames whose predecessor, at the same client, was not of the tick before. */
  get gaps(): number {
    return this.#gaps;
  }

  /** A client had `tick` at `receivedAt`, and `previous` before it. */
  received(tick: number, previous: number, receivedAt: number): void {
    const { epoch, periodMs, fromTick } = this.#window;
    const index = tick - fromTick;
    if (!this.counted(tick, previous)) return;
    const latencyMs = receivedAt - dueAt(epoch, tick, periodMs);
    this.#all.record(latencyMs);
    if (latencyMs < (this.#first[index] as number)) this.#first[index] = latencyMs;
    if (latencyMs > (this.#last[index] as number)) this.#last[index] = latencyMs;
  }

  /** A client had `tick`, but when is of no interest: it did more than to receive. False outside of the window. */
  counted(tick: number, previous: number): boolean {
    if (tick < this.#window.fromTick || tick >= this.#window.toTick) return false;
    this.#delivered += 1;
    if (previous !== tick - 1) this.#gaps += 1;
    return true;
  }

  /** Over ticks for `first` and `last`; ticks that reached nobody are left out. */
  latencies(): { first: Percentiles; last: Percentiles; all: Percentiles } {
    const over = (latencies: Float64Array): Percentiles => {
      const histogram = new LatencyHistogram();
      for (const latencyMs of latencies) if (Number.isFinite(latencyMs)) histogram.record(latencyMs);
      return histogram.percentiles();
    };
    return { first: over(this.#first), last: over(this.#last), all: this.#all.percentiles() };
  }
}
