import type { SlipPart } from "../shared/protocol/frames.ts";
import type { MonotonicMs } from "../shared/tick/clock.ts";
import { dueAt } from "../shared/tick/tick.ts";

/** Slips are rare; who asks about a tick asks soon. */
const KEPT_EPOCHS = 8;

/**
 * When ticks are due on the server's clock: every epoch counts from its tick on, until the next. Between two ticks
 * time is even, so the one before a slip lasts as long as the slip.
 */
export class TickTimes {
  readonly #periodMs: number;
  #epochs: readonly SlipPart[];

  constructor(epoch: MonotonicMs, periodMs: number) {
    this.#periodMs = periodMs;
    this.#epochs = [[Number.NEGATIVE_INFINITY, epoch]];
  }

  /** The room was restored: all its ticks count from there. */
  restart(epoch: MonotonicMs): void {
    this.#epochs = [[Number.NEGATIVE_INFINITY, epoch]];
  }

  slipped(slip: SlipPart): void {
    this.#epochs = [...this.#epochs.filter(([fromTick]) => fromTick < slip[0]), slip].slice(-KEPT_EPOCHS);
  }

  /** Undefined for a tick before all epochs that are remembered. `tick` may have a fraction. */
  dueAt(tick: number): MonotonicMs | undefined {
    const before = Math.floor(tick);
    const due = this.#wholeTickDueAt(before);
    const next = before === tick ? due : this.#wholeTickDueAt(before + 1);
    return due === undefined || next === undefined ? undefined : due + (tick - before) * (next - due);
  }

  /**
   * The tick, with a fraction, at a time of the server's: the inverse of {@link dueAt}. Before all epochs that are
   * remembered it counts by the first of these.
   */
  tickAt(serverMs: MonotonicMs): number {
    let tick = Number.NEGATIVE_INFINITY;
    for (const [fromTick, epoch] of this.#epochs) {
      const byThis = (serverMs - epoch) / this.#periodMs;
      if (byThis >= fromTick || tick === Number.NEGATIVE_INFINITY) tick = byThis;
      else {
        const lastBefore = this.#wholeTickDueAt(fromTick - 1) ?? Number.NEGATIVE_INFINITY;
        const first = dueAt(epoch, fromTick, this.#periodMs);
        if (serverMs <= lastBefore) break;
        tick = fromTick - (first - serverMs) / (first - lastBefore);
        break;
      }
    }
    return tick;
  }

  #wholeTickDueAt(tick: number): MonotonicMs | undefined {
    const epoch = this.#epochs.findLast(([fromTick]) => fromTick <= tick);
    return epoch && dueAt(epoch[1], tick, this.#periodMs);
  }
}
