import type { Clock, MonotonicMs, Release } from "../../shared/tick/clock.ts";
import { CLOCK_TOLERANCE_SECONDS, MAX_TICKET_SECONDS } from "./ticket.ts";

export interface TicketBookOptions {
  readonly clock: Clock;
  /** For how long a seat is kept for a ticket that was given out, in milliseconds. */
  readonly keepForMs: number;
  /** Tickets that were given out, and as many that were used. Beyond: no more for now. */
  readonly max: number;
}

interface Kept {
  readonly release: Release;
  readonly until: MonotonicMs;
}

/** By then every ticket has expired, whenever it was used. */
const REMEMBER_MS = (MAX_TICKET_SECONDS + 1 + 2 * CLOCK_TOLERANCE_SECONDS) * 1000;

/**
 * Which tickets are out, with the seats that are kept for them, and which were used. All entries of a kind last
 * equally long, so the oldest stand first in their map, and one timer suffices for all seats. Times are of the clock
 * that does not jump.
 */
export class TicketBook {
  readonly #options: TicketBookOptions;
  readonly #kept = new Map<string, Kept>();
  readonly #used = new Map<string, MonotonicMs>();
  #timer: Release | undefined;

  constructor(options: TicketBookOptions) {
    this.#options = options;
  }

  /** Tickets that are out, and tickets that were used and are remembered. */
  get size(): { readonly kept: number; readonly used: number } {
    this.#forget();
    return { kept: this.#kept.size, used: this.#used.size };
  }

  get isFull(): boolean {
    return this.#kept.size >= this.#options.max;
  }

  /** Keeps a seat for a ticket, until it is used or its time is over. */
  keep(id: string, release: Release): void {
    this.#kept.set(id, { release, until: this.#options.clock.now() + this.#options.keepForMs });
    this.#arm();
  }

  /** Gives back the seat that is kept for a ticket that nobody gets. */
  giveBack(id: string): void {
    const kept = this.#kept.get(id);
    this.#kept.delete(id);
    if (this.#kept.size === 0) this.#disarm();
    kept?.release();
  }

  /**
   * A ticket is used: once.
   *
   * @returns gives back the seat that was kept for it; `used` where it was before, `full` where that could not be
   * remembered
   */
  use(id: string): Release | "used" | "full" {
    this.#forget();
    if (this.#used.has(id)) return "used";
    if (this.#used.size >= this.#options.max) return "full";
    this.#used.set(id, this.#options.clock.now() + REMEMBER_MS);
    const kept = this.#kept.get(id);
    this.#kept.delete(id);
    if (this.#kept.size === 0) this.#disarm();
    return kept?.release ?? (() => {});
  }

  /** Gives back all seats that are kept. What was used stays used. */
  releaseAll(): void {
    this.#disarm();
    for (const { release } of this.#kept.values()) release();
    this.#kept.clear();
  }

  #forget(): void {
    const now = this.#options.clock.now();
    for (const [id, until] of this.#used) {
      if (until > now) return;
      this.#used.delete(id);
    }
  }

  #arm(): void {
    if (this.#timer !== undefined) return;
    const [oldest] = this.#kept.values();
    if (oldest === undefined) return;
    const { clock } = this.#options;
    this.#timer = clock.after(Math.max(0, oldest.until - clock.now()), () => this.#expire());
  }

  #disarm(): void {
    this.#timer?.();
    this.#timer = undefined;
  }

  #expire(): void {
    this.#timer = undefined;
    const now = this.#options.clock.now();
    for (const [id, { release, until }] of this.#kept) {
      if (until > now) break;
      release();
      this.#kept.delete(id);
    }
    this.#arm();
  }
}
