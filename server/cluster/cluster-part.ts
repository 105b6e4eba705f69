import type { Clock } from "../../shared/tick/clock.ts";
import type { Bus } from "../bus.ts";
import type { ServerLimits } from "../limits.ts";
import type { Matchmaker } from "../matchmaking/matchmaker.ts";
import type { RoomDefinition } from "../room/define-room.ts";
import type { Tickets } from "../tickets/tickets.ts";
import type { NodeStateName } from "./node/node-state.ts";

/** What a server says of its place in a cluster, by HTTP. */
export interface ClusterSummary {
  readonly node: string;
  readonly epoch: number;
  readonly state: NodeStateName;
  readonly directory: "available" | "unavailable" | "closed";
}

/** What a server asks of the cluster that it is a part of. */
export interface ClusterPart {
  readonly summary: ClusterSummary;
  /** Registers; resolves when the directory has answered once. */
  join(url: string): Promise<void>;
  /** Nobody new comes to this node. */
  drain(): void;
  /** The rooms have closed: they are forgotten, and the lease is given back. */
  leave(): Promise<void>;
}

/** What a server lends to it. */
export interface ClusterHost {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly limits: ServerLimits;
  readonly matchmaker: Matchmaker;
  readonly definitions: readonly RoomDefinition[];
  readonly tickets: Tickets | undefined;
}

export type MakeClusterPart = (host: ClusterHost) => ClusterPart;
