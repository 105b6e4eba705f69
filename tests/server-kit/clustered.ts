import { connectCluster } from "../../server/cluster/connect-cluster.ts";
import type { MemoryDirectory } from "../../server/cluster/directory/memory/memory-directory.ts";
import { MemoryHub } from "../../server/cluster/directory/memory/memory-hub.ts";
import type { RoomDefinition } from "../../server/room/define-room.ts";
import { ManualClock } from "../kit/manual-clock.ts";
import { Hosted, type HostOptions } from "./hosted.ts";

/** A server of a cluster, in memory. */
export interface ClusteredServer extends Hosted {
  readonly directory: MemoryDirectory;
}

/** Servers in memory on one directory and one clock that the test moves. */
export class Clustered {
  readonly clock = new ManualClock({ startMs: 1_000 });
  readonly hub = new MemoryHub(this.clock);
  /** Looks on. */
  readonly eye = this.hub.connect();

  /** A server that listens and has joined. Its address is `wss://<id>.example.com`. */
  async start(
    id: string,
    rooms: readonly RoomDefinition[],
    options: HostOptions = {},
  ): Promise<ClusteredServer> {
    const directory = this.hub.connect();
    const { part } = await connectCluster({ directory, nodeId: id }, this.clock, () => 0);
    const publicUrl = `wss://${id}.example.com`;
    const { clock } = this;
    const hosted = new Hosted(rooms, { clock, roomPrefix: `${id}-r`, publicUrl, cluster: part, ...options });
    await hosted.server.listen({ host: "memory", port: 0 });
    const joined = hosted.server.joinCluster(publicUrl);
    await this.clock.settle();
    await joined;
    return Object.assign(hosted, { directory });
  }

  async record(id: string) {
    const asked = this.eye.room(id);
    await this.clock.settle();
    const found = await asked;
    return found.ok ? found.value.room : undefined;
  }
}
