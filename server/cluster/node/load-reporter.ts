import type { Release } from "../../../shared/tick/clock.ts";
import type { Bus } from "../../bus.ts";
import type { NodeReport } from "../directory/directory.ts";
import type { NodeRegistration } from "../directory/node-record.ts";
import { pressureOf } from "../directory/pressure.ts";
import type { HostedRoom } from "./hosted-room.ts";
import { LatenessHistogram } from "./lateness-histogram.ts";

export interface LoadReporterParts {
  readonly bus: Bus;
  readonly rooms: () => ReadonlyMap<string, HostedRoom>;
  /** The share of its time that the event loop was busy since this was last asked, 0 to 1. */
  readonly eventLoopUse: () => number;
  readonly bounds: Pick<NodeRegistration, "maxRooms" | "maxPlayers">;
}

/** A bus subscriber: how busy this node was since its last report. */
export class LoadReporter {
  readonly #parts: LoadReporterParts;
  readonly #lateness = new LatenessHistogram();
  readonly #release: Release;

  constructor(parts: LoadReporterParts) {
    this.#parts = parts;
    this.#release = parts.bus.on("tickDone", ({ latenessMs }) => this.#lateness.add(latenessMs));
  }

  take(): NodeReport {
    const { rooms: hosted, eventLoopUse, bounds } = this.#parts;
    const rooms = hosted();
    let players = 0;
    for (const { seats } of rooms.values()) players += seats.size;
    const load = {
      rooms: rooms.size,
      players,
      eventLoopUse: Math.min(1, Math.max(0, eventLoopUse())),
      tickLatenessMs: this.#lateness.take(),
    };
    return { load, pressure: pressureOf(load, bounds) };
  }

  release(): void {
    this.#release();
  }
}
