import type { Clock } from "../../shared/tick/clock.ts";
import { isWithin, processCpuUs, readAround } from "../run/cpu-window.ts";
import type { MeasuredWindow, ServerFigures, TickHash } from "../run/messages.ts";
import { LatencyHistogram } from "../statistics/latency-histogram.ts";

/** What every server process measures of itself, in the same way whatever it runs. */
export class ServerMeter {
  readonly #clock: Clock;
  #lateness = new LatencyHistogram();
  readonly #hashes: TickHash[] = [];
  #window: MeasuredWindow | undefined;
  #published = 0;
  #slips = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A tick was published; it began so long after its intended time. */
  ticked(tick: number, latenessMs: number): void {
    const window = this.#window;
    if (window === undefined) return;
    if (tick >= window.fromTick && tick < window.toTick) this.#published += 1;
    // By time, not by number: a room that slips is in the window with other ticks than it was to be.
    const intended = this.#clock.now() - latenessMs;
    if (isWithin(window, intended)) this.#lateness.record(latenessMs);
  }

  slipped(): void {
    this.#slips += 1;
  }

  hashed(tick: number, hash: string): void {
    this.#hashes.push([tick, hash]);
  }

  /** Again and again, for one window after the other. */
  async measure(window: MeasuredWindow): Promise<ServerFigures> {
    this.#window = window;
    this.#published = 0;
    this.#lateness = new LatencyHistogram();
    const { before, after, wallMs } = await readAround(window, this.#clock, processCpuUs);
    return {
      cpuUs: after - before,
      wallMs,
      latenessMs: this.#lateness.percentiles(),
      published: this.#published,
      slips: this.#slips,
      hashes: this.#hashes,
    };
  }
}
