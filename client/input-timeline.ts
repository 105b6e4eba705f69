import type { Clock, MonotonicMs, Release } from "../shared/tick/clock.ts";
import { MarginCorrection } from "./margin-correction.ts";
import type { ServerClock } from "./server-clock.ts";
import { Slewed } from "./slewed.ts";
import type { TickTimes } from "./tick-times.ts";

/** Inputs are to arrive so many jitters, and a tick, before their tick is due. RFC 6298 waits as long for an answer. */
const JITTERS = 4;

/** Further from where it should be the timeline jumps, as slewing by 5 % would take ten seconds. */
const SNAP_BEYOND_TICKS = 10;

/** For so long nothing may close before the timeline doubts its clock. The server pauses whoever is silent as long. */
const DOUBT_AFTER_MS = 1_000;

/** Servers ignore what is 2 s ahead of their next tick. */
const MAX_AHEAD_MS = 2_000;

/** Timers and sums of fractions may be off by as much; less waiting would be a timer of no time at all. */
const TOLERANCE_MS = 0.05;

export interface InputTimelineParts {
  readonly clock: Clock;
  readonly times: TickTimes;
  readonly serverClock: ServerClock;
  readonly periodMs: number;
  /** The last closed tick. */
  readonly closedTick: () => number;
  /** Takes the sample for a tick; says whether something of it was sent. */
  readonly sample: (tick: number) => "sent" | "silent";
  /** A tick's time passes without a sample: the timeline went back, or its clock is in doubt. */
  readonly pass: () => void;
  /** The clock is in doubt: a ping would help. */
  readonly inDoubt: () => void;
}

/**
 * The player's own time: so far ahead of the server's that an input for a tick, sampled when that tick begins here,
 * arrives 4 × jitter + 1 tick before the server runs it. It samples by timers on absolute deadlines, each tick at
 * most once. What is late samples the tick that is due by then; ticks that were jumped over get no sample, and
 * presses wait for the next. Where the timeline goes back it waits for the first tick without a sample.
 *
 * How far ahead is one number that follows its target by at most 5 %, and is right for any split of the round trip.
 */
export class InputTimeline {
  readonly #parts: InputTimelineParts;
  readonly #ahead: Slewed;
  readonly #correction = new MarginCorrection();
  readonly #mostTicks: number;
  readonly #doubtTicks: number;
  /** The last tick that was sampled: each has one sample, also where the timeline goes back, until {@link restart}. */
  #sampled = Number.NEGATIVE_INFINITY;
  /** The tick whose time is passing: the last sampled one, or one before it where the timeline went back. */
  #present = Number.NEGATIVE_INFINITY;
  /** When a tick's time passed last without a sample, while the clock was in doubt. */
  #doubtedAt: MonotonicMs = Number.NEGATIVE_INFINITY;
  #stopTimer: Release | undefined;

  constructor(parts: InputTimelineParts) {
    const { periodMs } = parts;
    this.#parts = parts;
    this.#ahead = new Slewed(SNAP_BEYOND_TICKS * periodMs);
    this.#mostTicks = Math.max(2, Math.floor(MAX_AHEAD_MS / periodMs));
    this.#doubtTicks = Math.max(2, Math.ceil(DOUBT_AFTER_MS / periodMs));
  }

  /** The tick being played here, with a fraction, at a time that is about now. Undefined before the first pong. */
  tickAt(localMs: MonotonicMs): number | undefined {
    const aheadMs = this.#aheadMs(this.#parts.clock.now());
    return aheadMs === undefined ? undefined : this.#parts.times.tickAt(localMs + aheadMs);
  }

  /** The last tick that was sampled. */
  get sampledTick(): number {
    return this.#sampled;
  }

