import type { EventPart } from "../../shared/protocol/frames.ts";
import type { RowStream } from "../../shared/state/row-stream.ts";
import { TickLog } from "../../shared/tick/tick-log.ts";

/** Beyond so many events of one stream the oldest go; who needs them is told that they are lost. */
const MAX_EVENTS_A_STREAM = 4_096;

/** What was told in each stream, for as long as a player may be behind. */
export class EventLog {
  readonly #horizonTicks: number;
  /** Weak, because a stream that is closed is remembered only by those who followed it. */
  readonly #streams = new WeakMap<RowStream, TickLog<EventPart>>();

  constructor(horizonTicks: number) {
    this.#horizonTicks = horizonTicks;
  }

  add(stream: RowStream, tick: number, part: EventPart): void {
    let log = this.#streams.get(stream);
    if (log === undefined) {
      log = new TickLog(MAX_EVENTS_A_STREAM);
      this.#streams.set(stream, log);
    }
    log.forget(tick - this.#horizonTicks);
    log.push(tick, part);
  }

  /** Events of a stream after tick `after`, up to and with tick `upTo`, in order. */
  between(stream: RowStream, after: number, upTo: number): EventPart[] {
    return [...this.entries(stream, after, upTo)].map(([, part]) => part);
  }

  /** The same, with their ticks. */
  *entries(
    stream: RowStream,
    after: number,
    upTo: number,
  ): IterableIterator<readonly [tick: number, part: EventPart]> {
    for (const entry of this.#streams.get(stream)?.since(after) ?? []) if (entry[0] <= upTo) yield entry;
  }

  /** Events up to this tick had to make room for newer ones. */
  droppedUpTo(stream: RowStream): number {
    return this.#streams.get(stream)?.droppedUpTo ?? Number.NEGATIVE_INFINITY;
  }
}
