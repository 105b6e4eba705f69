import { type NetworkConditions, networkConditions } from "../../shared/link/network-conditions.ts";
import { seededRandom } from "../../shared/random/seeded-random.ts";
import type { Clock } from "../../shared/tick/clock.ts";
import type { OpenSocket, SocketConditioner } from "../socket.ts";
import { ConditionedSocket } from "./conditioned-socket.ts";

/**
 * A bad network for the SDK's own connections, both ways, as TCP makes it look: late, uneven, slow or still, but in
 * order and complete until it is cut. It can be changed at any time. While it is perfect it adds nothing.
 *
 * @example
 * const conditioner = new LinkConditioner({ latencyMs: 75, jitterMs: 30 });
 * const room = await connect(arena, "/arena", { name: "Ada" }, { conditioner });
 * conditioner.change({ stallEveryMs: 5_000, stallForMs: 400 });
 */
export class LinkConditioner implements SocketConditioner {
  readonly #random: () => number;
  readonly #sockets = new Set<ConditionedSocket>();
  #conditions: NetworkConditions;

  /**
   * @param conditions what is left out is as on a perfect network; latency and rate are of each way
   * @param options equal seeds give equal networks; default 1
   * @throws RangeError for conditions that no network can have
   */
  constructor(conditions: Partial<NetworkConditions> = {}, { seed = 1 }: { readonly seed?: number } = {}) {
    this.#conditions = networkConditions(conditions);
    this.#random = seededRandom(seed);
  }

  get conditions(): NetworkConditions {
    return this.#conditions;
  }

  /** From now on, for connections that are there and those to come. What is left out stays as it is. */
  change(conditions: Partial<NetworkConditions>): void {
    this.#conditions = networkConditions(conditions, this.#conditions);
    for (const socket of this.#sockets) socket.change(this.#conditions);
  }

  /** For so long nothing arrives, then everything does. */
  stall(ms: number): void {
    for (const socket of this.#sockets) socket.stall(ms);
  }

  /** Connections break, and what was on its way is lost. */
  cut(): void {
    for (const socket of [...this.#sockets]) socket.cut();
  }

  /** What `connect` calls: sockets that go through this network. */
  condition(openSocket: OpenSocket, clock: Clock): OpenSocket {
    return (url, listener) => {
      const socket: ConditionedSocket = new ConditionedSocket(url, listener, openSocket, {
        clock,
        random: this.#random,
        conditions: this.#conditions,
        ended: () => this.#sockets.delete(socket),
      });
      this.#sockets.add(socket);
      return socket;
    };
  }
}
