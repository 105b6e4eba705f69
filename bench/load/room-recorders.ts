import { windowOfRoom } from "../run/measured-window.ts";
import type { ArrivalsByTick, LatencyCurves, MeasuredWindow } from "../run/messages.ts";
import { LatencyHistogram } from "../statistics/latency-histogram.ts";
import { curvesOf, type Latencies, latenciesOf, TickRecorder } from "./tick-recorder.ts";

/** The latencies of a window, in rooms whose ticks have times and numbers of their own. */
export class RoomRecorders {
  readonly #rooms: readonly TickRecorder[];
  readonly #all = new LatencyHistogram();

  /** @param epochs by room: when its tick 0 was to begin */
  constructor(window: MeasuredWindow, epochs: readonly number[]) {
    this.#rooms = epochs.map((epoch) => new TickRecorder(windowOfRoom(window, epoch), this.#all));
  }

  get delivered(): number {
    return this.#rooms.reduce((sum, { delivered }) => sum + delivered, 0);
  }

  get gaps(): number {
    return this.#rooms.reduce((sum, { gaps }) => sum + gaps, 0);
  }

  /** See {@link TickRecorder.received}. */
  received(room: number, tick: number, previous: number, receivedAt: number, bytes = 0): void {
    this.#rooms[room]?.received(tick, previous, receivedAt, bytes);
  }

  /** See {@link TickRecorder.counted}. */
  counted(room: number, tick: number, previous: number): void {
    this.#rooms[room]?.counted(tick, previous);
  }

  /** `first` and `last` are over the ticks of every room. */
  latencies(): Latencies {
    return latenciesOf(this.#rooms, this.#all);
  }

  /** The same distributions as curves. */
  curves(): LatencyCurves {
    return curvesOf(this.#rooms, this.#all);
  }

  /** Tick by tick, in the first room. */
  byTick(): ArrivalsByTick {
    const [first] = this.#rooms;
    if (first === undefined) throw new RangeError("there are no rooms");
    return first.byTick();
  }
}
