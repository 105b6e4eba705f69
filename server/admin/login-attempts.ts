import type { Clock } from "../../shared/tick/clock.ts";
import { addressGroup } from "../guard/address-group.ts";

/** Wrong tokens that an address (an IPv6 network of 64 bits) may show at once, and how long each counts. */
const MOST_TRIES = 10;
const TRY_MS = 6_000;

/** Addresses that are remembered. Beyond: the one that tried longest ago is forgotten. */
const MOST_ADDRESSES = 1_000;

/** Bounds the wrong tokens of an address, so that nobody tries many. */
export class LoginAttempts {
  readonly #clock: Pick<Clock, "now">;
  /** By group of addresses: when all of its tries are forgotten. In order of the last try. */
  readonly #emptyAt = new Map<string, number>();

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
  }

  /** Milliseconds until the address may try again; 0 where it may now. */
  waitMs(address: string): number {
    const now = this.#clock.now();
    const emptyAt = this.#emptyAt.get(addressGroup(address)) ?? now;
    return Math.max(0, emptyAt - now - (MOST_TRIES - 1) * TRY_MS);
  }

  failed(address: string): void {
    const group = addressGroup(address);
    const emptyAt = Math.max(this.#emptyAt.get(group) ?? 0, this.#clock.now()) + TRY_MS;
    this.#emptyAt.delete(group);
    this.#emptyAt.set(group, emptyAt);
    if (this.#emptyAt.size <= MOST_ADDRESSES) return;
    for (const oldest of this.#emptyAt.keys()) {
      this.#emptyAt.delete(oldest);
      return;
    }
  }
}
