import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { OnDirectoryLoss } from "../../../server/cluster/failover/index.ts";
import { RedisServer } from "../../kit/redis-server.ts";
import { LineCutter } from "../../server-kit/line-cutter.ts";
import { OwnershipLog, type Published } from "../../simulation/cluster/ownership-log.ts";
import { FerryNode } from "./ferry-node.ts";
import { Passenger } from "./passenger.ts";

export interface FleetOptions {
  readonly passengers: number;
  readonly seats: number;
  readonly onDirectoryLoss: OnDirectoryLoss;
}

/** Real nodes on a real Redis, players in this process, and what stands before a cluster: something that passes on `POST /join`. */
export class Fleet {
  readonly redis: RedisServer;
  readonly nodes: FerryNode[] = [];
  readonly passengers: Passenger[] = [];
  readonly #folder = mkdtempSync(join(tmpdir(), "tickcast-fleet-"));
  readonly #lines = new Map<string, LineCutter>();
  readonly #options: FleetOptions;
  readonly #balancer: Server;
  #turn = 0;

  private constructor(redis: RedisServer, options: FleetOptions) {
    this.redis = redis;
    this.#options = options;
    this.#balancer = createServer((request, response) => {
      this.#pass(request).then(
        ({ status, text }) => response.writeHead(status, { "content-type": "application/json" }).end(text),
        () => response.writeHead(502).end(),
      );
    });
  }

  /** With three nodes, and everybody on board. */
  static async start(options: FleetOptions): Promise<Fleet> {
    const fleet = new Fleet(await RedisServer.start(), options);
    await new Promise<void>((resolve) => fleet.#balancer.listen(0, "127.0.0.1", resolve));
    for (const id of ["n1", "n2", "n3"]) await fleet.startNode(id);
    for (let number = 0; number < options.passengers; number += 10)
      fleet.passengers.push(
        ...(await Promise.all(
          Array.from({ length: Math.min(10, options.passengers - number) }, (_, n) =>
            Passenger.board(number + n, fleet.matchmaking),
          ),
        )),
      );
    await pass(1_500);
    return fleet;
  }

  get matchmaking(): string {
    return `http://127.0.0.1:${(this.#balancer.address() as AddressInfo).port}`;
  }

  get running(): FerryNode[] {
    return this.nodes.filter(({ runs }) => runs);
  }

  async startNode(id: string): Promise<FerryNode> {
    const line = new LineCutter(join(this.#folder, `${id}.sock`), this.redis.path);
    await line.open();
    this.#lines.set(id, line);
    const { seats, onDirectoryLoss } = this.#options;
    const node = await FerryNode.start({
      id,
      folder: this.#folder,
      directory: line.path,
      seats,
      onDirectoryLoss,
    });
    this.nodes.push(node);
    return node;
  }

  /** One node's line to Redis. */
  line(id: string): LineCutter {
    const line = this.#lines.get(id);
    if (line === undefined) throw new Error(`there was never a node ${id}`);
    return line;
  }

  /** Ticks of all nodes, by the clock of the machine. */
  published(): Published[] {
    return this.nodes.flatMap((node) => node.published());
  }

  /** Rooms that a node published last. */
  roomsOf(id: string): Set<string> {
    const last = new Map<string, Published>();
    for (const entry of this.published())
      if ((last.get(entry.room)?.at ?? 0) < entry.at) last.set(entry.room, entry);
    return new Set([...last.values()].filter(({ node }) => node === id).map(({ room }) => room));
  }

  /** The node with the most rooms: what happens to it happens to somebody. */
  busiest(): FerryNode {
    const rooms = (node: FerryNode): number => this.roomsOf(node.id).size;
    const [busiest] = this.nodes.toSorted((one, other) => rooms(other) - rooms(one));
    if (busiest === undefined) throw new Error("no node runs");
    return busiest;
  }

  /** Everything that must hold in each drill, behind its end. */
  async account(): Promise<string[]> {
    for (const passenger of this.passengers) passenger.quiet();
    await pass(1_500);
    const log = new OwnershipLog();
    for (const entry of this.published()) log.add(entry);
    const twice = this.nodes.flatMap((node) => node.told("twice").map((line) => JSON.stringify(line)));
    return [...log.overlaps(), ...twice, ...this.passengers.flatMap((passenger) => passenger.account())];
  }

  async close(): Promise<void> {
    for (const passenger of this.passengers) {
      passenger.quiet();
      void passenger.room.leave();
    }
    for (const node of this.nodes) {
      node.signal("SIGKILL");
      await node.exited;
    }
    for (const line of this.#lines.values()) await line.refuse();
    this.#balancer.closeAllConnections();
    await new Promise((resolve) => this.#balancer.close(resolve));
    await this.redis.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** To one of the nodes that run, each in turn; where one does not answer, to the next. */
  async #pass(request: IncomingMessage): Promise<{ status: number; text: string }> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts);
    for (let attempt = 0; attempt < this.nodes.length; attempt++) {
      const running = this.running;
      const node = running[this.#turn++ % running.length];
      if (node === undefined) break;
      try {
        const asked = new URL(request.url ?? "/", node.url);
        const answer = await fetch(asked, { method: "POST", body, signal: AbortSignal.timeout(3_900) });
        return { status: answer.status, text: await answer.text() };
      } catch {}
    }
    throw new Error("no node answers");
  }
}

export const pass = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Looks again until it is so, and says after how many milliseconds it was; throws where it never is. */
export async function until(what: string, withinMs: number, isSo: () => boolean): Promise<number> {
  const began = performance.now();
  while (!isSo()) {
    if (performance.now() - began > withinMs)
      throw new Error(`for ${withinMs} ms it was not so that ${what}`);
    await pass(10);
  }
  return performance.now() - began;
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? 0;
}
