import type { Release } from "../shared/tick/clock.ts";
import type { Bus } from "./bus.ts";

/** How much of the past counts: the newest tick weighs a twentieth, so a second or so at 20 Hz. */
const NEWEST = 1 / 20;

/** A room's first ticks run code that is not compiled yet: they say nothing of what follows. */
const COLD_TICKS = 10;

interface Load {
  flushed: number;
  flushedMs: number;
  players: number;
}

/** A bus subscriber: what a room's ticks cost, up to the transport's flush, as a moving average. */
export class LoadMeter {
  readonly #rooms = new Map<string, Load>();
  readonly #releases: readonly Release[];

  constructor(bus: Bus) {
    this.#releases = [
      bus.on("tickDone", ({ room, players }) => {
        const known = this.#rooms.get(room.id);
        if (known === undefined) this.#rooms.set(room.id, { flushed: 0, flushedMs: 0, players });
        else known.players = players;
      }),
      bus.on("tickFlushed", ({ room, flushedMs }) => {
        const known = this.#rooms.get(room.id);
        if (known === undefined || ++known.flushed <= COLD_TICKS) return;
        known.flushedMs =
          known.flushedMs === 0 ? flushedMs : known.flushedMs + (flushedMs - known.flushedMs) * NEWEST;
      }),
      bus.on("roomClosed", ({ room }) => void this.#rooms.delete(room.id)),
    ];
  }

  tickMicroseconds(roomId: string): number | undefined {
    const known = this.#rooms.get(roomId);
    return known === undefined || known.flushedMs === 0 ? undefined : Math.round(known.flushedMs * 1000);
  }

  microsecondsPerPlayer(roomId: string): number | undefined {
    const known = this.#rooms.get(roomId);
    if (known === undefined || known.flushedMs === 0 || known.players === 0) return undefined;
    return Math.round((known.flushedMs * 10_000) / known.players) / 10;
  }

  release(): void {
    for (const release of this.#releases) release();
  }
}
