import { dueAt } from "../../shared/tick/tick.ts";
import type { MeasuredWindow } from "../run/messages.ts";
import { LatencyHistogram, type Percentiles } from "../statistics/latency-histogram.ts";

/** To the first client that had a tick and to the last, over ticks, and to each. */
export interface Latencies {
  readonly first: Percentiles;
  readonly last: Percentiles;
  readonly all: Percentiles;
}

/** The latencies of a window's ticks, each from the tick's intended time, so nothing that delays a tick hides. */
export class TickRecorder {
  readonly #window: MeasuredWindow;
  readonly #first: Float64Array;
  readonly #last: Float64Array;
  readonly #all: LatencyHistogram;
  #delivered = 0;
  #gaps = 0;

  /** @param all where every latency goes; several recorders may share it */
  constructor(window: MeasuredWindow, all = new LatencyHistogram()) {
    this.#window = window;
    this.#all = all;
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
  latencies(): Latencies {
    return latenciesOf([this], this.#all);
  }

  /** Adds the latency to the first and to the last client, of each tick that reached anybody. */
  addTo(first: LatencyHistogram, last: LatencyHistogram): void {
    for (const latencyMs of this.#first) if (Number.isFinite(latencyMs)) first.record(latencyMs);
    for (const latencyMs of this.#last) if (Number.isFinite(latencyMs)) last.record(latencyMs);
  }
}

/** What recorders that share `all` measured, together. */
export function latenciesOf(recorders: Iterable<TickRecorder>, all: LatencyHistogram): Latencies {
  const first = new LatencyHistogram();
  const last = new LatencyHistogram();
  for (const recorder of recorders) recorder.addTo(first, last);
  return { first: first.percentiles(), last: last.percentiles(), all: all.percentiles() };
}