  /** Samples what is due and waits for the next tick. To be called with every tick that closes. */
  wake(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    const { clock, times, periodMs } = this.#parts;
    const now = clock.now();
    let aheadMs = this.#aheadMs(now);
    if (aheadMs === undefined) return;
    let due = this.#due(now + aheadMs);
    const closed = this.#parts.closedTick();
    if (due <= closed) {
      // What is over here was over there before: slewing would take long and every input be late.
      this.#correction.forget();
      aheadMs = this.#ahead.snap(this.#target() ?? aheadMs, now);
      due = this.#due(now + aheadMs);
    }
    if (due <= closed || due > closed + this.#leadTicks() + this.#doubtTicks) {
      this.#doubt(now);
      return;
    }
    const tick = Math.min(due, closed + this.#mostTicks);
    // An input for an earlier tick than it should be for says nothing of how early the timeline is.
    if (this.#enter(tick) && tick === due) this.#correction.sent(aheadMs);
    const next = times.dueAt(due + 1) ?? now + aheadMs + periodMs;
    const waitMs = Math.max(next - aheadMs - now, TOLERANCE_MS);
    this.#stopTimer = clock.after(waitMs, () => this.wake());
  }

  /** Nothing is sampled until the next {@link wake}. */
  stop(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    this.#correction.void();
  }

  /** The server's ticks are due at other times, or a clock jumped: inputs on their way are for other moments. */
  unsettled(): void {
    this.#correction.void();
  }

  /** The room was restored: its ticks may be lower ones, and none of them was sampled. */
  restart(): void {
    this.#sampled = Number.NEGATIVE_INFINITY;
    this.#present = Number.NEGATIVE_INFINITY;
    this.unsettled();
  }

  pingSent(stamp: MonotonicMs): void {
    this.#correction.pingSent(stamp);
  }

  /**
   * A ping is answered, with the server's word on the inputs before it, if any came; see {@link MarginCorrection}.
   */
  answered(stamp: MonotonicMs, marginMs: number | undefined): void {
    const { arrivalMs } = this.#parts.serverClock;
    if (arrivalMs !== undefined) this.#correction.answered(stamp, marginMs, arrivalMs);
  }

  /** The margin that inputs are to have. Undefined before the first pong. */
  get targetMarginMs(): number | undefined {
    const { jitterMs } = this.#parts.serverClock;
    return jitterMs === undefined ? undefined : JITTERS * jitterMs + this.#parts.periodMs;
  }

  /** A clock jumped, or no frames come. Nothing is sampled until what is known agrees again. */
  #doubt(now: MonotonicMs): void {
    const { clock, periodMs, inDoubt, pass } = this.#parts;
    inDoubt();
    // The clock may have jumped back.
    if (Math.abs(now - this.#doubtedAt) >= periodMs - TOLERANCE_MS) {
      this.#doubtedAt = now;
      pass();
    }
    this.#stopTimer = clock.after(periodMs, () => this.wake());
  }

  /** The time of a tick begins. True where something was sent for it. */
  #enter(tick: number): boolean {
    if (tick === this.#present) return false;
    this.#present = tick;
    if (tick <= this.#sampled) {
      this.#parts.pass();
      return false;
    }
    this.#sampled = tick;
    return this.#parts.sample(tick) === "sent";
  }

  #due(serverMs: MonotonicMs): number {
    return Math.floor(this.#parts.times.tickAt(serverMs + TOLERANCE_MS));
  }

  #target(): number | undefined {
    const { arrivalMs } = this.#parts.serverClock;
    const { targetMarginMs } = this;
    if (arrivalMs === undefined || targetMarginMs === undefined) return undefined;
    return arrivalMs + this.#correction.ms + targetMarginMs;
  }

  #aheadMs(now: MonotonicMs): number | undefined {
    const target = this.#target();
    return target === undefined ? undefined : this.#ahead.towards(target, now);
  }

  /** By so many ticks the timeline is ahead of the last that closed here: a round trip, the margin and a tick. */
  #leadTicks(): number {
    const leadMs = (this.#parts.serverClock.rttMs ?? 0) + (this.targetMarginMs ?? 0);
    return Math.ceil(leadMs / this.#parts.periodMs) + 1;
  }
}
