import type { Clock } from "../../../shared/tick/clock.ts";
import { closeReasonBytes } from "../close-reason.ts";
import { GuardedListener } from "../guarded-listener.ts";
import type { Connection, TransportHandlers, TransportLimits } from "../transport.ts";
import { frameCopy } from "./frame-copy.ts";
import type { ToPeer, ToServer } from "./memory-peer.ts";
import type { Pipe } from "./pipe.ts";
import type { Topics } from "./topics.ts";

/** What a connection needs of the transport that it belongs to. */
export interface MemoryConnectionContext {
  readonly clock: Clock;
  readonly limits: TransportLimits;
  readonly handlers: TransportHandlers;
  readonly topics: Topics<MemoryConnection>;
}

/** The server's end of a connection in memory. */
export class MemoryConnection implements Connection {
  readonly remoteAddress: string;
  readonly #context: MemoryConnectionContext;
  readonly #toPeer: Pipe<ToPeer>;
  /** What happens here is told to it. */
  readonly listener: GuardedListener;
  #open = true;

  constructor(context: MemoryConnectionContext, toPeer: Pipe<ToPeer>, remoteAddress: string) {
    this.#context = context;
    this.#toPeer = toPeer;
    this.remoteAddress = remoteAddress;
    const { clock, handlers } = context;
    this.listener = new GuardedListener(handlers.failed.bind(handlers), (task) => void clock.soon(task));
  }

  get open(): boolean {
    return this.#open;
  }

  send(frame: Uint8Array): void {
    this.enqueue(frameCopy(frame));
  }

  /** As `send`, for bytes that nobody changes any more: one copy serves all subscribers of a topic. */
  enqueue(bytes: Uint8Array): void {
    if (!this.#open) return;
    if (this.#isOverLimit()) this.listener.dropped();
    else this.#toPeer.push({ what: "frame", bytes }, bytes.length);
  }

  subscribe(topic: string): void {
    if (this.#open) this.#context.topics.add(topic, this);
  }

  unsubscribe(topic: string): void {
    this.#context.topics.remove(topic, this);
  }

  bufferedBytes(): number {
    return this.#open ? this.#toPeer.waitingBytes : 0;
  }

  end(code: number, reason: string): void {
    if (!this.#open) return;
    const sent = new TextDecoder().decode(closeReasonBytes(reason));
    // A close frame counts as a frame: over the limit it is lost, and the peer sees a broken connection.
    if (this.#isOverLimit()) this.#toPeer.push({ what: "closed", code: 1006, reason: "" }, 0);
    else this.#toPeer.push({ what: "closed", code, reason: sent }, 0);
    this.#close(code, sent);
  }

  terminate(): void {
    if (!this.#open) return;
    this.#toPeer.discard();
    this.#toPeer.push({ what: "closed", code: 1006, reason: "" }, 0);
    this.#close(1006, "");
  }

  /** Something came from the peer. */
  arrived(item: ToServer): void {
    if (!this.#open) return;
    if (item.what === "closed") {
      // The closing handshake: the peer's own code comes back to it, behind everything queued.
      this.#toPeer.push(item, 0);
      this.#close(item.code, item.reason);
      return;
    }
    const { maxMessageBytes } = this.#context.limits;
    const size = item.what === "text" ? item.bytes : item.bytes.length;
    if (size > maxMessageBytes) {
      this.end(1009, `a message may have ${maxMessageBytes} bytes`);
      this.#context.handlers.limited("maxMessageBytes", this.remoteAddress);
    } else if (item.what === "text") this.listener.text();
    else {
      this.listener.message(item.bytes);
      // Whoever kept the bytes without copying them shall notice, as with uWebSockets.js.
      item.bytes.fill(0xff);
    }
  }

  #isOverLimit(): boolean {
    return this.#toPeer.waitingBytes > this.#context.limits.maxBufferedBytes;
  }

  #close(code: number, reason: string): void {
    this.#open = false;
    this.#context.topics.removeEverywhere(this);
    this.listener.closed(code, reason);
  }
}
