import type { Clock } from "../../shared/tick/clock.ts";
import { isWithin, processCpuUs, readAround } from "../run/cpu-window.ts";
import {
  type MeasuredWindow,
  type PhaseFigures,
  type ServerFigures,
  TICKS_TOLD,
  type TickHash,
  type TickPhases,
} from "../run/messages.ts";
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
  #phases = new PhaseMeter();
  /** By a tick's place in the window. */
  #latenessByTick: (number | null)[] = [];
  #lateInputs = 0;
  #published = 0;
  #slips = 0;
  #slippedMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A tick was published; it began so long after its intended time. */
  ticked(tick: number, latenessMs: number, parts?: TickParts | undefined): void {
    const window = this.#window;
    if (window === undefined) return;
    if (tick >= window.fromTick && tick < window.toTick) {
      this.#published += 1;
      const place = tick - window.fromTick;
      if (place < TICKS_TOLD) this.#latenessByTick[place] = Math.round(latenessMs * 1000) / 1000;
      if (parts !== undefined) this.#phases.add(parts);
    }
    // By time, not by number: a room that slips is in the window with other ticks than it was to be.
    const intended = this.#clock.now() - latenessMs;
    if (isWithin(window, intended)) this.#lateness.record(latenessMs);
  }

  slipped(skippedMs = 0): void {
    this.#slips += 1;
    this.#slippedMs += skippedMs;
  }

  /** What the mirror of that number is to see after a tick; `null` where that is not known any more. */
  hashed(tick: number, hash: string | null, mirror: number): void {
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
    this.#phases = new PhaseMeter();
    // Filled beforehand: a tick that is not published is told as none.
    this.#latenessByTick = new Array<null>(Math.min(window.toTick - window.fromTick, TICKS_TOLD)).fill(null);
    this.#lateInputs = 0;
    this.#lateness = new LatencyHistogram();
    const { before, after, wallMs } = await readAround(window, this.#clock, processCpuUs);
    return {
      cpuUs: after - before,
      wallMs,
      latenessMs: this.#lateness.percentiles(),
      latenessByTick: this.#latenessByTick,
      published: this.#published,
      slips: this.#slips,
      slippedMs: this.#slippedMs,
      phases: this.#phases.figures(),
      lateInputs: this.#lateInputs,
      hashes: this.#hashes,
    };
  }
}

/** What the parts of ticks took, without keeping each: with many rooms there are tens of thousands a second. */
class PhaseMeter {
  readonly #step = new PartMeter();
  readonly #commit = new PartMeter();
  readonly #publish = new PartMeter();

  add({ stepMs, commitMs, publishMs }: TickParts): void {
    this.#step.add(stepMs);
    this.#commit.add(commitMs);
    this.#publish.add(publishMs);
  }

  /** Null where there was no tick with parts. */
  figures(): TickPhases | null {
    const [step, commit, publish] = [this.#step, this.#commit, this.#publish].map((part) => part.figures());
    return step && commit && publish ? { step, commit, publish } : null;
  }
}

class PartMeter {
  readonly #histogram = new LatencyHistogram();
  #sumMs = 0;

  add(ms: number): void {
    this.#histogram.record(ms);
    this.#sumMs += ms;
  }

  figures(): PhaseFigures | undefined {
    const { count } = this.#histogram;
    return count === 0
      ? undefined
      : { meanMs: this.#sumMs / count, p99Ms: this.#histogram.percentiles().p99 };
  }
}
