import type { Socket } from "node:net";
import { type Direction, DuplexLink } from "../../shared/link/duplex-link.ts";
import type { Link } from "../../shared/link/link-model.ts";
import type { NetworkConditions } from "../../shared/link/network-conditions.ts";
import { TimedFaults } from "../../shared/link/timed-faults.ts";
import type { Random } from "../../shared/random/seeded-random.ts";
import type { Clock } from "../../shared/tick/clock.ts";

/** What a line carries: bytes, and that no more will come. */
type Item = Buffer | "end";

/** Beyond so many bytes on their way the sender waits, as with the windows of a real connection. */
const MOST_IN_FLIGHT = 256 * 1024;

export interface LineParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly conditions: NetworkConditions;
}

export interface LineListener {
  /** Bytes came out at that way's end. */
  carried(way: "up" | "down", bytes: number): void;
  /** Both sockets are closed. Called once. */
  closed(): void;
}

/** One connection through a fault proxy: two sockets, and the link model between them. */
export class FaultyLine {
  readonly #link: DuplexLink<Item, Item>;
  readonly #faults: TimedFaults;
  readonly #silent = new Set<"up" | "down">();

  constructor(client: Socket, server: Socket, parts: LineParts, listener: LineListener) {
    this.#link = new DuplexLink<Item, Item>(parts, {
      up: (item) => {
        listener.carried("up", lengthOf(item));
        forward(item, client, this.#link.up, server);
      },
      down: (item) => {
        listener.carried("down", lengthOf(item));
        forward(item, server, this.#link.down, client);
      },
      cut: () => {
        client.resetAndDestroy();
        server.resetAndDestroy();
      },
    });
    this.#faults = new TimedFaults(parts, {
      stall: (ms) => this.stall("both", ms),
      cut: () => this.reset(),
    });
    this.#faults.change(parts.conditions);
    this.#carry("up", client, this.#link.up, server);
    this.#carry("down", server, this.#link.down, client);
    const look = (): void => {
      if (!client.closed || !server.closed) return;
      this.#faults.stop();
      listener.closed();
    };
    client.once("close", look);
    server.once("close", look);
  }

  get bytesInFlight(): number {
    return this.#link.up.bytesInFlight + this.#link.down.bytesInFlight;
  }

  change(conditions: NetworkConditions): void {
    this.#link.change(conditions);
    this.#faults.change(conditions);
  }

  stall(direction: Direction, ms: number): void {
    this.#link.stall(direction, ms);
  }

  halfOpen(direction: Direction): void {
    for (const way of direction === "both" ? (["up", "down"] as const) : [direction]) this.#silent.add(way);
    this.#link.halfOpen(direction);
  }

  reset(): void {
    this.#link.cut();
  }

  #carry(way: "up" | "down", from: Socket, link: Link<Item>, to: Socket): void {
    let ended = false;
    from.setNoDelay(true);
    from.on("data", (chunk: Buffer) => {
      link.push(chunk, chunk.length);
      if (link.bytesInFlight >= MOST_IN_FLIGHT) from.pause();
    });
    from.on("end", () => {
      ended = true;
      link.push("end", 0);
    });
    to.on("drain", () => goOn(from, link, to));
    // Without a listener the error would end the process; `close` follows it.
    from.on("error", () => {});
    from.once("close", () => {
      if (!ended && !this.#silent.has(way)) this.reset();
    });
  }
}

function lengthOf(item: Item): number {
  return item === "end" ? 0 : item.length;
}

function forward(item: Item, from: Socket, link: Link<Item>, to: Socket): void {
  if (item === "end") {
    to.end();
    return;
  }
  to.write(item);
  goOn(from, link, to);
}

/** Reads on where there is room again, here and at the receiver; else waits for its `drain`. */
function goOn(from: Socket, link: Link<Item>, to: Socket): void {
  if (to.writableNeedDrain) from.pause();
  else if (link.bytesInFlight <= MOST_IN_FLIGHT / 2) from.resume();
}
