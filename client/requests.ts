import { type ReplyPart, ReplyStatus } from "../shared/protocol/frames.ts";
import type { Clock, Release } from "../shared/tick/clock.ts";
import type { RequestResult } from "./client-room.ts";

interface Waiting {
  /** The errors that the request declares, in order. */
  readonly errors: readonly string[];
  readonly settle: (result: RequestResult<unknown, string>) => void;
  readonly stopTimer: Release;
}

/** Requests that wait for their reply. Each ends: by a reply, its timeout, or the end of the connection. */
export class Requests {
  readonly #clock: Clock;
  readonly #waiting = new Map<number, Waiting>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What the request of that sequence comes to. Never rejects. */
  open(
    sequence: number,
    errors: readonly string[],
    timeoutMs: number,
  ): Promise<RequestResult<unknown, string>> {
    return new Promise((settle) => {
      const stopTimer = this.#clock.after(timeoutMs, () =>
        this.#settle(sequence, { ok: false, error: "timeout" }),
      );
      this.#waiting.set(sequence, { errors, settle, stopTimer });
    });
  }

  /** A reply to a request that timed out finds nobody. */
  reply([sequence, status, value]: ReplyPart): void {
    const waiting = this.#waiting.get(sequence);
    if (waiting !== undefined) this.#settle(sequence, toResult(waiting.errors, status, value));
  }

  /** Nobody will answer those after `from`, up to and with `upTo`. */
  end(error: "closed" | "lost", from = 0, upTo = Number.POSITIVE_INFINITY): void {
    for (const sequence of this.#waiting.keys())
      if (sequence > from && sequence <= upTo) this.#settle(sequence, { ok: false, error });
  }

  #settle(sequence: number, result: RequestResult<unknown, string>): void {
    const waiting = this.#waiting.get(sequence);
    if (waiting === undefined) return;
    this.#waiting.delete(sequence);
    waiting.stopTimer();
    waiting.settle(result);
  }
}

function toResult(errors: readonly string[], status: number, value: unknown): RequestResult<unknown, string> {
  switch (status) {
    case ReplyStatus.ok:
      return { ok: true, value };
    case ReplyStatus.declared:
      return { ok: false, error: errors[value as number] ?? "internal" };
    case ReplyStatus.invalid:
      return { ok: false, error: "invalid" };
    default:
      return { ok: false, error: "internal" };
  }
}
