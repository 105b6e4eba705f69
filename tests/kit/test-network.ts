import { LinkConditioner } from "../../client/conditioner/link-conditioner.ts";
import type { ClientSocket, OpenSocket, SocketListener } from "../../client/socket.ts";
import type { MemorySocket } from "../../server/transport/memory/memory-peer.ts";
import type { MemoryTransport } from "../../server/transport/memory/memory-transport.ts";
import type { NetworkConditions } from "../../shared/link/network-conditions.ts";
import type { Clock } from "../../shared/tick/clock.ts";
import { openMemorySocket } from "./memory-socket.ts";

interface TestNetworkParts {
  readonly transport: MemoryTransport;
  readonly clock: Clock;
  readonly seed: number;
  readonly conditions: Partial<NetworkConditions>;
  /** Told of every frame that reaches the client. */
  readonly received?: ((bytes: Uint8Array) => void) | undefined;
}

/**
 * The network of one client in a test: perfect, or as bad as the test asks for, always in the same way for one
 * seed. As with TCP everything arrives in order and complete, until the connection is cut.
 */
export class TestNetwork {
  readonly #parts: TestNetworkParts;
  readonly #conditioner: LinkConditioner;
  #isOnline = true;
  /** The newest connection. */
  #socket: MemorySocket | undefined;

  constructor(parts: TestNetworkParts) {
    this.#parts = parts;
    this.#conditioner = new LinkConditioner(parts.conditions, { seed: parts.seed });
  }

  /** What the SDK opens its sockets with. */
  get openSocket(): OpenSocket {
    const { transport, clock, received } = this.#parts;
    const inMemory = openMemorySocket(
      transport,
      (socket) => {
        this.#socket = socket;
      },
      received,
    );
    return this.#conditioner.condition(
      (url, listener) => (this.#isOnline ? inMemory(url, listener) : unreachable(clock, listener)),
      clock,
    );
  }

  /** From now on; what is left out stays as it is. Times are of each way, in milliseconds. */
  change(conditions: Partial<NetworkConditions>): void {
    this.#conditioner.change(conditions);
  }

  /** For so many milliseconds nothing arrives on either side, then everything does. */
  stall(ms: number): void {
    this.#conditioner.stall(ms);
  }

  /** The connection breaks, which both sides see, and what was on its way is lost. The SDK returns by itself. */
  cut(): void {
    this.#socket?.cut();
    this.#conditioner.cut();
  }

  /** The connection breaks, and no other succeeds until {@link goOnline}. */
  goOffline(): void {
    this.#isOnline = false;
    this.cut();
  }

  /** Connections succeed again: the SDK's next attempt, a moment later, brings the player back. */
  goOnline(): void {
    this.#isOnline = true;
  }

  /** The player's machine is busy: what it is sent waits in the server, until {@link readOn}. */
  stopReading(): void {
    this.#socket?.pauseReading();
  }

  /** What waits is read, and everything from now on. */
  readOn(): void {
    this.#socket?.resumeReading();
  }
}

/** A socket to nobody. */
function unreachable(clock: Clock, listener: SocketListener): ClientSocket {
  clock.soon(() => listener.closed(1006, "nobody answers"));
  return { send: () => {}, close: () => {}, bufferedBytes: 0 };
}
