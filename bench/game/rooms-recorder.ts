import { TickRecorder } from "../load/tick-recorder.ts";
import type { ArrivalsByTick, LatencyCurves, MeasuredWindow } from "../run/messages.ts";
import { LatencyHistogram, type Percentiles } from "../statistics/latency-histogram.ts";

/**
 * The latencies of several rooms whose ticks are due at different moments: in each, the ticks that are due within
 * the window count. First and last receivers are a room's own.
 */
export class RoomsRecorder {
  readonly #window: MeasuredWindow;
  readonly #all = new LatencyHistogram();
  readonly #rooms = new Map<string, TickRecorder>();

  constructor(window: MeasuredWindow) {
    this.#window = window;
  }

  get delivered(): number {
    return this.#sum(({ delivered }) => delivered);
  }

  get gaps(): number {
    return this.#sum(({ gaps }) => gaps);
  }

  /** A bot of this room had `tick` at `receivedAt`, that was due at `dueAt`; `bytes` came since `previous`. */
  received(room: string, { tick, previous, dueAt, receivedAt, bytes }: RoomArrival): void {
    let recorder = this.#rooms.get(room);
    if (recorder === undefined) {
      recorder = new TickRecorder(this.#windowOf(tick, dueAt), this.#all);
      this.#rooms.set(room, recorder);
    }
    recorder.received(tick, previous, receivedAt, bytes);
  }

  latencies(): { first: Percentiles; last: Percentiles; all: Percentiles } {
    const { first, last } = this.#overRooms();
    return { first: first.percentiles(), last: last.percentiles(), all: this.#all.percentiles() };
  }

  curves(): LatencyCurves {
    const { first, last } = this.#overRooms();
    return { first: first.curve(), last: last.curve(), all: this.#all.curve() };
  }

  /** Of the room that was heard of first. */
  byTick(): ArrivalsByTick {
    const [first] = this.#rooms.values();
    return first?.byTick() ?? { firstMs: [], lastMs: [], bytes: [] };
  }

  /** The window in a room's own ticks. */
  #windowOf(tick: number, dueAt: number): MeasuredWindow {
    const { epoch, periodMs, fromTick, toTick } = this.#window;
    const own = dueAt - tick * periodMs;
    const first = Math.ceil((epoch + (fromTick - 0.5) * periodMs - own) / periodMs);
    return { epoch: own, periodMs, fromTick: first, toTick: first + toTick - fromTick };
  }

  #overRooms(): { first: LatencyHistogram; last: LatencyHistogram } {
    const [first, last] = [new LatencyHistogram(), new LatencyHistogram()];
    for (const recorder of this.#rooms.values()) recorder.addTicksTo(first, last);
    return { first, last };
  }

  #sum(of: (recorder: TickRecorder) => number): number {
    return [...this.#rooms.values()].reduce((sum, recorder) => sum + of(recorder), 0);
  }
}

/** A tick that closed at a bot. */
export interface RoomArrival {
  readonly tick: number;
  /** The tick before it at that bot. */
  readonly previous: number;
  readonly dueAt: number;
  readonly receivedAt: number;
  readonly bytes: number;
}
