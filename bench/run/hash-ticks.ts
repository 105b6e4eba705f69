import type { Load } from "../scenarios/scenario.ts";

/** How often the state of each mirror is hashed, by it and by the server, in a second. */
const HASHES_PER_SECOND = 2;

/** So few share a tick, and where all see the same, a hash of the server. */
const TOGETHER = 3;

/**
 * After which ticks the state of which mirrors is hashed: of each twice a second, of a few in a tick, so that
 * many mirrors stall neither the server nor the one process of all clients. It happens inside the measured time,
 * because there a wrong tick would otherwise be healed by the next.
 */
export class HashTicks {
  readonly #everyTicks: number;
  readonly #mirrors: number;
  readonly #together: number;

  constructor({ hz, mirrors }: Pick<Load, "hz" | "mirrors">) {
    this.#everyTicks = Math.max(1, Math.round(hz / HASHES_PER_SECOND));
    this.#mirrors = mirrors;
    this.#together = Math.max(TOGETHER, Math.ceil(mirrors / this.#everyTicks));
  }

  /** The mirrors that are due after a tick: from the first number to before the second. */
  dueAfter(tick: number): readonly [from: number, to: number] {
    const from = (tick % this.#everyTicks) * this.#together;
    return [Math.min(from, this.#mirrors), Math.min(from + this.#together, this.#mirrors)];
  }

  isDue(mirror: number, tick: number): boolean {
    const [from, to] = this.dueAfter(tick);
    return mirror >= from && mirror < to;
  }
}
