import type { InputVerdict } from "./input-queue.ts";

/**
 * How long before their tick was due one player's inputs arrived, in the mean since it was last taken: what the
 * client needs to know to be early enough and no earlier.
 */
export class InputMargin {
  /** In tenths of a millisecond: a whole number is kept in this object itself. */
  #sum = 0;
  #inputs = 0;

  /**
   * What came before says nothing; what is too far ahead, and ignored, says most of all by how much.
   *
   * @param sinceDueMs below 0 for an input that came before its tick was due
   */
  arrived(verdict: InputVerdict, sinceDueMs: number): void {
    if (verdict === "malformed" || verdict === "repeated") return;
    this.#sum -= Math.round(sinceDueMs * 10);
    this.#inputs += 1;
  }

  /** The mean in whole milliseconds, `undefined` where no input came; from here on a new one begins. */
  take(): number | undefined {
    if (this.#inputs === 0) return undefined;
    const meanMs = Math.round(this.#sum / 10 / this.#inputs);
    this.#sum = 0;
    this.#inputs = 0;
    return meanMs;
  }
}
