import { isClientCode } from "../../../shared/protocol/close-codes.ts";

/** A simulated client's callbacks: what the network tells it. Each comes in a task of its own. */
export interface MemoryPeer {
  opened(): void;
  received(bytes: Uint8Array): void;
  /** The HTTP status of a refused handshake; browsers do not tell it. `closed` follows. */
  refused?(status: number, reason: string): void;
  /** Called exactly once, also where the connection never opened; then the code is 1006. */
  closed(code: number, reason: string): void;
}

/** A simulated client's end of a connection. After the connection closed every method does nothing. */
export interface MemorySocket {
  /** Throws before `opened`, as in a browser. */
  send(bytes: Uint8Array): void;
  sendText(text: string): void;
  /** Without a code the server sees 1005. Throws for one that a client cannot say, as in a browser. */
  close(code?: number, reason?: string): void;
  /** The network is gone: no close frame, both ends see 1006. */
  cut(): void;
  /** From here on frames wait in the server's process, where they count as `bufferedBytes`. */
  pauseReading(): void;
  resumeReading(): void;
}

export interface MemoryPeerOptions {
  readonly origin?: string;
  readonly remoteAddress?: string;
  readonly userAgent?: string;
}

export const defaultRemoteAddress = "127.0.0.1";

/** What travels from the server to a peer. */
export type ToPeer =
  | { readonly what: "opened" }
  | { readonly what: "refused"; readonly status: number; readonly reason: string }
  | { readonly what: "frame"; readonly bytes: Uint8Array }
  | { readonly what: "closed"; readonly code: number; readonly reason: string };

/** What travels from a peer to the server. */
export type ToServer =
  | { readonly what: "binary"; readonly bytes: Uint8Array }
  | { readonly what: "text"; readonly bytes: number }
  | { readonly what: "closed"; readonly code: number; readonly reason: string };

/** @throws RangeError for a code that no WebSocket lets a client close with */
export function assertClientCode(code: number | undefined): void {
  if (code !== undefined && !isClientCode(code))
    throw new RangeError(`a client cannot close with ${code}: only with 1000, 3000 to 4999, or no code`);
}
