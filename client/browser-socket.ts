import { closeCodes } from "../shared/protocol/close-codes.ts";
import type { ClientSocket, SocketListener } from "./socket.ts";

/** Opens the platform's own `WebSocket`: browsers, workers, Deno, Bun. */
export function openBrowserSocket(url: string, listener: SocketListener): ClientSocket {
  const socket = new WebSocket(url);
  socket.binaryType = "arraybuffer";
  socket.onopen = () => listener.opened();
  socket.onclose = ({ code, reason }) => listener.closed(code, reason);
  socket.onmessage = ({ data }) => {
    if (data instanceof ArrayBuffer) listener.received(new Uint8Array(data));
    else socket.close(closeCodes["bad-frame"].code, "a text frame");
  };
  return {
    // A view of a SharedArrayBuffer is the one thing that the type excludes and our encoder never makes.
    send: (bytes) => socket.send(bytes as Uint8Array<ArrayBuffer>),
    close: (code, reason) => socket.close(code, reason),
    get bufferedBytes() {
      return socket.bufferedAmount;
    },
  };
}
