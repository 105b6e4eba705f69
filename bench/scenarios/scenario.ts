import type { RoomDefinition } from "../../server/room/define-room.ts";
import type { Game } from "../../shared/definition/game.ts";
import type { AnyClientFrame } from "../../shared/protocol/frames.ts";
import type { PeerName } from "../peers/peers.ts";
import type { Target } from "../report/targets.ts";

/** The systems that can be measured, by the names in reports. */
export type SystemName = "tickcast" | "tickcast-whole" | "uws" | "uws-replay" | PeerName;

/** Where players of a scenario stand, for those that have a choice. */
export type Layout = "uniform" | "clustered";

/** Whether players see what is near them or everything. */
export type SightVariant = "near" | "everything";

/** How a room of a scenario is made, where there is a choice. */
export interface RoomVariant {
  readonly layout: Layout;
  readonly sight: SightVariant;
}

/** How a scenario is run; each can be changed on the command line. */
export interface Load {
  /** Connections, mirrors included. */
  readonly clients: number;
  /** Over which they are spread evenly; absent: one room. */
  readonly rooms?: number;
  /** Ticks a second. */
  readonly hz: number;
  /** What is measured. */
  readonly seconds: number;
  /** Thrown away before that, once all clients have joined. */
  readonly warmupSeconds: number;
  /** Clients of the real SDK, which decode every frame and compare their state with the server's. */
  readonly mirrors: number;
  /** Absent where the scenario has no choice. */
  readonly layout?: Layout;
}

/** What clients send beside greetings and acknowledgements. */
export type Inbound =
  /** The same frame again and again, staggered over the clients. */
  | { readonly kind: "repeated"; readonly frame: AnyClientFrame; readonly everyMs: number }
  /** The game's one input, a heading, by a script that says for every tick who turns where. */
  | { readonly kind: "steered" }
  /** What the scenario's own load process sends. */
  | { readonly kind: "own" };

/** What is played: rooms, and what their clients send. The processes of a run know it by its name. */
export interface Scenario {
  readonly name: string;
  readonly says: string;
  readonly game: (hz: number) => Game;
  /** The same seed and inputs must lead to the same frames: the bare servers publish recorded ones. */
  readonly room: (hz: number, maxPlayers: number, variant?: RoomVariant) => RoomDefinition;
  readonly inbound: Inbound;
  /** What a client joins with, by its number from 0 on; absent: nothing. */
  readonly joinOf?: (client: number) => unknown;
}

/** Rooms, one where nothing else is said, measured beside other systems. Measuring itself is the same for all of these scenarios. */
export interface FanoutScenario extends Scenario {
  readonly defaults: Load;
  /** In the order in which they run, again and again; the first is measured against the last. */
  readonly systems: readonly SystemName[];
  /** Those that can play it, too, where it is asked for. */
  readonly peers: readonly PeerName[];
  /** Run once, after the first of these rounds, for what does not vary: bytes. */
  readonly beside: readonly SystemName[];
  /** What the systems at the end of a round do, in the description of the command. */
  readonly comparedWith: string;
  readonly targets: readonly Target[];
}
