import type { ClientSocket, SocketListener } from "../../client/socket.ts";
import { assertClientCode, type MemorySocket } from "../../server/transport/memory/memory-peer.ts";
import type { MemoryTransport } from "../../server/transport/memory/memory-transport.ts";
import { DuplexLink } from "../../shared/link/duplex-link.ts";
import type { LinkParts } from "../../shared/link/link-model.ts";
import { standardCloseCodes } from "../../shared/protocol/close-codes.ts";
import type { MonotonicMs } from "../../shared/tick/clock.ts";

type Upwards =
  | { readonly what: "frame"; readonly bytes: Uint8Array }
  | { readonly what: "close"; readonly code: number | undefined; readonly reason: string | undefined };

type Downwards =
  | { readonly what: "opened" }
  | { readonly what: "frame"; readonly bytes: Uint8Array }
  | { readonly what: "closed"; readonly code: number; readonly reason: string };

/** Bytes that the buffers of two kernels would hold; beyond them frames wait in the server. */
const WINDOW_BYTES = 512;
/** What a frame costs beside its payload. */
const HEADER_BYTES = 6;

/** A client's socket to a server in memory, through a link with faults. */
export class SimulatedLine implements ClientSocket {
  readonly bufferedBytes = 0;
  readonly link: DuplexLink<Upwards, Downwards>;
  readonly #parts: LinkParts;
  readonly #listener: SocketListener;
  readonly #socket: MemorySocket;
  /** The client was told of the end. */
  #ended = false;
  #heardAt: MonotonicMs;

  /** @param heard told of every frame that reaches the client, before the client is */
  constructor(
    parts: LinkParts,
    transport: MemoryTransport,
    path: string,
    listener: SocketListener,
    heard: (bytes: Uint8Array) => void,
  ) {
    this.#parts = parts;
    this.#listener = listener;
    this.#heardAt = parts.clock.now();
    this.link = new DuplexLink<Upwards, Downwards>(parts, {
      up: (item) => this.#arrivedAtServer(item),
      down: (item) => {
        if (item.what === "frame") {
          this.#heardAt = parts.clock.now();
          heard(item.bytes);
        }
        this.#arrivedAtClient(item);
      },
      cut: () => this.#broken(),
    });
    this.#socket = transport.connect(path, {
      opened: () => this.#down({ what: "opened" }, 0),
      received: (bytes) => this.#down({ what: "frame", bytes }, bytes.length),
      closed: (code, reason) => this.#down({ what: "closed", code, reason }, reason.length),
    });
  }

  /** For how long no frame has reached the client, in milliseconds. */
  get silentMs(): number {
    return this.#parts.clock.now() - this.#heardAt;
  }

  /** Both ends know, or can know, that it is over. */
  get ended(): boolean {
    return this.#ended;
  }

  /** The client's end breaks at once; the server learns of it so much later. */
  cutAtClient(laterMs: number): void {
    if (this.#ended) return;
    this.link.halfOpen("both");
    this.#parts.clock.soon(() => this.#end(standardCloseCodes.abnormal.code, ""));
    this.#parts.clock.after(laterMs, () => this.link.cut());
  }

  /** The server's end breaks. The client learns of it where the way down is whole. */
  cutAtServer(): void {
    this.#socket.cut();
  }

  send(bytes: Uint8Array): void {
    if (!this.#ended) this.link.up.push({ what: "frame", bytes }, bytes.length + HEADER_BYTES);
  }

  close(code?: number, reason?: string): void {
    assertClientCode(code);
    if (!this.#ended) this.link.up.push({ what: "close", code, reason }, HEADER_BYTES);
  }

  #down(item: Downwards, bytes: number): void {
    this.link.down.push(item, bytes + HEADER_BYTES);
    if (this.link.down.bytesInFlight > WINDOW_BYTES) this.#socket.pauseReading();
  }

  #arrivedAtServer(item: Upwards): void {
    if (item.what === "frame") this.#socket.send(item.bytes);
    else this.#socket.close(item.code, item.reason);
  }

  #arrivedAtClient(item: Downwards): void {
    if (this.link.down.bytesInFlight <= WINDOW_BYTES) this.#socket.resumeReading();
    if (this.#ended) return;
    switch (item.what) {
      case "opened":
        this.#listener.opened();
        return;
      case "frame":
        this.#listener.received(item.bytes);
        return;
      case "closed":
        this.#end(item.code, item.reason);
    }
  }

  #broken(): void {
    this.#socket.cut();
    this.#parts.clock.soon(() => this.#end(standardCloseCodes.abnormal.code, ""));
  }

  #end(code: number, reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#listener.closed(code, reason);
  }
}
