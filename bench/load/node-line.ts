import { WebSocket } from "ws";
import { overWebSocket } from "../../client/node-socket.ts";
import type { OpenSocket } from "../../client/socket.ts";

/** The SDK's connections of one client over real sockets, with hands on what goes wrong with them. */
export class NodeLine {
  #socket: WebSocket | undefined;

  /** As the SDK opens sockets on Node; the newest is the one that is meant. */
  readonly open: OpenSocket = (url, listener) => {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    this.#socket = socket;
    return overWebSocket(socket, listener);
  };

  /** Reads nothing more: what arrives waits in the kernel, and then at the server. */
  stopReading(): void {
    this.#socket?.pause();
  }

  readAgain(): void {
    this.#socket?.resume();
  }

  /** Destroys the TCP socket, without a close frame. */
  cut(): void {
    this.#socket?.terminate();
  }
}
