import type { Clock, MonotonicMs } from "../shared/tick/clock.ts";
import { PathChange } from "./path-change.ts";
import { Slewed } from "./slewed.ts";
import type { TickTimes } from "./tick-times.ts";

/** Older samples say little about the path that packets take now. */
const SAMPLES = 8;

/** In so many ticks the clocks of two machines do not part by more than a slew can follow. */
const SNAP_BEYOND_TICKS = 10;

/** By so much two clocks may part while samples are kept: 500 ppm, the most that NTP allows, over ten seconds. */
const DRIFT_MS = 5;

/** Gains of RFC 6298, section 2: smoothed round trip, and its mean deviation. */
const ALPHA = 1 / 8;
const BETA = 1 / 4;

/** The timers that answer count in milliseconds: RFC 6298's granularity, G. */
const GRANULARITY_MS = 1;

interface Sample {
  readonly rttMs: number;
  /** What to add to our time to get the server's, if both ways took as long. */
  readonly offsetMs: number;
  /** What to add to the time at which we send to get the server's when it arrives. */
  readonly arrivalMs: number;
}

export interface ServerClockParts {
  readonly clock: Clock;
  readonly times: TickTimes;
  readonly periodMs: number;
  /** `shared`: the server reads our own clock, so nothing is left to estimate. */
  readonly reads: "shared" | "another";
}

/**
 * How far away the server is and what its clock says, from pings. The sample with the lowest round trip of the last
 * eight waited least in queues, so its halves are the most alike: it alone counts. What is drawn by it must not
 * jump, so the offset in use moves to a new estimate by at most 5 %.
 */
export class ServerClock {
  #parts: ServerClockParts;
  readonly #used: Slewed;
  #samples: readonly Sample[] = [];
  #best: Sample | undefined;
  #smoothedRttMs = 0;
  #jitterMs: number | undefined;
  readonly #path = new PathChange();

  constructor(parts: ServerClockParts) {
    this.#parts = parts;
    this.#used = new Slewed(SNAP_BEYOND_TICKS * parts.periodMs);
  }

  /** Another server answers. Where its clock is another the first answer does not agree with those before. */
  restart(reads: ServerClockParts["reads"]): void {
    this.#parts = { ...this.#parts, reads };
  }

  /**
   * A ping sent at `sentAt` is answered now; the server read `serverNow` in between. `odd`: jitter does not explain
   * how long it took, so that another answer soon would help. `anew`: our clock, or the server's, cannot have run
   * evenly since the last answers, or they came by another path; they are forgotten.
   */
  answered(sentAt: MonotonicMs, serverNow: MonotonicMs): "fits" | "odd" | "anew" {
    const now = this.#parts.clock.now();
    const rttMs = now - sentAt;
    if (rttMs < 0) {
      this.#samples = [];
      return "anew";
    }
    const sample = { rttMs, offsetMs: serverNow - (sentAt + now) / 2, arrivalMs: serverNow - sentAt };
    const fits = this.#samples.length === 0 || agree(sample, this.#best);
    this.#samples = fits ? [...this.#samples, sample].slice(-SAMPLES) : [sample];
    const path = this.#pathOf(rttMs, sentAt, now);
    if (path === "changed") {
      this.#samples = this.#samples.slice(-PathChange.answers);
      this.#jitterMs = undefined;
    }
    this.#best = this.#samples.reduce((best, other) => (other.rttMs <= best.rttMs ? other : best));
    this.#measureJitter(rttMs);
    if (!fits || path === "changed") return "anew";
    return path === "usual" ? "fits" : "odd";
  }

  /** Undefined before the first answer. */
  get rttMs(): number | undefined {
    return this.#best?.rttMs;
  }

  /**
   * How unevenly answers come: RFC 6298's mean deviation of the round trip (RTTVAR). A round trip that the RFC's
   * own timeout would give up on is a stall and no jitter: it counts as one that came just in time, so that one
   * stall does not make all inputs early for seconds. The first deviation is taken for an eighth of the round trip
   * instead of half: nothing is sent again on account of it. Undefined before the first answer.
   */
  get jitterMs(): number | undefined {
    return this.#jitterMs;
  }

  /** What to add to our time to get the server's, by the best estimate. Undefined before the first answer. */
  get offsetMs(): number | undefined {
    return this.#parts.reads === "shared" ? 0 : this.#best?.offsetMs;
  }

  /**
   * What to add to the time at which something is sent to get the server's when it arrives there. Read off the best
   * ping as a whole, so it holds however a round trip is split between its two ways.
   */
  get arrivalMs(): number | undefined {
    return this.#best?.arrivalMs;
  }

  /** The server's tick, with a fraction, at a time of ours that is about now. Moves without jumps but for slips. */
  tickAt(localMs: MonotonicMs): number | undefined {
    const offsetMs = this.#usedOffset();
    return offsetMs === undefined ? undefined : this.#parts.times.tickAt(localMs + offsetMs);
  }

  /** When a tick, or a moment between two, is there on our clock: the inverse of {@link tickAt}. */
  localTimeOf(tick: number): MonotonicMs | undefined {
    const offsetMs = this.#usedOffset();
    const at = this.#parts.times.dueAt(tick);
    return offsetMs === undefined || at === undefined ? undefined : at - offsetMs;
  }

  /** When a tick was to be on our clock, by the best estimate: to measure by, where {@link localTimeOf} is to draw by. */
  intendedTimeOf(tick: number): { at: MonotonicMs; clock: "shared" | "estimated" } | undefined {
    const { offsetMs } = this;
    const at = this.#parts.times.dueAt(tick);
    if (at === undefined || offsetMs === undefined) return undefined;
    return { at: at - offsetMs, clock: this.#parts.reads === "shared" ? "shared" : "estimated" };
  }

  #usedOffset(): number | undefined {
    const { offsetMs } = this;
    return offsetMs === undefined ? undefined : this.#used.towards(offsetMs, this.#parts.clock.now());
  }

  /** Beyond it the RFC's timeout would have given the answer up. */
  #mostDeviationMs(jitterMs: number): number {
    return Math.max(GRANULARITY_MS, 4 * jitterMs);
  }

  #pathOf(rttMs: number, sentAt: MonotonicMs, now: MonotonicMs): "usual" | "odd" | "changed" {
    if (this.#jitterMs === undefined) return "usual";
    const mostDeviationMs = this.#mostDeviationMs(this.#jitterMs);
    return this.#path.answered(rttMs, sentAt, now, { rttMs: this.#smoothedRttMs, mostDeviationMs });
  }

  #measureJitter(rttMs: number): void {
    if (this.#jitterMs === undefined) {
      this.#smoothedRttMs = rttMs;
      this.#jitterMs = rttMs * ALPHA;
      return;
    }
    const most = this.#mostDeviationMs(this.#jitterMs);
    const deviation = Math.min(Math.max(rttMs - this.#smoothedRttMs, -most), most);
    this.#jitterMs += BETA * (Math.abs(deviation) - this.#jitterMs);
    this.#smoothedRttMs += ALPHA * deviation;
  }
}

/** The true offset is within half a round trip of each sample's: where two have none in common, a clock jumped. */
function agree(a: Sample, b: Sample | undefined): boolean {
  return b === undefined || Math.abs(a.offsetMs - b.offsetMs) <= (a.rttMs + b.rttMs) / 2 + DRIFT_MS;
}

/** Whether a server that names its clock, or does not, reads the one that is named `own`. */
export function clockOf(name: string | null, own: string | undefined): ServerClockParts["reads"] {
  return name && name === own ? "shared" : "another";
}
