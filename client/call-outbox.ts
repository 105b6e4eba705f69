import { encode } from "../shared/protocol/codec.ts";
import type { MessageFrame, RequestFrame } from "../shared/protocol/frames.ts";
import type { Clock } from "../shared/tick/clock.ts";
import type { Link } from "./link.ts";

/** Calls that the server has not processed yet, at most; beyond them a call is refused, which is told. */
const MAX_UNPROCESSED = 1_024;

/** So many go out in a period: the server lets 64 wait for a tick, and two periods can meet in one. */
const CALLS_A_PERIOD = 24;

/**
 * Messages and requests until the server has processed them. They are numbered for the life of a seat, so one
 * who comes back on another connection sends what did not arrive again, and nothing is heard twice.
 */
export class CallOutbox {
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #periodMs: number;
  /** In order, encoded when they were made: the author may go on to change a payload. */
  #unprocessed: { readonly sequence: number; readonly bytes: Uint8Array }[] = [];
  /** How many of them went out on this connection. */
  #sent = 0;
  #sequence = 0;
  /** The last that the server said it had processed. */
  #processed = 0;
  /** Spans of numbers, without their first, that were undone; none of them acts ever again. They do not overlap. */
  #undone: (readonly [from: number, to: number])[] = [];
  #online = true;
  #budget = CALLS_A_PERIOD;
  #budgetAt = Number.NEGATIVE_INFINITY;

  constructor(link: Link, clock: Clock, periodMs: number) {
    this.#link = link;
    this.#clock = clock;
    this.#periodMs = periodMs;
  }

  /** Whether everything went out on this connection. */
  get isEmpty(): boolean {
    return this.#sent === this.#unprocessed.length;
  }

  /**
   * Takes a call, and sends it if it may go at once. Its sequence, or `undefined` where there are too many.
   *
   * @param index of the message or request in the game's definition
   */
  push(type: (MessageFrame | RequestFrame)[0], index: number, payload: unknown): number | undefined {
    if (this.#unprocessed.length >= MAX_UNPROCESSED) return undefined;
    this.#sequence += 1;
    // Nothing is left out: MessagePack cannot tell it from null.
    const frame = [type, this.#sequence, index, ...(payload === undefined ? [] : [payload])];
    // The encoder goes on in the same block of memory, and these bytes may wait for long.
    const bytes = encode(frame).slice();
    this.#unprocessed.push({ sequence: this.#sequence, bytes });
    this.flush();
    return this.#sequence;
  }

  /** Sends what waits, within what a period may send. */
  flush(): void {
    if (!this.#online) return;
    const now = this.#clock.now();
    // By the clock, since after a stall of the line many ticks close at once.
    if (now - this.#budgetAt >= this.#periodMs) {
      this.#budget = CALLS_A_PERIOD;
      this.#budgetAt = now;
    }
    for (; this.#budget > 0 && this.#sent < this.#unprocessed.length; this.#budget--)
      this.#link.sendBytes((this.#unprocessed[this.#sent++] as { bytes: Uint8Array }).bytes);
  }

  /** The server has processed everything up to that number. */
  processed(sequence: number): void {
    this.#processed = Math.max(this.#processed, sequence);
    const rest = this.#unprocessed.filter((call) => call.sequence > sequence);
    this.#sent = Math.max(0, this.#sent - this.#unprocessed.length + rest.length);
    this.#unprocessed = rest;
  }

  disconnected(): void {
    this.#online = false;
  }

  /**
   * The room was restored as it was when `lastProcessed` had been processed. What was processed after it, up to `upTo` as
   * far as that is known here, is undone and not there to be sent again: `count` calls, without those that were undone
   * before already.
   */
  undone(lastProcessed: number): { readonly count: number; readonly upTo: number } {
    const upTo = Math.max(this.#processed, lastProcessed);
    let count = upTo - lastProcessed;
    let end = upTo;
    for (const [from, to] of this.#undone) {
      count -= Math.max(0, Math.min(to, upTo) - Math.max(from, lastProcessed));
      end = Math.max(end, to);
    }
    const before = this.#undone.filter(([from]) => from < lastProcessed);
    const apart = before.map(([from, to]) => [from, Math.min(to, lastProcessed)] as const);
    this.#undone = [...apart, [lastProcessed, end]];
    this.#processed = Math.min(this.#processed, lastProcessed);
    return { count, upTo };
  }

  /** On a new connection; what arrived on the old one is not sent again. */
  reconnected(lastArrived: number): void {
    this.#online = true;
    this.processed(lastArrived);
    this.#sent = 0;
    this.flush();
  }
}
