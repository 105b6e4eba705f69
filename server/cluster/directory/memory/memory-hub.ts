import type { Clock } from "../../../../shared/tick/clock.ts";
import { type DirectoryOptions, directoryOptions } from "../directory-options.ts";
import { MemoryCalls } from "./memory-calls.ts";
import { MemoryDirectory } from "./memory-directory.ts";
import { MemoryState } from "./memory-state.ts";

/**
 * A directory in this process: for tests, and for simulations of several nodes, which each have a handle of their own.
 *
 * @example
 * const hub = new MemoryHub(clock);
 * const [one, two] = [hub.connect(), hub.connect()];
 * const heal = one.cut("silent"); // two goes on
 */
export class MemoryHub {
  readonly options: DirectoryOptions;
  readonly #clock: Clock;
  #calls: MemoryCalls;
  #births = 0;
  #stopped = false;

  /** @param clock the directory's own: leases end by it, and epochs begin at it */
  constructor(clock: Clock, options: Partial<DirectoryOptions> = {}) {
    this.options = directoryOptions(options);
    this.#clock = clock;
    this.#calls = this.#born();
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /** A handle for one node, whose deadlines and polls go by that node's clock. */
  connect(clock: Clock = this.#clock): MemoryDirectory {
    return new MemoryDirectory(this, clock);
  }

  /** As a Redis that is down: every handle is refused until it starts. */
  stop(): void {
    this.#stopped = true;
  }

  /** @param memory `kept` as with persistence, or `lost` with all that it knew */
  start(memory: "kept" | "lost"): void {
    this.#stopped = false;
    if (memory === "lost") this.#calls = this.#born();
  }

  /** For handles: one call, whole. */
  perform<Result>(call: (calls: MemoryCalls) => Result): Result {
    return call(this.#calls);
  }

  #born(): MemoryCalls {
    this.#births += 1;
    return new MemoryCalls(new MemoryState(this.#clock, this.options, `${this.#births}`));
  }
}
