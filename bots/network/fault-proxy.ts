import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import type { Direction } from "../../shared/link/duplex-link.ts";
import { type NetworkConditions, networkConditions } from "../../shared/link/network-conditions.ts";
import type { Random } from "../../shared/random/seeded-random.ts";
import type { Clock } from "../../shared/tick/clock.ts";
import { FaultyLine } from "./faulty-line.ts";

export interface FaultProxyOptions {
  /** Where connections lead; the host is 127.0.0.1 where none is named. */
  readonly to: { readonly host?: string; readonly port: number };
  readonly clock: Clock;
  /** Draws the jitter. */
  readonly random: Random;
  /** What is left out is as on a perfect network. */
  readonly conditions?: Partial<NetworkConditions>;
  /** Where to listen, on 127.0.0.1 alone. Default: any port that is free. */
  readonly port?: number;
}

/**
 * Stands between real clients and a real server as a bad network does: latency, jitter, a rate, stalls, resets,
 * ways that go silent. It carries bytes and knows no protocol. Faults concern every connection there is, conditions
 * those to come, too. It listens on 127.0.0.1 alone.
 *
 * @example
 * const proxy = await FaultProxy.start({ to: server, clock, random: seededRandom(1) });
 * proxy.change({ latencyMs: 40, jitterMs: 10 });
 * proxy.reset();
 * await proxy.close();
 */
export class FaultProxy {
  readonly #options: FaultProxyOptions;
  readonly #server: Server;
  readonly #lines = new Set<FaultyLine>();
  #conditions: NetworkConditions;
  #isReachable = true;
  #accepted = 0;
  readonly #bytes = { up: 0, down: 0 };

  private constructor(options: FaultProxyOptions) {
    this.#options = options;
    this.#conditions = networkConditions(options.conditions ?? {});
    this.#server = createServer({ allowHalfOpen: true }, (client) => this.#accept(client));
  }

  /** Rejects where it cannot listen, as `node:net` does. */
  static async start(options: FaultProxyOptions): Promise<FaultProxy> {
    const proxy = new FaultProxy(options);
    await new Promise<void>((resolve, reject) => {
      proxy.#server.once("error", reject);
      proxy.#server.listen(options.port ?? 0, "127.0.0.1", resolve);
    });
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Connections that are not closed at both ends. */
  get connections(): number {
    return this.#lines.size;
  }

  /** Connections that there were, with those that there are. */
  get accepted(): number {
    return this.#accepted;
  }

  /** Bytes that came out at the other end so far: `up` at the server's, `down` at the clients'. */
  get bytes(): { readonly up: number; readonly down: number } {
    return { ...this.#bytes };
  }

  /** Of all connections, both ways. */
  get bytesInFlight(): number {
    let bytes = 0;
    for (const line of this.#lines) bytes += line.bytesInFlight;
    return bytes;
  }

  /** For what is sent from now on. */
  change(conditions: Partial<NetworkConditions>): void {
    this.#conditions = networkConditions(conditions, this.#conditions);
    for (const line of this.#lines) line.change(this.#conditions);
  }

  /** For so long nothing arrives that way, then everything does. */
  stall(direction: Direction, ms: number): void {
    for (const line of this.#lines) line.stall(direction, ms);
  }

  /** That way goes silent for good, and nobody is told. */
  halfOpen(direction: Direction): void {
    for (const line of this.#lines) line.halfOpen(direction);
  }

  /** Connections break: both ends get a reset, and what was on its way is lost. */
  reset(): void {
    for (const line of this.#lines) line.reset();
  }

  /** Whether new connections get through; while they do not, they are reset. Those that are there stay. */
  reach(state: "in-reach" | "out-of-reach"): void {
    this.#isReachable = state === "in-reach";
  }

  /** Resets all connections and gives the port free. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.reset();
    await closed;
  }

  #accept(client: Socket): void {
    if (!this.#isReachable) {
      client.on("error", () => {});
      client.resetAndDestroy();
      return;
    }
    const { to, clock, random } = this.#options;
    const server = connect({ host: to.host ?? "127.0.0.1", port: to.port, allowHalfOpen: true });
    const line = new FaultyLine(
      client,
      server,
      { clock, random, conditions: this.#conditions },
      {
        carried: (way, bytes) => {
          this.#bytes[way] += bytes;
        },
        closed: () => this.#lines.delete(line),
      },
    );
    this.#accepted += 1;
    this.#lines.add(line);
  }
}
