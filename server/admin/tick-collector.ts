import type { Release } from "../../shared/tick/clock.ts";
import type { Bus } from "../bus.ts";
import { RoomTicks } from "./room-ticks.ts";

/** Ticks of a room that are kept: half a minute at 20 Hz, 43 kB. */
const FULL_TICKS = 600;
/** So many rooms get that. Beyond: as many as a list needs, until somebody opens the room. */
const FULL_ROOMS = 64;
const FEW_TICKS = 60;

/** A bus subscriber while somebody looks: the last ticks of every room. */
export class TickCollector {
  readonly #bus: Bus;
  readonly #rooms = new Map<string, RoomTicks>();
  #releases: readonly Release[] = [];

  constructor(bus: Bus) {
    this.#bus = bus;
  }

  start(): void {
    const bus = this.#bus;
    this.#releases = [
      bus.on("tickDone", (report) => this.#of(report.room.id).done(report)),
      bus.on("tickFlushed", ({ room, tick, flushedMs }) =>
        this.#rooms.get(room.id)?.flushed(tick, flushedMs),
      ),
      bus.on("tickSlipped", ({ room, skippedMs }) => this.#of(room.id).slipped(skippedMs)),
      bus.on("inputLate", ({ room }) => this.#of(room.id).inputLate()),
      bus.on("playerJoined", ({ room, player }) => this.#of(room.id).note("joined", player)),
      bus.on("playerLeft", ({ room, player, reason }) => this.#of(room.id).note("left", player, reason)),
      bus.on("presenceChanged", ({ room, player, from, to, why }) => {
        if (to === "stalled" || to === "away") this.#of(room.id).note(to, player, why);
        else if (from === "returning" && to === "following") this.#of(room.id).note("resynced", player);
      }),
      bus.on("hookFailed", ({ room, where }) => this.#rooms.get(room.id)?.note("failed", null, where.hook)),
      bus.on("roomClosed", ({ room }) => void this.#rooms.delete(room.id)),
    ];
  }

  /** Nobody looks any more: everything is forgotten. */
  stop(): void {
    for (const release of this.#releases) release();
    this.#releases = [];
    this.#rooms.clear();
  }

  of(roomId: string): RoomTicks | undefined {
    return this.#rooms.get(roomId);
  }

  /** Somebody looks at this very room. */
  opened(roomId: string): RoomTicks {
    const ticks = this.#of(roomId);
    ticks.enlarge(FULL_TICKS);
    return ticks;
  }

  #of(roomId: string): RoomTicks {
    let ticks = this.#rooms.get(roomId);
    if (ticks === undefined) {
      ticks = new RoomTicks(this.#rooms.size < FULL_ROOMS ? FULL_TICKS : FEW_TICKS);
      this.#rooms.set(roomId, ticks);
    }
    return ticks;
  }
}
