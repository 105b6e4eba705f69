import { Fnv1a } from "../../shared/state/fnv1a.ts";

/** A digest of everything that happened, in its order: equal only where two runs were alike to the byte. */
export class Trace {
  readonly #hash = new Fnv1a();

  /** Something happened at `now`, with these bytes or words. */
  note(now: number, who: number, what: Uint8Array | string): void {
    // Times are fractions: their thousandths are enough to tell two runs apart.
    this.#hash.integer(Math.round(now * 1000)).integer(who);
    if (typeof what === "string") this.#hash.text(what);
    else for (const byte of what) this.#hash.byte(byte);
  }

  hex(): string {
    return this.#hash.hex();
  }
}
