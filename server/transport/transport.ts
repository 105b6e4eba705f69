import type { Release } from "../../shared/tick/clock.ts";

/** What is known of a peer when it asks for a WebSocket. Plain data: it stays valid for ever. */
export interface HandshakeRequest {
  /** Decoded path without query, as in `/arena/k3v9`. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The page's origin; absent for peers that are no browser. */
  readonly origin: string | undefined;
  readonly remoteAddress: string;
  readonly userAgent: string | undefined;
}

/** A refused handshake is an HTTP answer; a browser shows its script no more than close code 1006. */
export type HandshakeVerdict =
  | { readonly verdict: "accept" }
  | {
      readonly verdict: "refuse";
      readonly status: number;
      readonly reason: string;
      /** Sent as `Retry-After`, for a status such as 503. */
      readonly retryAfterSeconds?: number;
    };

/**
 * One WebSocket, as the core sees it. Every method is safe at any time: after the connection closed they do
 * nothing. Frames are binary; a frame's bytes may be reused once the call returned.
 */
export interface Connection {
  readonly remoteAddress: string;
  readonly open: boolean;
  /** Queues a frame for this peer alone. Order with `publish` is the order of the calls. */
  send(frame: Uint8Array): void;
  /** From the next `publish` on, frames of that topic arrive here. */
  subscribe(topic: string): void;
  /** Frames published to the topic before this call still arrive. */
  unsubscribe(topic: string): void;
  /** Bytes that wait in this process. The kernel's buffers are not seen: up to some megabytes a peer. */
  bufferedBytes(): number;
  /** Sends a close frame after everything queued, then closes. `reason` is at most 123 bytes of UTF-8. */
  end(code: number, reason: string): void;
  /** Cuts the connection at once, without a close frame. */
  terminate(): void;
}

/** Told what happens on one connection. Nothing is called after `closed`. */
export interface ConnectionListener {
  /** A binary message. The bytes are only valid during the call: copy what is kept. */
  message(bytes: Uint8Array): void;
  /** The peer sent a text message; its content is not handed over. */
  text(): void;
  /** The peer sent a ping or pong; the transport answers pings by itself. */
  control(bytes: number): void;
  /** Everything that was buffered in this process has gone to the kernel. */
  drained(): void;
  /** At least one frame for this peer was dropped: it no longer has every frame of its topics. */
  dropped(): void;
  /** Called exactly once, also after `end` and `terminate`. */
  closed(code: number, reason: string): void;
}

/** What the transport asks the server. An exception in any of these is reported to `failed`, never thrown on. */
export interface TransportHandlers {
  /** Asked for every new connection of a network, before a byte is read; false cuts it. */
  connecting(remoteAddress: string): boolean;
  handshake(request: HandshakeRequest): HandshakeVerdict;
  open(connection: Connection, request: HandshakeRequest): ConnectionListener;
  http(request: Request, remoteAddress: string): Response | Promise<Response>;
  failed(error: unknown, where: string): void;
  /** A limit of the transport's own was hit, and the peer told so. */
  limited(limit: "maxMessageBytes" | "maxBodyBytes", remoteAddress: string): void;
}

export interface ListenOptions {
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
}

export interface Listening {
  readonly host: string;
  readonly port: number;
}

/** Limits of one transport; every implementation enforces them before the core sees a byte. */
export interface TransportLimits {
  /** A larger WebSocket message is answered with close code 1009. */
  readonly maxMessageBytes: number;
  /** A larger HTTP request body is answered with 413. */
  readonly maxBodyBytes: number;
  /** Beyond this many buffered bytes frames are dropped, and `dropped` says so. */
  readonly maxBufferedBytes: number;
  /** A peer that answers no ping for this long is closed. uWebSockets takes 8 to 960, in steps of 4. */
  readonly idleTimeoutSeconds: number;
}

/** Carries frames between the server and its peers. One contract suite holds every implementation to this. */
export interface Transport {
  /** Starts to accept peers. Rejects with a {@link ListenError} where the address is taken or not ours. */
  listen(options: ListenOptions, handlers: TransportHandlers): Promise<Listening>;
  /** One frame to every subscriber of the topic: encoded once, fanned out by the transport. */
  publish(topic: string, frame: Uint8Array): void;
  /** Calls back once, when everything queued by now was handed to the kernel. */
  afterFlush(callback: () => void): Release;
  /** Stops accepting; open connections stay. */
  stopListening(): void;
  /** Stops accepting, cuts what is still open, frees the port. */
  close(): void;
}

/** The address could not be listened on; `message` is a sentence that says what to do. */
export class ListenError extends Error {
  override readonly name = "ListenError";
}
