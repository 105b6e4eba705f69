import type { Clock, TimeOfDay } from "../shared/tick/clock.ts";
import type { HandshakeGate } from "./access/origin-gate.ts";
import type { Bus } from "./bus.ts";
import type { CheckpointOptions } from "./checkpoint/checkpoint-options.ts";
import type { CheckpointStore } from "./checkpoint/checkpoint-store.ts";
import type { MakeClusterPart } from "./cluster/cluster-part.ts";
import type { ServerLimits } from "./limits.ts";
import type { RoomDefinition } from "./room/define-room.ts";
import type { WatchNewRoom } from "./room/room-tap.ts";
import type { SchedulerOptions } from "./tick/tick-scheduler.ts";
import type { Tickets } from "./tickets/tickets.ts";
import type { Transport } from "./transport/transport.ts";
import type { RoomWatch } from "./watchdog/watched-scheduler.ts";

/** Answers what the server itself does not; `undefined` passes the request on. */
export type HttpHandler = (
  request: Request,
  remoteAddress: string,
) => Response | undefined | Promise<Response | undefined>;

/** Where rooms are saved, and how. */
export interface CheckpointParts extends Partial<CheckpointOptions> {
  readonly store: CheckpointStore;
  readonly timeOfDay: TimeOfDay;
}

/** What a server is made of: everything that touches the world comes from outside. */
export interface GameServerParts {
  readonly rooms: readonly RoomDefinition[];
  readonly transport: Transport;
  readonly clock: Clock;
  /** Names the clock, for peers that share it. */
  readonly clockId?: string;
  readonly bus?: Bus;
  readonly limits?: Partial<ServerLimits>;
  readonly scheduler?: Partial<SchedulerOptions>;
  /** A new room's id. */
  readonly roomId: () => string;
  /** What returns a player to their seat: nobody can guess it. */
  readonly secret: () => string;
  /** A new room's seed. */
  readonly seed: () => number;
  /** Where rooms are saved; absent: nowhere. */
  readonly checkpoints?: CheckpointParts | undefined;
  /** Asked about each handshake, in this order, after the server itself. */
  readonly gates?: readonly HandshakeGate[];
  /** Signs and judges join tickets. Absent: there are none. */
  readonly tickets?: Tickets;
  /** Makes the server a node of a cluster. Absent: it is alone. */
  readonly cluster?: MakeClusterPart | undefined;
  /** Where players reach this server, as in `https://play-3.example.com`. Absent: where they asked. */
  readonly publicUrl?: string;
  /** Told which room's code runs. */
  readonly watch?: RoomWatch;
  /** Listens in on rooms. */
  readonly watchNewRoom?: WatchNewRoom;
  /** Asked after the server's own addresses, in this order. */
  readonly http?: readonly HttpHandler[];
}
