import type { Clock } from "../../shared/tick/clock.ts";
import { processCpuUs, readAround } from "../run/cpu-window.ts";
import type { MeasuredWindow, ServerFigures, TickHash } from "../run/messages.ts";
import { LatencyHistogram } from "../statistics/latency-histogram.ts";

/** What every server process measures of itself, in the same way whatever it runs. */
export class ServerMeter {
  readonly #clock: Clock;
  readonly #lateness = new LatencyHistogram();
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
    if (window === undefined || tick < window.fromTick || tick >= window.toTick) return;
    this.#published += 1;
    this.#lateness.record(latenessMs);
  }

  slipped(): void {
    this.#slips += 1;
  }

  hashed(tick: number, hash: string): void {
    this.#hashes.push([tick, hash]);
  }

  async measure(window: MeasuredWindow): Promise<ServerFigures> {
    this.#window = window;
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
