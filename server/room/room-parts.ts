import type { Game } from "../../shared/definition/game.ts";
import type { SeededRandom } from "../../shared/random/seeded-random.ts";
import type { GameLayout } from "../../shared/state/game-layout.ts";
import type { Clock } from "../../shared/tick/clock.ts";
import type { Bus } from "../bus.ts";
import type { EventExchange } from "../events/event-hub.ts";
import type { ServerLimits } from "../limits.ts";
import type { Transport } from "../transport/transport.ts";
import type { Arrivals } from "./arrivals.ts";
import type { AnyRoomConfig } from "./define-room.ts";
import type { RoomPast } from "./image/room-image.ts";

/** What a room is made of that it does not make itself. */
export interface RoomParts {
  readonly game: Game;
  readonly layout: GameLayout;
  readonly config: AnyRoomConfig;
  readonly id: string;
  /** Unique in the process; the first part of the room's topics. */
  readonly topicPrefix: string;
  readonly options: unknown;
  readonly loaded: unknown;
  readonly random: SeededRandom;
  /** What the room was before its server was started again. */
  readonly past?: RoomPast | undefined;
  readonly clock: Clock;
  /** Names the clock for peers on the same machine. */
  readonly clockId: string | undefined;
  readonly transport: Pick<Transport, "publish" | "afterFlush">;
  readonly bus: Bus;
  readonly limits: ServerLimits;
  /** A new seat's secret, which nobody can guess. */
  readonly secret: () => string;
  /** Events between rooms and servers. Absent: nobody hears or tells any. */
  readonly exchange?: EventExchange | undefined;
  /** Asked before each tick is published: false where another server may own the room by now. Absent: none can. */
  readonly mayPublish?: (() => boolean) | undefined;
  /** Default: a queue of what comes. */
  readonly arrivals?: Arrivals;
  /** Called once, when the room has closed. */
  readonly onClosed: () => void;
}
