import { Bus } from "../../server/bus.ts";
import { MemoryHub } from "../../server/cluster/directory/memory/memory-hub.ts";
import { ClusterNode, type HostedRoom, type NodeOptions } from "../../server/cluster/node/index.ts";
import type { CloseName } from "../../shared/protocol/close-codes.ts";
import { ManualClock } from "../kit/manual-clock.ts";

const served = { game: "arena", build: "b1" };

/** A room without a game: what a node has to know of one. */
export interface PlainRoom extends HostedRoom {
  metadata: HostedRoom["metadata"];
  visibility: "public" | "private";
  shut: CloseName | undefined;
  closedBy: CloseName | undefined;
  readonly seats: { size: number; taken: number };
}

/** A node and the rooms that it is said to host. */
export class PlainNode {
  readonly bus = new Bus();
  readonly rooms = new Map<string, PlainRoom>();
  readonly directory;
  readonly node: ClusterNode;
  /** States in order, and rooms that were disowned, as `id: reason`. */
  readonly told: string[] = [];
  eventLoopUse = 0;

  constructor(
    world: NodeWorld,
    id: string,
    options: Partial<NodeOptions> & { readonly maxRooms?: number } = {},
  ) {
    const { maxRooms = 10, ...nodeOptions } = options;
    this.directory = world.hub.connect();
    this.node = new ClusterNode({
      ...{ id, directory: this.directory, clock: world.clock, bus: this.bus },
      games: [served],
      ...{ maxRooms, maxPlayers: 100 },
      rooms: () => this.rooms,
      eventLoopUse: () => this.eventLoopUse,
      options: nodeOptions,
    });
    this.bus.on("nodeChanged", ({ to, why }) => this.told.push(why === undefined ? to : `${to}: ${why}`));
    this.bus.on("roomDisowned", ({ room, reason }) => this.told.push(`${room.id}: ${reason}`));
  }

  open(id: string, given: Partial<PlainRoom> = {}): PlainRoom {
    const name = { id, game: "arena" };
    const room: PlainRoom = {
      ...{ name, options: undefined, metadata: {}, visibility: "public", shut: undefined, maxPlayers: 4 },
      ...{
        seats: { size: 0, taken: 0 },
        lineage: { timeline: 0 },
        game: { hash: "b1" },
        closedBy: undefined,
      },
      shutDown: (reason) => {
        room.closedBy = reason;
        this.close(id, reason);
      },
      ...given,
    };
    this.rooms.set(id, room);
    this.bus.emit("roomCreated", { room: name });
    return room;
  }

  close(id: string, reason = "room-closed"): void {
    this.rooms.delete(id);
    this.bus.emit("roomClosed", { room: { id, game: "arena" }, reason, ticks: 1 });
  }
}

/** Nodes without servers, on one directory and one clock that the test moves. */
export class NodeWorld {
  readonly clock = new ManualClock({ startMs: 1_000 });
  readonly hub = new MemoryHub(this.clock);
  /** Looks on. */
  readonly eye = this.hub.connect();

  make(id: string, options?: ConstructorParameters<typeof PlainNode>[2]): PlainNode {
    return new PlainNode(this, id, options);
  }

  async joined(id: string, options?: ConstructorParameters<typeof PlainNode>[2]): Promise<PlainNode> {
    const plain = this.make(id, options);
    await this.done(plain.node.join(`wss://${id}.example.com`));
    return plain;
  }

  run(ms: number): Promise<void> {
    return this.clock.run(ms);
  }

  /** Whatever a promise of the directory needs of the clock. */
  async done<Value>(pending: Promise<Value>): Promise<Value> {
    await this.clock.settle();
    return pending;
  }

  async record(id: string) {
    const found = await this.done(this.eye.room(id));
    return found.ok ? found.value.room : undefined;
  }

  async nodes() {
    const found = await this.done(this.eye.nodes());
    return found.ok ? found.value : [];
  }
}
