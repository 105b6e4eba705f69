import { DuplexLink } from "../../shared/link/duplex-link.ts";
import { isPerfect, type NetworkConditions } from "../../shared/link/network-conditions.ts";
import { TimedFaults } from "../../shared/link/timed-faults.ts";
import type { Random } from "../../shared/random/seeded-random.ts";
import type { Clock, MonotonicMs } from "../../shared/tick/clock.ts";
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

/**
 * A socket whose frames go through a bad network on the way to the real one, and back. While that is perfect and
 * nothing is on its way they go straight: timers of browsers would add their own delay, the more in the background.
 */
export class ConditionedSocket implements ClientSocket {
  readonly #url: string;
  readonly #openSocket: OpenSocket;
  readonly #listener: SocketListener;
  readonly #parts: ConditionedParts;
  readonly #link: DuplexLink<Up, Down>;
  readonly #faults: TimedFaults;
  #inner: ClientSocket | undefined;
  #isOpened = false;
  #isOver = false;
  #isPerfect: boolean;
  #stalledUntil: MonotonicMs = Number.NEGATIVE_INFINITY;
  /** Items on their way. */
  readonly #onTheWay = { up: 0, down: 0 };

  constructor(url: string, listener: SocketListener, openSocket: OpenSocket, parts: ConditionedParts) {
    this.#url = url;
    this.#listener = listener;
    this.#openSocket = openSocket;
    this.#parts = parts;
    this.#link = new DuplexLink<Up, Down>(parts, {
      up: (item) => {
        this.#onTheWay.up -= 1;
        this.#arrivesUp(item);
      },
      down: (item) => {
        this.#onTheWay.down -= 1;
        this.#arrivesDown(item);
      },
      cut: () => this.#lose("the conditioner cut the connection"),
    });
    this.#faults = new TimedFaults(parts, this);
    this.#faults.change(parts.conditions);
    this.#isPerfect = isPerfect(parts.conditions);
    this.#goUp({ what: "open" }, 0);
  }

  send(bytes: Uint8Array): void {
    this.#goUp({ what: "frame", bytes }, bytes.length);
  }

  close(code?: number, reason?: string): void {
    if (this.#isOpened) this.#goUp({ what: "close", code, reason }, 0);
    else this.#lose("closed before it opened");
  }

  get bufferedBytes(): number {
    return this.#isOver ? 0 : (this.#inner?.bufferedBytes ?? 0) + this.#link.up.bytesInFlight;
  }

  change(conditions: NetworkConditions): void {
    this.#isPerfect = isPerfect(conditions);
    this.#link.change(conditions);
    this.#faults.change(conditions);
  }

  stall(ms: number): void {
    this.#stalledUntil = Math.max(this.#stalledUntil, this.#parts.clock.now() + ms);
    this.#link.stall("both", ms);
  }

  cut(): void {
    this.#link.cut();
  }

  #goUp(item: Up, bytes: number): void {
    if (this.#isOver) return;
    if (this.#goesStraight("up")) {
      this.#arrivesUp(item);
      return;
    }
    this.#onTheWay.up += 1;
    this.#link.up.push(item, bytes);
  }

  #comeDown(item: Down, bytes: number): void {
    if (this.#isOver) return;
    if (this.#goesStraight("down")) {
      this.#arrivesDown(item);
      return;
    }
    this.#onTheWay.down += 1;
    this.#link.down.push(item, bytes);
  }

  #goesStraight(way: "up" | "down"): boolean {
    return this.#isPerfect && this.#onTheWay[way] === 0 && this.#parts.clock.now() >= this.#stalledUntil;
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
    try {
      this.#inner = this.#openSocket(this.#url, {
        opened: () => this.#comeDown({ what: "opened" }, 0),
        received: (bytes) => this.#comeDown({ what: "frame", bytes }, bytes.length),
        closed: (code, reason) => this.#comeDown({ what: "closed", code, reason }, 0),
      });
    } catch (cause) {
      // The platform forbids it. By now there is no call left that could throw, or one that must not be told.
      const reason = cause instanceof Error ? cause.message : String(cause);
      this.#onTheWay.down += 1;
      this.#link.down.push({ what: "closed", code: LOST, reason }, 0);
    }
  }

  #arrivesDown(item: Down): void {
    switch (item.what) {
      case "opened":
        this.#isOpened = true;
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
  #lose(reason: string): void {
    if (this.#isOver) return;
    this.#end();
    this.#inner?.close();
    this.#parts.clock.after(0, () => this.#listener.closed(LOST, reason));
  }

  #end(): void {
    this.#isOver = true;
    this.#faults.stop();
    this.#link.cut();
    this.#parts.ended();
  }
}
