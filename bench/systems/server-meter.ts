import type { Clock } from "../../shared/tick/clock.ts";
import { isWithin, processCpuUs, readAround } from "../run/cpu-window.ts";
import type { MeasuredWindow, PhaseFigures, ServerFigures, TickHash, TickPhases } from "../run/messages.ts";
import { LatencyHistogram } from "../statistics/latency-histogram.ts";

/** Milliseconds that the parts of one tick took. */
export interface TickParts {
  readonly stepMs: number;
  readonly commitMs: number;
  readonly publishMs: number;
}

/** What every server process measures of itself, in the same way whatever it runs. */
export class ServerMeter {
  readonly #clock: Clock;
  #lateness = new LatencyHistogram();
  readonly #hashes: TickHash[] = [];
  #window: MeasuredWindow | undefined;
  #phases: TickParts[] = [];
  #lateInputs = 0;
  #published = 0;
  #slips = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A tick was published; it began so long after its intended time. */
  ticked(tick: number, latenessMs: number, parts?: TickParts): void {
    const window = this.#window;
    if (window === undefined) return;
    if (tick >= window.fromTick && tick < window.toTick) {
      this.#published += 1;
      if (parts !== undefined) this.#phases.push(parts);
    }
    // By time, not by number: a room that slips is in the window with other ticks than it was to be.
    const intended = this.#clock.now() - latenessMs;
    if (isWithin(window, intended)) this.#lateness.record(latenessMs);
  }

  slipped(): void {
    this.#slips += 1;
  }

  /** What the mirror of that number is to see after a tick. */
  hashed(tick: number, hash: string, mirror: number): void {
    this.#hashes.push([tick, hash, mirror]);
  }

  /** An input missed its tick. */
  inputLate(tick: number): void {
    const window = this.#window;
    if (window !== undefined && tick >= window.fromTick && tick < window.toTick) this.#lateInputs += 1;
  }

  /** Again and again, for one window after the other. */
  async measure(window: MeasuredWindow): Promise<ServerFigures> {
    this.#window = window;
    this.#published = 0;
    this.#phases = [];
    this.#lateInputs = 0;
    this.#lateness = new LatencyHistogram();
    const { before, after, wallMs } = await readAround(window, this.#clock, processCpuUs);
    return {
      cpuUs: after - before,
      wallMs,
      latenessMs: this.#lateness.percentiles(),
      published: this.#published,
      slips: this.#slips,
      phases: phasesOf(this.#phases),
      lateInputs: this.#lateInputs,
      hashes: this.#hashes,
    };
  }
}

function phasesOf(ticks: readonly TickParts[]): TickPhases | null {
  if (ticks.length === 0) return null;
  const of = (part: (parts: TickParts) => number): PhaseFigures => {
    const sorted = ticks.map(part).sort((a, b) => a - b);
    return {
      meanMs: sorted.reduce((sum, ms) => sum + ms, 0) / sorted.length,
      p99Ms: sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0,
    };
  };
  return {
    step: of(({ stepMs }) => stepMs),
    commit: of(({ commitMs }) => commitMs),
    publish: of(({ publishMs }) => publishMs),
  };
}
