import type { Random } from "../../../shared/random/seeded-random.ts";
import type { MonotonicMs } from "../../../shared/tick/clock.ts";
import type { RoomCore } from "../../room/room-core.ts";
import type { ClusterHost } from "../cluster-part.ts";
import type { Directory } from "../directory/directory.ts";
import type { ClusterNode } from "../node/index.ts";
import { Failover } from "./failover.ts";
import { type FailoverOptions, failoverOptions, type OnDirectoryLoss } from "./failover-options.ts";
import { Fence } from "./fence.ts";
import { Migration } from "./migration.ts";
import type { ProbeOwner } from "./owner-probe.ts";

export interface FailoverSetup {
  readonly host: ClusterHost;
  readonly node: ClusterNode;
  readonly directory: Directory;
  readonly onDirectoryLoss: OnDirectoryLoss;
  readonly options: Partial<FailoverOptions> | undefined;
  readonly random: Random;
  readonly probe: ProbeOwner;
}

/** What keeps the rooms of a cluster alive, and each with one owner. */
export interface FailoverPart {
  /** Asked before each tick is published. */
  readonly mayPublish: () => boolean;
  /** Moves rooms to other nodes. Without a store for checkpoints there is no way to. */
  move(rooms: readonly RoomCore[], until: MonotonicMs): Promise<void>;
  release(): void;
}

/** Wires fence, failover and migration of one node. */
export function makeFailover(setup: FailoverSetup): FailoverPart {
  const { host, node, directory, onDirectoryLoss, random, probe } = setup;
  const { bus, clock, limits, matchmaker, restore, suspend } = host;
  const options = failoverOptions(setup.options);
  const rooms = () => matchmaker.rooms;
  const pause = (whether: boolean): void => matchmaker.pause(whether);
  const fence =
    onDirectoryLoss === "fence"
      ? new Fence({ node, clock, bus, rooms, pause, marginMs: options.marginMs })
      : undefined;
  const mayPublish = fence?.mayPublish ?? (() => true);
  const unlisten = node.onState(({ state }) => {
    // Another process has this node's name, and may have its rooms.
    if (state === "replaced") for (const room of [...matchmaker.rooms.values()]) room.shutDown("room-moved");
  });
  const failover = new Failover({
    ...{ node, directory, clock, bus, options, random, probe, onDirectoryLoss, mayPublish, restore },
    isLeaving: () => !matchmaker.takesPlayers,
    canRestore: suspend !== undefined,
    serves: (game, build) => matchmaker.definition(game)?.game.hash === build,
    hosts: (id) => matchmaker.rooms.has(id),
    places: () => (matchmaker.takesPlayers ? limits.maxRooms - matchmaker.rooms.size : 0),
  });
  const migration = suspend && new Migration({ node, directory, clock, bus, suspend, options });
  return {
    mayPublish,
    move: async (leaving, until) => migration?.move(leaving, until),
    release: () => {
      failover.release();
      fence?.release();
      unlisten();
    },
  };
}
