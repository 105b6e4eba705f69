/** `to` of a row that is gone for good; otherwise it is 1 + the id of the stream that has the row now. */
export const LEFT_FOR_GOOD = 0;

export interface Leave {
  readonly tick: number;
  readonly table: number;
  readonly id: number;
  readonly to: number;
}

/** Who left a stream and when, for a horizon: what a delta since an older tick needs beside the rows. */
export class LeaveLog {
  readonly #horizonTicks: number;
  readonly #leaves: Leave[] = [];

  constructor(horizonTicks: number) {
    this.#horizonTicks = horizonTicks;
  }

  push(leave: Leave): void {
    this.#leaves.push(leave);
  }

  /** Forgets what lies beyond the horizon. */
  prune(tick: number): void {
    const oldest = tick - this.#horizonTicks;
    let forgotten = 0;
    while ((this.#leaves[forgotten]?.tick ?? Number.POSITIVE_INFINITY) <= oldest) forgotten++;
    if (forgotten > 0) this.#leaves.splice(0, forgotten);
  }

  /** The leaves after tick `base`, oldest first. */
  *since(base: number): IterableIterator<Leave> {
    let start = this.#leaves.length;
    while (start > 0 && (this.#leaves[start - 1] as Leave).tick > base) start--;
    for (let i = start; i < this.#leaves.length; i++) yield this.#leaves[i] as Leave;
  }
}
