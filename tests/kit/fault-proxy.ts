import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import type { Direction } from "../../shared/link/duplex-link.ts";
import type { LinkConditions } from "../../shared/link/link-model.ts";
import type { Random } from "../../shared/random/seeded-random.ts";
import type { Clock } from "../../shared/tick/clock.ts";
import { FaultyLine } from "./faulty-line.ts";

export interface FaultProxyOptions {
  /** Where connections lead; the host is 127.0.0.1 where none is named. */
  readonly to: { readonly host?: string; readonly port: number };
  readonly clock: Clock;
  /** Draws the jitter. */
  readonly random: Random;
  /** What is left out is as on a perfect link. */
  readonly conditions?: Partial<LinkConditions>;
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
  #conditions: Partial<LinkConditions>;
  #isReachable = true;

  private constructor(options: FaultProxyOptions) {
    this.#options = options;
    this.#conditions = options.conditions ?? {};
    this.#server = createServer({ allowHalfOpen: true }, (client) => this.#accept(client));
  }

  static async start(options: FaultProxyOptions): Promise<FaultProxy> {
    const proxy = new FaultProxy(options);
    await new Promise<void>((resolve, reject) => {
      proxy.#server.once("error", reject);
      proxy.#server.listen(0, "127.0.0.1", resolve);
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

  /** Of all connections, both ways. */
  get bytesInFlight(): number {
    let bytes = 0;
    for (const line of this.#lines) bytes += line.bytesInFlight;
    return bytes;
  }

  /** For what is sent from now on. */
  change(conditions: Partial<LinkConditions>): void {
    this.#conditions = { ...this.#conditions, ...conditions };
    for (const line of this.#lines) line.change(conditions);
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
    const parts = { clock, random, conditions: this.#conditions };
    const line = new FaultyLine(client, server, parts, () => this.#lines.delete(line));
    this.#lines.add(line);
  }
}
