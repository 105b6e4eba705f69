import { performance } from "node:perf_hooks";
import type { Random } from "../../shared/random/seeded-random.ts";
import type { Clock } from "../../shared/tick/clock.ts";
import { randomRoomId } from "../matchmaking/room-id.ts";
import type { NodeIdentity } from "../tickets/node-identity.ts";
import type { ClusterBus } from "./bus/cluster-bus.ts";
import type { ClusterOptions } from "./cluster-options.ts";
import type { MakeClusterPart } from "./cluster-part.ts";
import type { Directory } from "./directory/directory.ts";
import { validateId } from "./directory/validate-requests.ts";
import { type ProbeOwner, probeByHttp } from "./failover/index.ts";
import { makeClusterPart } from "./make-cluster-part.ts";

/** What is otherwise in each run. */
export interface Chances {
  readonly random: Random;
  /** Asks a node that seems gone whether it lives. */
  readonly probe: ProbeOwner;
}

/** A cluster that a server can be made a part of. */
export interface ConnectedCluster {
  /** For tickets. The epoch is 0 until the server has joined. */
  readonly identity: NodeIdentity;
  /** For `GameServer`, once. */
  readonly part: MakeClusterPart;
  /** Ends the connections, behind `leave`. */
  close(): Promise<void>;
}

/**
 * Connects to the directory of a cluster, and to its bus.
 *
 * @param eventLoopUse the share of its time that the event loop was busy since this was last asked
 * @throws Complaint where nothing answers at that address, RangeError for a name or times that make no sense
 */
export async function connectCluster(
  options: ClusterOptions,
  clock: Clock,
  eventLoopUse = eventLoopMeter(),
  chances: Chances = { random: Math.random, probe: probeByHttp },
): Promise<ConnectedCluster> {
  const { nodeId: id = randomRoomId(), nodeOptions } = options;
  validateId("a node", id);
  let onError = (_: unknown): void => {};
  const { directory, bus, close } = await handlesOf(options, clock, (error) => onError(error));
  let identity: NodeIdentity = { id, epoch: 0 };
  return {
    identity: {
      id,
      get epoch() {
        return identity.epoch;
      },
    },
    part: (host) => {
      onError = (error) => host.bus.emit("transportFailed", { where: "cluster", error });
      const { onDirectoryLoss = "fence", failoverOptions } = options;
      const made = makeClusterPart(host, {
        ...{ id, directory, bus, eventLoopUse, nodeOptions, onError },
        ...{ onDirectoryLoss, failoverOptions, ...chances },
      });
      identity = made.identity;
      return made.part;
    },
    close,
  };
}

interface Handles {
  readonly directory: Directory;
  readonly bus: ClusterBus;
  close(): Promise<void>;
}

async function handlesOf(
  { directory: given, bus: givenBus, prefix = "tickcast", directoryOptions }: ClusterOptions,
  clock: Clock,
  onError: (error: unknown) => void,
): Promise<Handles> {
  if (typeof given !== "string") {
    if (givenBus === undefined)
      throw new RangeError("a directory of your own needs a bus of your own: give both");
    return { directory: given, bus: givenBus, close: async () => {} };
  }
  const [{ connectRedisDirectory }, { connectRedisBus }] = await Promise.all([
    import("./directory/redis/connect-redis-directory.ts"),
    import("./bus/redis/redis-bus.ts"),
  ]);
  const directory = await connectRedisDirectory({ ...directoryOptions, url: given, prefix }, clock);
  const bus = await connectRedisBus({ url: given, prefix, onError }).catch(async (error: unknown) => {
    await directory.close();
    throw error;
  });
  return { directory, bus, close: async () => void (await Promise.all([directory.close(), bus.close()])) };
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
