import type { ClientSocket, OpenSocket, SocketListener } from "../../client/socket.ts";
import { assertClientCode } from "../../server/transport/memory/memory-peer.ts";
import { decodeTrusted, encode } from "../../shared/protocol/codec.ts";
import { type AnyServerFrame, ClientFrame } from "../../shared/protocol/frames.ts";

/** A frame of a client, decoded. */
export type SentFrame = readonly [type: number, ...parts: unknown[]];

/**
 * The server's end of one client, played by a test line by line: what the client sends is written down, what
 * it receives is what the test sends, at once and in the order of the calls.
 */
export class ScriptedServer {
  readonly sent: SentFrame[] = [];
  /** How the client closed its socket, if it did. */
  closedBy: { readonly code: number | undefined; readonly reason: string | undefined } | undefined;
  url: string | undefined;
  bufferedBytes = 0;
  #listener: SocketListener | undefined;

  readonly openSocket: OpenSocket = (url, listener): ClientSocket => {
    this.url = url;
    this.#listener = listener;
    const server = this;
    return {
      send: (bytes) => void this.sent.push(decodeTrusted(bytes) as SentFrame),
      close: (code, reason) => {
        assertClientCode(code);
        this.closedBy = { code, reason };
      },
      get bufferedBytes() {
        return server.bufferedBytes;
      },
    };
  };

  accept(): void {
    this.#client().opened();
  }

  /** A frame of the protocol, or any other value that is to arrive as one. */
  send(frame: AnyServerFrame | readonly unknown[]): void {
    this.sendBytes(encode(frame));
  }

  sendBytes(bytes: Uint8Array): void {
    this.#client().received(bytes);
  }

  close(code: number, reason = ""): void {
    this.#client().closed(code, reason);
  }

  /** What the client sent of one type, and forgets it: each call tells the news. */
  take(type: keyof typeof ClientFrame): SentFrame[] {
    const taken = this.sent.filter((frame) => frame[0] === ClientFrame[type]);
    for (const frame of taken) this.sent.splice(this.sent.indexOf(frame), 1);
    return taken;
  }

  #client(): SocketListener {
    if (this.#listener === undefined) throw new Error("no client has called yet");
    return this.#listener;
  }
}
