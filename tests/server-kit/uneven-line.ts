import type { ClientSocket, SocketListener } from "../../client/socket.ts";
import type { MemorySocket } from "../../server/transport/memory/memory-peer.ts";
import type { MemoryTransport } from "../../server/transport/memory/memory-transport.ts";
import { DuplexLink } from "../../shared/link/duplex-link.ts";
import type { LinkConditions } from "../../shared/link/link-model.ts";
import type { Random } from "../../shared/random/seeded-random.ts";
import type { Clock } from "../../shared/tick/clock.ts";

export interface UnevenLineParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly transport: MemoryTransport;
  readonly path: string;
  readonly up: Partial<LinkConditions>;
  readonly down: Partial<LinkConditions>;
  /** Told of every frame that is there, before the server is. */
  readonly arrived: (bytes: Uint8Array) => void;
}

/** A client's socket to a server in memory, each way late and uneven in a way of its own. */
export class UnevenLine implements ClientSocket {
  readonly bufferedBytes = 0;
  readonly link: DuplexLink<Uint8Array, () => void>;
  readonly #socket: MemorySocket;

  constructor(
    { clock, random, transport, path, up, down, arrived }: UnevenLineParts,
    listener: SocketListener,
  ) {
    this.link = new DuplexLink(
      { clock, random },
      {
        up: (bytes) => {
          arrived(bytes);
          this.#socket.send(bytes);
        },
        down: (tell) => tell(),
        cut: () => {
          this.#socket.cut();
          clock.soon(() => listener.closed(1006, ""));
        },
      },
    );
    this.link.up.change(up);
    this.link.down.change(down);
    const tell = (what: () => void): void => this.link.down.push(what, 0);
    this.#socket = transport.connect(path, {
      opened: () => tell(() => listener.opened()),
      received: (bytes) => tell(() => listener.received(bytes)),
      closed: (code, reason) => tell(() => listener.closed(code, reason)),
    });
  }

  send(bytes: Uint8Array): void {
    this.link.up.push(bytes, bytes.length);
  }

  close(code?: number, reason?: string): void {
    this.#socket.close(code, reason);
  }
}
