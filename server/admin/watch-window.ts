import type { Clock, Release } from "../../shared/tick/clock.ts";

/** How long after the last question somebody still counts as looking. */
const LOOKS_FOR_MS = 10_000;

/** Whether somebody looks at the dashboard: what costs something is done only then. */
export class WatchWindow {
  readonly #clock: Clock;
  readonly #open: () => Release;
  #close: Release | undefined;
  #timer: Release | undefined;
  #seenAt = 0;

  /** @param open called when somebody begins to look; what it returns, when nobody does any more */
  constructor(clock: Clock, open: () => Release) {
    this.#clock = clock;
    this.#open = open;
  }

  get isOpen(): boolean {
    return this.#close !== undefined;
  }

  /** Somebody asked. */
  seen(): void {
    this.#seenAt = this.#clock.now();
    if (this.#close !== undefined) return;
    this.#close = this.#open();
    this.#arm(LOOKS_FOR_MS);
  }

  release(): void {
    this.#timer?.();
    this.#close?.();
    this.#close = undefined;
  }

  /** One timer, however many questions. */
  #arm(delayMs: number): void {
    this.#timer = this.#clock.after(delayMs, () => {
      const remainingMs = this.#seenAt + LOOKS_FOR_MS - this.#clock.now();
      if (remainingMs > 0) this.#arm(remainingMs);
      else this.release();
    });
  }
}
