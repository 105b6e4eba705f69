import { dueAt } from "../../shared/tick/tick.ts";
import { type ArrivalsByTick, type LatencyCurves, type MeasuredWindow, TICKS_TOLD } from "../run/messages.ts";
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
  /** Of all clients together, and how many they were. */
  readonly #bytes: Float64Array;
  readonly #timed: Uint32Array;
  #delivered = 0;
  #gaps = 0;

  /** @param all where every single latency goes: several recorders may share one */
  constructor(window: MeasuredWindow, all = new LatencyHistogram()) {
    this.#window = window;
    this.#all = all;
    const ticks = window.toTick - window.fromTick;
    this.#first = new Float64Array(ticks).fill(Number.POSITIVE_INFINITY);
    this.#last = new Float64Array(ticks).fill(Number.NEGATIVE_INFINITY);
    this.#bytes = new Float64Array(ticks);
    this.#timed = new Uint32Array(ticks);
  }

  /** Frames of the window's ticks that arrived, at whomever. */
  get delivered(): number {
    return this.#delivered;
  }

  /** Frames whose predecessor, at the same client, was not of the tick before. */
  get gaps(): number {
    return this.#gaps;
  }

  /** A client had `tick` at `receivedAt`, and `previous` before it; `bytes` came in between. */
  received(tick: number, previous: number, receivedAt: number, bytes = 0): void {
    const { epoch, periodMs, fromTick } = this.#window;
    const index = tick - fromTick;
    if (!this.counted(tick, previous)) return;
    const latencyMs = receivedAt - dueAt(epoch, tick, periodMs);
    this.#all.record(latencyMs);
    if (latencyMs < (this.#first[index] as number)) this.#first[index] = latencyMs;
    if (latencyMs > (this.#last[index] as number)) this.#last[index] = latencyMs;
    (this.#bytes[index] as number) += bytes;
    (this.#timed[index] as number) += 1;
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

  /** The same distributions as curves. */
  curves(): LatencyCurves {
    return curvesOf([this], this.#all);
  }

  /** Adds each tick's first and last receiver to these. */
  addTicksTo(first: LatencyHistogram, last: LatencyHistogram): void {
    for (const latencyMs of this.#first) if (Number.isFinite(latencyMs)) first.record(latencyMs);
    for (const latencyMs of this.#last) if (Number.isFinite(latencyMs)) last.record(latencyMs);
  }

  /** Tick by tick, of a long window its beginning. */
  byTick(): ArrivalsByTick {
    const told = <Value>(values: Float64Array, of: (value: number, index: number) => Value): Value[] =>
      Array.from(values.subarray(0, TICKS_TOLD), of);
    const ms = (value: number): number | null =>
      Number.isFinite(value) ? Math.round(value * 1000) / 1000 : null;
    return {
      firstMs: told(this.#first, ms),
      lastMs: told(this.#last, ms),
      bytes: told(this.#bytes, (sum, index) => {
        const clients = this.#timed[index] ?? 0;
        return clients === 0 ? null : Math.round(sum / clients);
      }),
    };
  }
}

/** What recorders that share `all` measured, together. */
export function latenciesOf(recorders: Iterable<TickRecorder>, all: LatencyHistogram): Latencies {
  const { first, last } = overTicks(recorders);
  return { first: first.percentiles(), last: last.percentiles(), all: all.percentiles() };
}

/** The same distributions as curves. */
export function curvesOf(recorders: Iterable<TickRecorder>, all: LatencyHistogram): LatencyCurves {
  const { first, last } = overTicks(recorders);
  return { first: first.curve(), last: last.curve(), all: all.curve() };
}

function overTicks(recorders: Iterable<TickRecorder>): { first: LatencyHistogram; last: LatencyHistogram } {
  const [first, last] = [new LatencyHistogram(), new LatencyHistogram()];
  for (const recorder of recorders) recorder.addTicksTo(first, last);
  return { first, last };
}
