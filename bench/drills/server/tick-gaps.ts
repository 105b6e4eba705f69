import { LatencyHistogram, type Percentiles } from "../../statistics/latency-histogram.ts";

/** How ticks followed each other, over all rooms that were watched. */
export interface GapFigures {
  /** Ticks that were seen. */
  readonly ticks: number;
  /** Milliseconds from one to the next. */
  readonly gapMs: Percentiles;
  /** Ticks that were left out, since a later one came in their place. */
  readonly missed: number;
}

interface Followed {
  tick: number;
  at: number;
}

/** Times what comes tick by tick in several places: rooms on a server, players at their end. */
export class TickGaps<Place> {
  readonly #followed = new Map<Place, Followed>();
  #gaps = new LatencyHistogram();
  #ticks = 0;
  #missed = 0;

  /** A tick is there. The first of a place has no gap before it. */
  ticked(place: Place, tick: number, now: number): void {
    const last = this.#followed.get(place);
    this.#ticks += 1;
    if (last === undefined) {
      this.#followed.set(place, { tick, at: now });
      return;
    }
    this.#gaps.record(now - last.at);
    this.#missed += Math.max(0, tick - last.tick - 1);
    last.tick = tick;
    last.at = now;
  }

  /** A place is no more: what comes there later is a beginning. */
  forget(place: Place): void {
    this.#followed.delete(place);
  }

  /** Counts from here on; a gap that began before counts as a whole. */
  restart(): void {
    this.#gaps = new LatencyHistogram();
    this.#ticks = 0;
    this.#missed = 0;
  }

  get figures(): GapFigures {
    return { ticks: this.#ticks, gapMs: this.#gaps.percentiles(), missed: this.#missed };
  }
}
