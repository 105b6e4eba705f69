import type { Clock } from "../shared/tick/clock.ts";

/** A WebSocket as the client needs it. Binary frames alone; after the connection closed every method does nothing. */
export interface ClientSocket {
  /** Only after `opened`. The bytes are not changed afterwards. */
  send(bytes: Uint8Array): void;
  /**
   * Begins the closing handshake; before `opened` it gives up. `reason` is at most 123 bytes of UTF-8.
   *
   * @throws for a code that is neither 1000 nor 3000–4999, as WebSockets do
   */
  close(code?: number, reason?: string): void;
  /** Bytes that were sent and have not left this process. */
  readonly bufferedBytes: number;
}

/** Told what happens on a socket, never from within a call to it. */
export interface SocketListener {
  /** The handshake is done: called once, before anything is received. */
  opened(): void;
  /** A binary frame. The listener may keep the bytes. */
  received(bytes: Uint8Array): void;
  /**
   * Called exactly once, also where the connection never opened. For code 1006 `reason` may name the cause,
   * which a browser does not tell.
   */
  closed(code: number, reason: string): void;
}

/** Opens a WebSocket to a `ws:` or `wss:` URL. May throw where the platform forbids the attempt itself. */
export type OpenSocket = (url: string, listener: SocketListener) => ClientSocket;

/** Puts something between the SDK and its sockets: see `LinkConditioner` of `tickcast/conditioner`. */
export interface SocketConditioner {
  /** The same way to open sockets, through what is between. */
  condition(openSocket: OpenSocket, clock: Clock): OpenSocket;
}
