import { type MemoryBus, MemoryBusHub } from "../../server/cluster/bus/memory/memory-bus.ts";
import { connectCluster } from "../../server/cluster/connect-cluster.ts";
import type { MemoryDirectory } from "../../server/cluster/directory/memory/memory-directory.ts";
import { MemoryHub } from "../../server/cluster/directory/memory/memory-hub.ts";
import type { RoomDefinition } from "../../server/room/define-room.ts";
import { Tickets } from "../../server/tickets/tickets.ts";
import { ManualClock } from "../kit/manual-clock.ts";
import { Hosted, type HostOptions } from "./hosted.ts";
import { type JoinAnswer, settled, TICKET_SECRET } from "./ticketed.ts";

/** A server of a cluster, in memory. */
export interface ClusteredServer extends Hosted {
  readonly directory: MemoryDirectory;
  readonly clusterBus: MemoryBus;
}

/** A seat, or why there is none. */
export type ClusterAnswer = Partial<JoinAnswer> & {
  readonly error?: { readonly code: string; readonly message: string };
};

/** The time of day when the clock says 0. */
const BEGAN_AT = 1_800_000_000_000;

/** Servers in memory on one directory and one clock that the test moves. */
export class Clustered {
  readonly clock = new ManualClock({ startMs: 1_000 });
  readonly hub = new MemoryHub(this.clock);
  readonly buses = new MemoryBusHub(this.clock);
  /** Looks on. */
  readonly eye = this.hub.connect();

  /** A server that listens and has joined. Its address is `wss://<id>.example.com`. */
  async start(
    id: string,
    rooms: readonly RoomDefinition[],
    options: HostOptions = {},
  ): Promise<ClusteredServer> {
    const directory = this.hub.connect();
    const bus = this.buses.connect();
    const { part, identity } = await connectCluster({ directory, bus, nodeId: id }, this.clock, () => 0);
    const publicUrl = `wss://${id}.example.com`;
    const { clock } = this;
    let lastTicket = 0;
    const hosted = new Hosted(rooms, {
      ...{ clock, roomPrefix: `${id}-r`, publicUrl, cluster: part },
      tickets: (_, serverBus) =>
        new Tickets({
          ...{ mode: "accepted", secrets: [TICKET_SECRET], node: identity, clock, bus: serverBus },
          timeOfDay: () => BEGAN_AT + clock.now(),
          id: () => `${id}-t${++lastTicket}`,
          maxTickets: 100,
        }),
      ...options,
    });
    await hosted.server.listen({ host: "memory", port: 0 });
    const joined = hosted.server.joinCluster(publicUrl);
    await this.clock.settle();
    await joined;
    return Object.assign(hosted, { directory, clusterBus: bus });
  }

  /** Asks a server for a seat. */
  async ask(hosted: Hosted, path: string, body?: object): Promise<{ status: number; answer: ClusterAnswer }> {
    const request = new Request(`http://memory${path}`, {
      method: "POST",
      ...(body && { body: JSON.stringify(body) }),
    });
    const answer = await settled(hosted, hosted.transport.request(request));
    return { status: answer.status, answer: (await answer.json()) as ClusterAnswer };
  }

  async record(id: string) {
    const asked = this.eye.room(id);
    await this.clock.settle();
    const found = await asked;
    return found.ok ? found.value.room : undefined;
  }
}
