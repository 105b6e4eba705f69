import { performance } from "node:perf_hooks";
import type { Clock } from "../../shared/tick/clock.ts";
import { randomRoomId } from "../matchmaking/room-id.ts";
import type { NodeIdentity } from "../tickets/node-identity.ts";
import type { ClusterOptions } from "./cluster-options.ts";
import type { ClusterHost, ClusterPart, MakeClusterPart } from "./cluster-part.ts";
import type { Directory } from "./directory/directory.ts";
import { validateId } from "./directory/validate-requests.ts";
import { ClusterNode } from "./node/index.ts";

/** A cluster that a server can be made a part of. */
export interface ConnectedCluster {
  /** For tickets. The epoch is 0 until the server has joined. */
  readonly identity: NodeIdentity;
  /** For `GameServer`, once. */
  readonly part: MakeClusterPart;
  /** Ends the connection to the directory, behind `leave`. */
  close(): Promise<void>;
}

/**
 * Connects to the directory of a cluster.
 *
 * @param eventLoopUse the share of its time that the event loop was busy since this was last asked
 * @throws Complaint where nothing answers at that address, RangeError for a name or times that make no sense
 */
export async function connectCluster(
  options: ClusterOptions,
  clock: Clock,
  eventLoopUse = eventLoopMeter(),
): Promise<ConnectedCluster> {
  const { directory: given, nodeId: id = randomRoomId() } = options;
  validateId("a node", id);
  const directory = typeof given === "string" ? await connected(given, options, clock) : given;
  let node: ClusterNode | undefined;
  return {
    identity: {
      id,
      get epoch() {
        return node?.identity.epoch ?? 0;
      },
    },
    part: (host) => {
      node = nodeFor(host, { ...options, nodeId: id }, directory, eventLoopUse);
      return partOf(node, directory);
    },
    close: async () => {
      if (typeof given === "string") await directory.close();
    },
  };
}

async function connected(
  url: string,
  { prefix, directoryOptions }: ClusterOptions,
  clock: Clock,
): Promise<Directory> {
  const { connectRedisDirectory } = await import("./directory/redis/connect-redis-directory.ts");
  return connectRedisDirectory({ ...directoryOptions, url, ...(prefix !== undefined && { prefix }) }, clock);
}

/** A server as a node. */
function nodeFor(
  { bus, clock, limits, matchmaker, definitions }: ClusterHost,
  { nodeId: id, nodeOptions }: ClusterOptions & { readonly nodeId: string },
  directory: Directory,
  eventLoopUse: () => number,
): ClusterNode {
  return new ClusterNode({
    ...{ id, directory, clock, bus },
    games: definitions.map(({ game }) => ({ game: game.spec.name, build: game.hash })),
    maxRooms: limits.maxRooms,
    maxPlayers: limits.maxConnections,
    rooms: () => matchmaker.rooms,
    eventLoopUse,
    ...(nodeOptions !== undefined && { options: nodeOptions }),
  });
}

function partOf(node: ClusterNode, directory: Directory): ClusterPart {
  return {
    get summary() {
      return {
        node: node.id,
        epoch: node.identity.epoch,
        state: node.state.state,
        directory: directory.health.state,
      };
    },
    join: (url) => node.join(url),
    drain: () => node.drain(),
    leave: () => node.leave(),
  };
}

/** The share of its time that the event loop of this thread was busy since this was last asked. */
function eventLoopMeter(): () => number {
  let last = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, last);
    last = now;
    return Number.isFinite(utilization) ? utilization : 0;
  };
}
