import type { Clock } from "../../../shared/tick/clock.ts";
import { askForVerdict } from "../handshake-verdict.ts";
import { readRequestTarget } from "../request-target.ts";
import type { HandshakeRequest } from "../transport.ts";
import { frameCopy } from "./frame-copy.ts";
import { MemoryConnection, type MemoryConnectionContext } from "./memory-connection.ts";
import {
  assertClientCode,
  defaultRemoteAddress,
  type MemoryPeer,
  type MemoryPeerOptions,
  type MemorySocket,
  type ToPeer,
  type ToServer,
} from "./memory-peer.ts";
import { Pipe } from "./pipe.ts";

/** A connection in memory: the peer's end, the two directions, and the server's end once it was accepted. */
export class MemoryLink implements MemorySocket {
  readonly #peer: MemoryPeer;
  readonly #toPeer: Pipe<ToPeer>;
  readonly #toServer: Pipe<ToServer>;
  readonly #gone: (link: MemoryLink) => void;
  #state: "connecting" | "open" | "closing" | "closed" = "connecting";
  #connection: MemoryConnection | undefined;

  constructor(clock: Clock, peer: MemoryPeer, gone: (link: MemoryLink) => void) {
    this.#peer = peer;
    this.#gone = gone;
    this.#toPeer = new Pipe(clock, {
      arrived: (item) => this.#arrivedAtPeer(item),
      drained: () => this.#connection?.listener.drained(),
    });
    this.#toServer = new Pipe(clock, {
      arrived: (item) => this.#connection?.arrived(item),
      drained: () => {},
    });
  }

  /** The server's side of the handshake. */
  shakeHands(context: MemoryConnectionContext, url: string, options: MemoryPeerOptions): void {
    if (this.#state !== "connecting") return;
    const request = toHandshakeRequest(url, options);
    if (request === undefined) {
      this.refuse(400, "Malformed path");
      return;
    }
    const verdict = askForVerdict(context.handlers, request);
    if (verdict.verdict === "refuse") {
      this.refuse(verdict.status, verdict.reason);
      return;
    }
    this.#toPeer.push({ what: "opened" }, 0);
    const connection = new MemoryConnection(context, this.#toPeer, request.remoteAddress);
    this.#connection = connection;
    try {
      connection.listener.forwardTo(context.handlers.open(connection, request));
    } catch (error) {
      context.handlers.failed(error, "open");
      connection.end(1011, "internal error");
    }
  }

  refuse(status: number, reason: string): void {
    this.#toPeer.push({ what: "refused", status, reason }, 0);
    this.unreachable();
  }

  /** Nobody answers at this address. */
  unreachable(): void {
    this.#toPeer.push({ what: "closed", code: 1006, reason: "" }, 0);
  }

  /** The server's process is going away. */
  terminate(): void {
    this.#connection?.terminate();
  }

  send(bytes: Uint8Array): void {
    this.#sendToServer({ what: "binary", bytes: frameCopy(bytes) });
  }

  sendText(text: string): void {
    this.#sendToServer({ what: "text", bytes: new TextEncoder().encode(text).length });
  }

  close(code?: number, reason = ""): void {
    assertClientCode(code);
    if (this.#state === "connecting") this.cut();
    if (this.#state !== "open") return;
    this.#state = "closing";
    this.#toServer.push({ what: "closed", code: code ?? 1005, reason }, 0);
  }

  cut(): void {
    if (this.#state === "closed") return;
    this.#state = "closing";
    this.#toServer.push({ what: "closed", code: 1006, reason: "" }, 0);
    // Nobody is left to read: what was queued is lost, and the news of it comes to the peer at once.
    this.#toPeer.discard();
    this.#toPeer.resume();
    this.#toPeer.push({ what: "closed", code: 1006, reason: "" }, 0);
  }

  pauseReading(): void {
    this.#toPeer.pause();
  }

  resumeReading(): void {
    this.#toPeer.resume();
  }

  #sendToServer(item: ToServer): void {
    if (this.#state === "connecting") throw new Error("the connection is not open yet");
    if (this.#state === "open") this.#toServer.push(item, 0);
  }

  #arrivedAtPeer(item: ToPeer): void {
    // A second close, as where both ends close at once, finds nobody.
    if (this.#state === "closed") return;
    switch (item.what) {
      case "opened":
        if (this.#state === "connecting") this.#state = "open";
        this.#peer.opened();
        return;
      case "refused":
        this.#peer.refused?.(item.status, item.reason);
        return;
      case "frame":
        this.#peer.received(frameCopy(item.bytes));
        return;
      case "closed":
        this.#state = "closed";
        this.#gone(this);
        this.#peer.closed(item.code, item.reason);
        return;
    }
  }
}

function toHandshakeRequest(url: string, options: MemoryPeerOptions): HandshakeRequest | undefined {
  const [path = "", query = ""] = url.split("?", 2);
  const target = readRequestTarget(path, query);
  if (target === undefined) return undefined;
  return {
    ...target,
    origin: options.origin,
    remoteAddress: options.remoteAddress ?? defaultRemoteAddress,
    userAgent: options.userAgent,
  };
}
