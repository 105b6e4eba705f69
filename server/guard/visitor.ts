import type { Clock } from "../../shared/tick/clock.ts";
import type { LimitName, ServerLimits } from "../limits.ts";
import { BucketFlow, TokenBucket } from "./token-bucket.ts";

/** What a visitor's address allows. */
export interface VisitorAddress {
  /** Says that a limit was hit. */
  hit(limit: LimitName): void;
  mayJoin(): boolean;
  mayMakeRoom(): boolean;
  /** The greeting is over, in whatever way. */
  greeted(): void;
  gone(): void;
}

/** What one connection may send; the same for all of a server. */
export class VisitorFlows {
  readonly messages: BucketFlow;
  readonly bytes: BucketFlow;

  constructor({ messagesPerSecond, bytesPerSecond, burstSeconds }: ServerLimits) {
    this.messages = new BucketFlow(messagesPerSecond, Math.max(1, messagesPerSecond * burstSeconds));
    this.bytes = new BucketFlow(bytesPerSecond, bytesPerSecond * burstSeconds);
  }
}

/** One WebSocket connection, as limits see it. */
export class Visitor {
  readonly #address: VisitorAddress;
  readonly #clock: Clock;
  readonly #messages: TokenBucket;
  readonly #bytes: TokenBucket;
  #greeting = true;
  #here = true;

  constructor(address: VisitorAddress, clock: Clock, flows: VisitorFlows) {
    const now = clock.now();
    this.#address = address;
    this.#clock = clock;
    this.#messages = new TokenBucket(flows.messages, now);
    this.#bytes = new TokenBucket(flows.bytes, now);
  }

  /** Whether a message, ping or pong of so many bytes is within the rates; the limit that it hits, where not. */
  exceeded(bytes: number): LimitName | undefined {
    const now = this.#clock.now();
    if (!this.#messages.take(now)) return "messagesPerSecond";
    return this.#bytes.take(now, bytes) ? undefined : "bytesPerSecond";
  }

  hit(limit: LimitName): void {
    this.#address.hit(limit);
  }

  mayJoin(): boolean {
    return this.#address.mayJoin();
  }

  readonly mayMakeRoom = (): boolean => this.#address.mayMakeRoom();

  /** It greets no more. Calling it twice is harmless. */
  greeted(): void {
    if (!this.#greeting) return;
    this.#greeting = false;
    this.#address.greeted();
  }

  /** The connection has closed. Calling it twice is harmless. */
  gone(): void {
    this.greeted();
    if (!this.#here) return;
    this.#here = false;
    this.#address.gone();
  }
}
