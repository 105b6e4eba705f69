import type { Release } from "../../shared/tick/clock.ts";
import type { Bus } from "../bus.ts";

export interface Counted {
  ticks: number;
  frames: number;
  bytes: number;
  worstLatenessMs: number;
  /** From a step's begin to its flush. */
  worstTickMs: number;
  joins: number;
  leaves: number;
  stalls: number;
  resyncs: number;
  slips: number;
  faults: number;
}

/** A bus subscriber that adds up over all rooms: some numbers, whether anybody looks or not. */
export class ServerCounters {
  readonly #releases: readonly Release[];
  #counted = nothing();

  constructor(bus: Bus) {
    const fault = (): void => void this.#counted.faults++;
    this.#releases = [
      bus.on("tickDone", ({ frames, bytes, latenessMs }) => {
        const counted = this.#counted;
        counted.ticks += 1;
        counted.frames += frames;
        counted.bytes += bytes;
        if (latenessMs > counted.worstLatenessMs) counted.worstLatenessMs = latenessMs;
      }),
      bus.on("tickFlushed", ({ flushedMs }) => {
        if (flushedMs > this.#counted.worstTickMs) this.#counted.worstTickMs = flushedMs;
      }),
      bus.on("playerJoined", () => void this.#counted.joins++),
      bus.on("playerLeft", () => void this.#counted.leaves++),
      bus.on("presenceChanged", ({ from, to }) => {
        if (to === "stalled") this.#counted.stalls += 1;
        else if (from === "returning" && to === "following") this.#counted.resyncs += 1;
      }),
      bus.on("tickSlipped", () => void this.#counted.slips++),
      bus.on("hookFailed", fault),
      bus.on("listenerFailed", fault),
      bus.on("transportFailed", fault),
    ];
  }

  /** What was counted since the last call. */
  take(): Counted {
    const counted = this.#counted;
    this.#counted = nothing();
    return counted;
  }

  release(): void {
    for (const release of this.#releases) release();
  }
}

function nothing(): Counted {
  return {
    ticks: 0,
    frames: 0,
    bytes: 0,
    worstLatenessMs: 0,
    worstTickMs: 0,
    joins: 0,
    leaves: 0,
    stalls: 0,
    resyncs: 0,
    slips: 0,
    faults: 0,
  };
}
