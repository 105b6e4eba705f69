const BUCKET_MS = 0.5;
const BUCKETS = 256;

/** How late ticks were since it was last read, to half a millisecond. To count one allocates nothing. */
export class LatenessHistogram {
  /** The last one holds all that were later than the others. */
  readonly #counts = new Uint32Array(BUCKETS);
  #total = 0;

  add(latenessMs: number): void {
    const bucket = Math.min(BUCKETS - 1, Math.max(0, Math.floor(latenessMs / BUCKET_MS)));
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#total += 1;
  }

  /** The p99 in milliseconds, at most 128; 0 where there was no tick. What was counted is forgotten. */
  take(): number {
    const wanted = Math.ceil(this.#total * 0.99);
    let seen = 0;
    let bucket = 0;
    while (seen < wanted) {
      seen += this.#counts[bucket] ?? wanted;
      bucket += 1;
    }
    this.#counts.fill(0);
    this.#total = 0;
    // The upper end of its bucket, but for those that are on time.
    return bucket <= 1 ? 0 : bucket * BUCKET_MS;
  }
}
