import { DuplexLink } from "../../shared/link/duplex-link.ts";
import type { NetworkConditions } from "../../shared/link/network-conditions.ts";
import { TimedFaults } from "../../shared/link/timed-faults.ts";
import type { Random } from "../../shared/random/seeded-random.ts";
import type { Clock } from "../../shared/tick/clock.ts";
import type { ClientSocket, OpenSocket, SocketListener } from "../socket.ts";

/** What goes to the server, in order: the handshake, frames, the closing handshake. */
type Up =
  | { readonly what: "open" }
  | { readonly what: "frame"; readonly bytes: Uint8Array }
  | { readonly what: "close"; readonly code: number | undefined; readonly reason: string | undefined };

/** What comes from it. */
type Down =
  | { readonly what: "opened" }
  | { readonly what: "frame"; readonly bytes: Uint8Array }
  | { readonly what: "closed"; readonly code: number; readonly reason: string };

export interface ConditionedParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly conditions: NetworkConditions;
  /** Called once, when the connection is over. */
  readonly ended: () => void;
}

/** A connection that was lost, as browsers tell of it. */
const LOST = 1006;

/** A socket whose frames go through a bad network on the way to the real one, and back. */
export class ConditionedSocket implements ClientSocket {
  readonly #url: string;
  readonly #openSocket: OpenSocket;
  readonly #listener: SocketListener;
  readonly #parts: ConditionedParts;
  readonly #link: DuplexLink<Up, Down>;
  readonly #faults: TimedFaults;
  #inner: ClientSocket | undefined;
  #isOver = false;

  constructor(url: string, listener: SocketListener, openSocket: OpenSocket, parts: ConditionedParts) {
    this.#url = url;
    this.#listener = listener;
    this.#openSocket = openSocket;
    this.#parts = parts;
    this.#link = new DuplexLink<Up, Down>(parts, {
      up: (item) => this.#arrivesUp(item),
      down: (item) => this.#arrivesDown(item),
      cut: () => this.#lose(),
    });
    this.#faults = new TimedFaults(parts, this);
    this.#faults.change(parts.conditions);
    this.#link.up.push({ what: "open" }, 0);
  }

  send(bytes: Uint8Array): void {
    this.#link.up.push({ what: "frame", bytes }, bytes.length);
  }

  close(code?: number, reason?: string): void {
    this.#link.up.push({ what: "close", code, reason }, 0);
  }

  get bufferedBytes(): number {
    return this.#isOver ? 0 : (this.#inner?.bufferedBytes ?? 0) + this.#link.up.bytesInFlight;
  }

  change(conditions: NetworkConditions): void {
    this.#link.change(conditions);
    this.#faults.change(conditions);
  }

  stall(ms: number): void {
    this.#link.stall("both", ms);
  }

  cut(): void {
    this.#link.cut();
  }

  #arrivesUp(item: Up): void {
    switch (item.what) {
      case "open":
        this.#open();
        return;
      case "frame":
        this.#inner?.send(item.bytes);
        return;
      case "close":
        this.#inner?.close(item.code, item.reason);
    }
  }

  #open(): void {
    const { down } = this.#link;
    try {
      this.#inner = this.#openSocket(this.#url, {
        opened: () => down.push({ what: "opened" }, 0),
        received: (bytes) => down.push({ what: "frame", bytes }, bytes.length),
        closed: (code, reason) => down.push({ what: "closed", code, reason }, 0),
      });
    } catch (cause) {
      // The platform forbids it. By now there is no call left that could throw.
      const reason = cause instanceof Error ? cause.message : String(cause);
      down.push({ what: "closed", code: LOST, reason }, 0);
    }
  }

  #arrivesDown(item: Down): void {
    switch (item.what) {
      case "opened":
        this.#listener.opened();
        return;
      case "frame":
        this.#listener.received(item.bytes);
        return;
      case "closed":
        this.#end();
        this.#listener.closed(item.code, item.reason);
    }
  }

  /** Both ends lose the connection: the server's learns of it by a close that nobody waits for. */
  #lose(): void {
    if (this.#isOver) return;
    this.#end();
    this.#inner?.close();
    this.#parts.clock.after(0, () => this.#listener.closed(LOST, "the conditioner cut the connection"));
  }

  #end(): void {
    this.#isOver = true;
    this.#faults.stop();
    this.#link.cut();
    this.#parts.ended();
  }
}
