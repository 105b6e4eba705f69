import type { MonotonicMs } from "../../shared/tick/clock.ts";
import type { LimitName, ServerLimits } from "../limits.ts";
import { BucketFlow, TokenBucket } from "./token-bucket.ts";

/** What is counted in time, by the limit that says how much. */
export type RateName =
  | "joinsPerAddressPerSecond"
  | "roomsPerAddressPerMinute"
  | "requestsPerAddressPerSecond";

/** uWebSockets.js cuts who says nothing within half a minute. */
const SILENCE_ENDS_AFTER_MS = 32_000;

/** How often, at most, the bus is told of one limit that one address goes on hitting. */
const TOLD_EVERY_MS = 1_000;

/** What one address does at the moment: connections that are open, and what flows. */
export class AddressRecord {
  connections = 0;
  greetings = 0;
  readonly #limits: ServerLimits;
  /** When those that have said nothing yet connected, oldest first. */
  readonly #silentSince: MonotonicMs[] = [];
  readonly #rates = new Map<RateName, TokenBucket>();
  readonly #hits = new Map<LimitName, { untold: number; toldAt: MonotonicMs }>();

  constructor(limits: ServerLimits) {
    this.#limits = limits;
  }

  silent(now: MonotonicMs): number {
    while ((this.#silentSince[0] ?? now) < now - SILENCE_ENDS_AFTER_MS) this.#silentSince.shift();
    return this.#silentSince.length;
  }

  connected(now: MonotonicMs): void {
    this.#silentSince.push(now);
  }

  /** One that had connected has said what it wants. */
  asked(): void {
    this.#silentSince.shift();
  }

  take(rate: RateName, now: MonotonicMs): boolean {
    return this.#bucket(rate, now).take(now);
  }

  waitMs(rate: RateName, now: MonotonicMs): number {
    return this.#bucket(rate, now).waitMs(now);
  }

  /** Counts a hit. Returns how many there are to tell of; 0 where the last was told a moment ago. */
  hit(limit: LimitName, now: MonotonicMs): number {
    const hits = this.#hits.get(limit);
    if (hits === undefined) {
      this.#hits.set(limit, { untold: 0, toldAt: now });
      return 1;
    }
    hits.untold += 1;
    if (now - hits.toldAt < TOLD_EVERY_MS) return 0;
    hits.toldAt = now;
    const told = hits.untold;
    hits.untold = 0;
    return told;
  }

  /** Hits that nobody was told of. */
  *untold(): Iterable<readonly [limit: LimitName, count: number]> {
    for (const [limit, { untold }] of this.#hits) if (untold > 0) yield [limit, untold];
  }

  /** Whether a new record would say the same. */
  isIdle(now: MonotonicMs): boolean {
    if (this.connections > 0 || this.silent(now) > 0) return false;
    for (const bucket of this.#rates.values()) if (!bucket.isFull(now)) return false;
    return true;
  }

  #bucket(rate: RateName, now: MonotonicMs): TokenBucket {
    let bucket = this.#rates.get(rate);
    if (bucket === undefined) {
      const allowed = this.#limits[rate];
      const flow =
        rate === "roomsPerAddressPerMinute"
          ? new BucketFlow(allowed / 60, Math.max(1, allowed))
          : new BucketFlow(allowed, Math.max(1, allowed * this.#limits.burstSeconds));
      bucket = new TokenBucket(flow, now);
      this.#rates.set(rate, bucket);
    }
    return bucket;
  }
}
