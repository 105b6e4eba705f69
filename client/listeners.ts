import type { Release } from "../shared/tick/clock.ts";

/** Where the error of a listener goes. */
export type ReportError = (error: unknown) => void;

/** As browsers treat a listener's error: uncaught, but behind the work that called it. */
export const throwLater: ReportError = (error) =>
  queueMicrotask(() => {
    throw error;
  });

interface Entry<Args extends readonly unknown[]> {
  readonly call: (...args: Args) => void;
  released: boolean;
}

/**
 * Listeners of one kind, called in the order in which they were added. One that throws is reported and stops
 * nobody. While they are called, those that are released are not called any more, those that are added not yet.
 */
export class Listeners<Args extends readonly unknown[]> {
  readonly #report: ReportError;
  /** Replaced, never changed: a dispatch goes on with the list that it began with. */
  #entries: readonly Entry<Args>[] = [];

  constructor(report: ReportError) {
    this.#report = report;
  }

  get any(): boolean {
    return this.#entries.length > 0;
  }

  add(call: (...args: Args) => void): Release {
    const entry: Entry<Args> = { call, released: false };
    this.#entries = [...this.#entries, entry];
    return () => {
      if (entry.released) return;
      entry.released = true;
      this.#entries = this.#entries.filter((other) => other !== entry);
    };
  }

  notify(...args: Args): void {
    for (const entry of this.#entries) {
      if (entry.released) continue;
      try {
        entry.call(...args);
      } catch (error) {
        this.#report(error);
      }
    }
  }

  /** Adds a listener and calls it alone, once for each of `items`. */
  addAndReplay(items: Iterable<Args>, call: (...args: Args) => void): Release {
    const release = this.add(call);
    for (const item of items) {
      try {
        call(...item);
      } catch (error) {
        this.#report(error);
      }
    }
    return release;
  }
}
