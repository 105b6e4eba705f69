import type { Release } from "../shared/tick/clock.ts";

/** What was begun, step by step, and is to be ended as a whole. */
export class Releases {
  readonly #begun: (Release | (() => Promise<void>))[] = [];
  #ended: Promise<void> = Promise.resolve();

  add(release: Release | (() => Promise<void>)): void {
    this.#begun.push(release);
  }

  /**
   * Ends the latest first, each once, and all of them: where one throws, this rejects when the others have ended. Whoever
   * asks meanwhile waits for the same.
   */
  release(): Promise<void> {
    this.#ended = this.#ended.then(() => this.#end());
    return this.#ended;
  }

  async #end(): Promise<void> {
    const last = this.#begun.pop();
    if (last === undefined) return;
    try {
      await last();
    } finally {
      await this.#end();
    }
  }
}
