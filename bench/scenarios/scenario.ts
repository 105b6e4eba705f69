import type { RoomDefinition } from "../../server/room/define-room.ts";
import type { Game } from "../../shared/definition/game.ts";
import type { AnyClientFrame } from "../../shared/protocol/frames.ts";
import type { PeerName } from "../peers/peers.ts";

/** The systems that can be measured, by the names in reports. */
export type SystemName = "tickcast" | "uws" | PeerName;

/** How a scenario is run; each can be changed on the command line. */
export interface Load {
  /** Connections, mirrors included. */
  readonly clients: number;
  /** Ticks a second. */
  readonly hz: number;
  /** What is measured. */
  readonly seconds: number;
  /** Thrown away before that, once all clients have joined. */
  readonly warmupSeconds: number;
  /** Clients of the real SDK, which decode every frame and compare their state with the server's. */
  readonly mirrors: number;
}

/** A bound on a figure, and where it is meant to hold. The report says whether it is met. */
interface Target {
  readonly says: string;
  /** Whether the load is the one that the target is about. */
  readonly appliesTo: (load: Load, pairs: number) => boolean;
  readonly figure: "ratio.serverCpuUsPerFrame" | "latenessMs.p99";
  readonly atMost: number;
}

/** What is played: rooms, and what their clients send. The processes of a run know it by its name. */
export interface Scenario {
  readonly name: string;
  readonly says: string;
  readonly game: (hz: number) => Game;
  /** The same seed must lead to the same frames: the bare server publishes recorded ones. */
  readonly room: (hz: number, maxPlayers: number) => RoomDefinition;
  /** What each client sends again and again, staggered over the clients. */
  readonly inbound: { readonly frame: AnyClientFrame; readonly everyMs: number };
}

/** One room, measured beside other systems. Measuring itself is the same for all of these scenarios. */
export interface FanoutScenario extends Scenario {
  readonly defaults: Load;
  /** In the order in which they run; the first is measured against the last. */
  readonly systems: readonly SystemName[];
  readonly targets: readonly Target[];
}
