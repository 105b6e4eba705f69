import type { SlipPart } from "../shared/protocol/frames.ts";
import type { MonotonicMs } from "../shared/tick/clock.ts";
import { dueAt } from "../shared/tick/tick.ts";

/** Slips are rare; who asks about a tick asks soon. */
const KEPT_EPOCHS = 8;

/** When ticks are due on the server's clock: every epoch counts from its tick on, until the next. */
export class TickTimes {
  readonly #periodMs: number;
  #epochs: readonly SlipPart[];

  constructor(epoch: MonotonicMs, periodMs: number) {
    this.#periodMs = periodMs;
    this.#epochs = [[Number.NEGATIVE_INFINITY, epoch]];
  }

  slipped(slip: SlipPart): void {
    this.#epochs = [...this.#epochs.filter(([fromTick]) => fromTick < slip[0]), slip].slice(-KEPT_EPOCHS);
  }

  /** Undefined for a tick before all epochs that are remembered. */
  dueAt(tick: number): MonotonicMs | undefined {
    const epoch = this.#epochs.findLast(([fromTick]) => fromTick <= tick);
    return epoch && dueAt(epoch[1], tick, this.#periodMs);
  }
}
