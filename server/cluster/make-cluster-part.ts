import type { Random } from "../../shared/random/seeded-random.ts";
import type { NodeIdentity } from "../tickets/node-identity.ts";
import type { ClusterBus } from "./bus/cluster-bus.ts";
import type { ClusterHost, ClusterPart } from "./cluster-part.ts";
import type { Directory } from "./directory/directory.ts";
import {
  AwaitedRooms,
  type FailoverOptions,
  makeFailover,
  type OnDirectoryLoss,
  type ProbeOwner,
} from "./failover/index.ts";
import { ClusterNode, type NodeOptions } from "./node/index.ts";
import { NodeCalls } from "./placement/node-calls.ts";
import { Placement } from "./placement/placement.ts";
import { RoomList } from "./placement/room-list.ts";
import { SeatKeeper } from "./placement/seat-keeper.ts";

export interface ClusterHandles {
  /** The node's name. */
  readonly id: string;
  readonly directory: Directory;
  readonly bus: ClusterBus;
  readonly eventLoopUse: () => number;
  readonly nodeOptions: Partial<NodeOptions> | undefined;
  readonly onError: (error: unknown) => void;
  readonly onDirectoryLoss: OnDirectoryLoss;
  readonly failoverOptions: Partial<FailoverOptions> | undefined;
  /** Spreads what many nodes do at once. */
  readonly random: Random;
  readonly probe: ProbeOwner;
}

/** Puts a server's part in a cluster together. */
export function makeClusterPart(
  host: ClusterHost,
  handles: ClusterHandles,
): { readonly part: ClusterPart; readonly identity: NodeIdentity } {
  const { clock, matchmaker, tickets, roomId } = host;
  const { directory, bus, onError } = handles;
  const node = nodeFor(host, handles);
  const keeper = new SeatKeeper({ matchmaker, tickets, node, directory });
  const answer: SeatKeeper["keep"] = (question) => keeper.keep(question);
  const inbox = roomId();
  const calls = new NodeCalls({ bus, clock, self: node.identity, inbox, answer, onError });
  const placement = new Placement({ node, directory, matchmaker, keeper, calls, clock, id: roomId });
  const list = new RoomList(directory, clock);
  const { onDirectoryLoss, failoverOptions: options, random, probe } = handles;
  const failover = makeFailover({ host, node, directory, onDirectoryLoss, options, random, probe });
  const awaited = new AwaitedRooms((game, id) => placement.find(game, id), clock);
  const part: ClusterPart = {
    uplink: { uplink: bus, id: inbox },
    get summary() {
      return {
        node: node.id,
        epoch: node.identity.epoch,
        state: node.state.state,
        directory: directory.health.state,
      };
    },
    join: async (url) => {
      // Whoever is sent here asks at once.
      await calls.ready;
      await node.join(url);
    },
    drain: () => node.drain(),
    mayPublish: failover.mayPublish,
    move: (rooms, until) => failover.move(rooms, until),
    leaveBehind: (roomId) => node.records.leaveBehind(roomId),
    leave: async () => {
      failover.release();
      await node.leave();
      calls.release();
    },
    place: (search) => placement.place(search),
    find: (game, id, unreachable) => awaited.find(game, id, unreachable),
    whyNotHere: async (game, id) => {
      const found = await placement.find(game, id);
      if (!("refused" in found)) return "room-moved";
      return found.refused === "room-restarting" || found.refused === "server-busy"
        ? "room-restarting"
        : "no-such-room";
    },
    rooms: (query) => list.page(query),
    room: (id) => list.room(id),
  };
  return { part, identity: node.identity };
}

/** A server as a node. */
function nodeFor(
  { bus, clock, limits, matchmaker, definitions, hasLaterLife }: ClusterHost,
  { id, directory, eventLoopUse, nodeOptions }: ClusterHandles,
): ClusterNode {
  return new ClusterNode({
    ...{ id, directory, clock, bus },
    games: definitions.map(({ game }) => ({ game: game.spec.name, build: game.hash })),
    maxRooms: limits.maxRooms,
    maxPlayers: limits.maxConnections,
    rooms: () => matchmaker.rooms,
    hasLaterLife,
    eventLoopUse,
    ...(nodeOptions !== undefined && { options: nodeOptions }),
  });
}
