import { WebSocket } from "ws";
import { closeCodes } from "../shared/protocol/close-codes.ts";
import type { ClientSocket, SocketListener } from "./socket.ts";

/** Opens a WebSocket of the `ws` package. Uncompressed: small frames many times a second gain nothing by it. */
export function openNodeSocket(url: string, listener: SocketListener): ClientSocket {
  return overWebSocket(new WebSocket(url, { perMessageDeflate: false }), listener);
}

/** What the SDK needs of a WebSocket that is just being opened. */
export function overWebSocket(socket: WebSocket, listener: SocketListener): ClientSocket {
  let failure = "";
  socket.on("open", () => listener.opened());
  // Always followed by `close`, which alone does not say why.
  socket.on("error", (error) => {
    failure = error.message;
  });
  socket.on("close", (code, reason) => listener.closed(code, reason.toString() || failure));
  socket.on("message", (data, isBinary) => {
    // With the default `binaryType` a message is one Buffer.
    if (isBinary) listener.received(data as Buffer);
    else socket.close(closeCodes["bad-frame"].code, "a text frame");
  });
  return new NodeSocket(socket);
}

class NodeSocket implements ClientSocket {
  readonly #socket: WebSocket;

  constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  send(bytes: Uint8Array): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(bytes);
  }

  close(code?: number, reason?: string): void {
    this.#socket.close(code, reason);
  }
}
