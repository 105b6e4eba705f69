import type { Clock, MonotonicMs, Release } from "../../../../shared/tick/clock.ts";
import { type Answer, unavailable, value } from "../answer.ts";
import type { HealthState } from "../health.ts";
import type { ScriptClient, ScriptClientOptions } from "./script-client.ts";
import type { ScriptName } from "./scripts/all-scripts.ts";

type LinkState =
  | { readonly state: "connecting"; readonly client: ScriptClient }
  | { readonly state: "ready"; readonly client: ScriptClient }
  | { readonly state: "waiting"; readonly stop: Release }
  | { readonly state: "closed" };

export interface RedisLinkOptions {
  readonly url: string;
  readonly prefix: string;
  readonly deadlineMs: number;
}

/** Between two attempts to connect: short enough to be back soon, long enough to be no load. */
const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 1_000;

/**
 * Keeps one connection to Redis and asks over it. A question that is not answered in time ends the connection, so that
 * nothing piles up behind a Redis that stands still; whatever is asked without a connection is unavailable at once.
 */
export class RedisLink {
  readonly #makeClient: (options: ScriptClientOptions) => ScriptClient;
  readonly #clock: Clock;
  readonly #options: RedisLinkOptions;
  readonly #health: HealthState;
  /** What came of the first attempt to connect; others follow in either case. */
  readonly firstAttempt: Promise<Answer<undefined>>;
  #settleFirst: (answer: Answer<undefined>) => void = () => {};
  #state: LinkState;
  #retryMs = FIRST_RETRY_MS;
  #reason = "it is being connected to";

  constructor(
    makeClient: (options: ScriptClientOptions) => ScriptClient,
    clock: Clock,
    health: HealthState,
    options: RedisLinkOptions,
  ) {
    this.#makeClient = makeClient;
    this.#clock = clock;
    this.#health = health;
    this.#options = options;
    this.firstAttempt = new Promise((resolve) => {
      this.#settleFirst = resolve;
    });
    this.#state = this.#connect();
  }

  get now(): MonotonicMs {
    return this.#clock.now();
  }

  /** Settles within the deadline: with the reply's code and values, or with why there is none. */
  async ask(name: ScriptName, payload: object): Promise<Answer<readonly string[]>> {
    const at = this.#state;
    if (at.state !== "ready") return unavailable(this.#reason);
    const { prefix, deadlineMs } = this.#options;
    return new Promise((resolve) => {
      const release = this.#clock.after(deadlineMs, () => {
        const reason = `it has not answered within ${deadlineMs} ms`;
        resolve(unavailable(reason));
        this.#lost(at.client, reason);
      });
      at.client.run(name, prefix, JSON.stringify(payload)).then(
        (reply) => {
          release();
          resolve(value(reply));
        },
        (error: unknown) => {
          release();
          resolve(unavailable(reasonOf(error)));
        },
      );
    });
  }

  close(): void {
    const at = this.#state;
    this.#state = { state: "closed" };
    this.#reason = "this handle was closed";
    this.#health.set({ state: "closed" });
    if (at.state === "waiting") at.stop();
    else if (at.state !== "closed") at.client.destroy();
  }

  #connect(): LinkState {
    const { url, deadlineMs } = this.#options;
    const client = this.#makeClient({
      url,
      connectMs: deadlineMs,
      onLost: (reason) => this.#lost(client, reason),
    });
    // The package's own limit ends with the connection; what is asked before the first question is not in it.
    const release = this.#clock.after(2 * deadlineMs, () =>
      this.#lost(client, `no connection within ${2 * deadlineMs} ms`),
    );
    client.connect().then(
      () => {
        release();
        if (this.#state.state !== "connecting" || this.#state.client !== client) return;
        this.#state = { state: "ready", client };
        this.#retryMs = FIRST_RETRY_MS;
        this.#health.set({ state: "available" });
        this.#settleFirst(value(undefined));
      },
      (error: unknown) => {
        release();
        this.#lost(client, reasonOf(error));
      },
    );
    return { state: "connecting", client };
  }

  /** Told as often as anybody notices; the first one counts. */
  #lost(client: ScriptClient, reason: string): void {
    const at = this.#state;
    if ((at.state !== "ready" && at.state !== "connecting") || at.client !== client) return;
    const stop = this.#clock.after(this.#retryMs, () => {
      this.#state = this.#connect();
    });
    this.#retryMs = Math.min(2 * this.#retryMs, LONGEST_RETRY_MS);
    this.#state = { state: "waiting", stop };
    this.#reason = reason;
    client.destroy();
    this.#health.set({ state: "unavailable", since: this.#clock.now(), reason });
    this.#settleFirst(unavailable(reason));
  }
}

/** The message, with the addresses of an aggregate (as of a host with several) instead of nothing. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === "")
    return error.errors.map((each) => reasonOf(each)).join("; ");
  return error instanceof Error ? error.message : String(error);
}
