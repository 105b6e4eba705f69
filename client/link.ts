import { encode } from "../shared/protocol/codec.ts";
import type { AnyClientFrame } from "../shared/protocol/frames.ts";
import type { ClientSocket } from "./socket.ts";

/** The sending side of a connection, and what went through it both ways. */
export class Link {
  #socket: ClientSocket | undefined;
  framesReceived = 0;
  bytesReceived = 0;
  messagesSent = 0;
  bytesSent = 0;

  /** From here on frames go to this socket, which is open. */
  openTo(socket: ClientSocket): void {
    this.#socket = socket;
  }

  /** Nothing is sent any more: the connection ended, or the player said goodbye. */
  mute(): void {
    this.#socket = undefined;
  }

  get bufferedBytes(): number {
    return this.#socket?.bufferedBytes ?? 0;
  }

  send(frame: AnyClientFrame): void {
    if (this.#socket !== undefined) this.sendBytes(encode(frame));
  }

  sendBytes(bytes: Uint8Array): void {
    if (this.#socket === undefined) return;
    this.messagesSent += 1;
    this.bytesSent += bytes.length;
    this.#socket.send(bytes);
  }

  received(bytes: Uint8Array): void {
    this.framesReceived += 1;
    this.bytesReceived += bytes.length;
  }
}
