import type { HeardFigures } from "../run/messages.ts";

/** Counts what is numbered from 0 on and is to come once each, in order. */
export class Consecutive {
  #next = 0;
  #missing = 0;
  #repeated = 0;

  take(number: number): void {
    if (number < this.#next) {
      this.#repeated += 1;
      return;
    }
    this.#missing += number - this.#next;
    this.#next = number + 1;
  }

  get heard(): HeardFigures {
    return { upTo: this.#next, missing: this.#missing, repeated: this.#repeated };
  }
}

/** Of so many numbers those that never came. */
export function lostOf(sent: number, { upTo, missing }: HeardFigures): number {
  return Math.max(0, sent - upTo) + missing;
}
