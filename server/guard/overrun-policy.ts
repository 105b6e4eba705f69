import type { Clock, MonotonicMs, Release } from "../../shared/tick/clock.ts";
import { periodMs } from "../../shared/tick/tick.ts";
import type { Bus } from "../bus.ts";
import type { ServerLimits } from "../limits.ts";
import type { RoomCore } from "../room/room-core.ts";

export interface OverrunPolicyParts {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly limits: Pick<ServerLimits, "maxOverrunMs" | "onOverrun">;
  readonly room: (id: string) => Pick<RoomCore, "game" | "close"> | undefined;
}

/**
 * A bus subscriber: a room whose every published tick takes longer than its period, for too long, takes the time of
 * all others. It is told on the bus, and closed where that is the policy. One tick in time, and it starts anew.
 */
export class OverrunPolicy {
  readonly #since = new Map<string, MonotonicMs>();
  readonly #releases: readonly Release[];

  constructor({ bus, clock, limits, room: find }: OverrunPolicyParts) {
    this.#releases = [
      bus.on("tickDone", ({ room, tick, stepMs, commitMs, publishMs }) => {
        const core = find(room.id);
        if (core === undefined) return;
        const tickMs = stepMs + commitMs + publishMs;
        const period = periodMs(core.game.spec.tickRate);
        if (tickMs <= period) {
          this.#since.delete(room.id);
          return;
        }
        const now = clock.now();
        const since = this.#since.get(room.id);
        if (since === undefined) this.#since.set(room.id, now);
        else if (now - since >= limits.maxOverrunMs) {
          this.#since.delete(room.id);
          bus.emit("roomOverran", { room, tick, tickMs, periodMs: period });
          if (limits.onOverrun === "close") core.close("room-overloaded");
        }
      }),
      bus.on("roomClosed", ({ room }) => void this.#since.delete(room.id)),
    ];
  }

  release(): void {
    for (const release of this.#releases) release();
  }
}
