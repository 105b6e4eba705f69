import type { WebSocket } from "uWebSockets.js";
import { closeReasonBytes } from "../close-reason.ts";
import { GuardedListener } from "../guarded-listener.ts";
import type { Connection, HandshakeRequest, TransportHandlers } from "../transport.ts";

/** What hangs on every socket of uWebSockets.js. */
export interface UwsSocketData {
  readonly request: HandshakeRequest;
  /** Set as soon as the socket opens. */
  connection: UwsConnection | undefined;
}

/**
 * A socket that may be used at any time. One of uWebSockets.js throws once it is closed, calls back from inside
 * `end` and `close`, and must not be touched from inside `dropped`, which comes while it walks its own lists.
 */
export class UwsConnection implements Connection {
  readonly remoteAddress: string;
  /** What the socket has to say goes here. */
  readonly listener: GuardedListener;
  /** `undefined` from the moment of closing. */
  #socket: WebSocket<UwsSocketData> | undefined;

  constructor(socket: WebSocket<UwsSocketData>, remoteAddress: string, handlers: TransportHandlers) {
    this.#socket = socket;
    this.remoteAddress = remoteAddress;
    this.listener = new GuardedListener(handlers.failed.bind(handlers), setImmediate);
  }

  get open(): boolean {
    return this.#socket !== undefined;
  }

  send(frame: Uint8Array): void {
    // A dropped frame also comes as the `dropped` callback, so the result says nothing new.
    this.#socket?.send(frame, true);
  }

  subscribe(topic: string): void {
    this.#socket?.subscribe(topic);
  }

  unsubscribe(topic: string): void {
    this.#socket?.unsubscribe(topic);
  }

  bufferedBytes(): number {
    return this.#socket?.getBufferedAmount() ?? 0;
  }

  end(code: number, reason: string): void {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.end(code, closeReasonBytes(reason));
  }

  terminate(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
  }

  /** The socket is closed, by whomever. */
  closed(code: number, reason: string): void {
    this.#socket = undefined;
    this.listener.closed(code, reason);
  }
}
