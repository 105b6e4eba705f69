import type { Clock, MonotonicMs, Release } from "../../shared/tick/clock.ts";

/** How a process ended: by an exit code, or by a signal. */
export interface WorkerExit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** A process that serves. */
export interface WorkerProcess {
  signal(name: PoolSignal): void;
}

export type PoolSignal = "SIGTERM" | "SIGINT";

export interface WorkerListener {
  /** It serves players. */
  serving(): void;
  /** Once. */
  ended(exit: WorkerExit): void;
}

export interface WorkerPoolParts {
  readonly workers: number;
  readonly clock: Clock;
  readonly start: (index: number, listener: WorkerListener) => WorkerProcess;
  readonly say: (line: string) => void;
  /** All have ended; called once, with the exit code of the whole. */
  readonly ended: (code: number) => void;
}

/** A worker that ended is started anew, unless that happened so often within so long: it would not serve anybody. */
export const MOST_RESTARTS = 5;
export const RESTARTS_WITHIN_MS = 60_000;

/** Before the second restart; the first is at once. It doubles. */
const FIRST_PAUSE_MS = 250;

type WorkerState =
  | { readonly state: "starting"; readonly process: WorkerProcess }
  | { readonly state: "serving"; readonly process: WorkerProcess }
  | { readonly state: "waiting"; readonly stop: Release }
  | { readonly state: "ended" };

interface Worker {
  readonly index: number;
  now: WorkerState;
  /** Whether it ever served: one that never did has a reason that does not go away. */
  hasServed: boolean;
  /** When it was started anew, the latest last. */
  restarts: MonotonicMs[];
}

/**
 * Keeps so many processes running: starts those anew that end, within bounds, and ends with all of them. It runs no game's
 * code and knows no process.
 */
export class WorkerPool {
  readonly #parts: WorkerPoolParts;
  readonly #workers: readonly Worker[];
  #stopping = false;
  #code = 0;

  constructor(parts: WorkerPoolParts) {
    this.#parts = parts;
    this.#workers = Array.from({ length: parts.workers }, (_, index) => ({
      index,
      now: { state: "ended" },
      hasServed: false,
      restarts: [],
    }));
    for (const worker of this.#workers) this.#start(worker);
  }

  get serving(): number {
    return this.#workers.filter(({ now }) => now.state === "serving").length;
  }

  /** Each worker gets the signal: the first drains, where there is a time for it, another stops at once. */
  signal(name: PoolSignal): void {
    this.#stopping = true;
    for (const worker of this.#workers) {
      const { now } = worker;
      if (now.state === "starting" || now.state === "serving") now.process.signal(name);
      else if (now.state === "waiting") {
        now.stop();
        worker.now = { state: "ended" };
      }
    }
    this.#endIfAllHave();
  }

  #start(worker: Worker): void {
    const process = this.#parts.start(worker.index, {
      serving: () => {
        if (worker.now.state !== "starting") return;
        worker.now = { state: "serving", process };
        worker.hasServed = true;
      },
      ended: (exit) => this.#ended(worker, exit),
    });
    worker.now = { state: "starting", process };
  }

  #ended(worker: Worker, exit: WorkerExit): void {
    worker.now = { state: "ended" };
    if (this.#stopping) {
      if (exit.code !== 0) this.#code ||= exit.code ?? 1;
      this.#endIfAllHave();
      return;
    }
    const { clock, say } = this.#parts;
    const how = exit.code === null ? `by ${exit.signal}` : `with exit code ${exit.code}`;
    const name = `worker ${worker.index}`;
    const now = clock.now();
    worker.restarts = worker.restarts.filter((at) => now - at < RESTARTS_WITHIN_MS);
    const often = `for the ${MOST_RESTARTS + 1}th time within ${RESTARTS_WITHIN_MS / 1000} s`;
    const hopeless = !worker.hasServed
      ? "before it served: nothing is served"
      : worker.restarts.length >= MOST_RESTARTS
        ? `${often}: all workers are stopped`
        : undefined;
    if (hopeless !== undefined) {
      this.#giveUp(`${name} ended ${how}, ${hopeless}. Its log says why.`, exit);
      return;
    }
    const pauseMs = worker.restarts.length === 0 ? 0 : FIRST_PAUSE_MS * 2 ** (worker.restarts.length - 1);
    worker.restarts.push(now);
    say(`${name} ended ${how}: it is started anew`);
    worker.now = { state: "waiting", stop: clock.after(pauseMs, () => this.#start(worker)) };
  }

  #giveUp(sentence: string, { code }: WorkerExit): void {
    this.#code = code === null || code === 0 ? 1 : code;
    this.#parts.say(sentence);
    this.signal("SIGTERM");
  }

  #endIfAllHave(): void {
    if (this.#workers.every(({ now }) => now.state === "ended")) this.#parts.ended(this.#code);
  }
}
