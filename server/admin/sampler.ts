import type { Clock, Release } from "../../shared/tick/clock.ts";
import type { Bus } from "../bus.ts";
import type { RoomCore } from "../room/room-core.ts";
import { playersByState } from "./describe-room.ts";
import type { ProcessReadings } from "./process-readings.ts";
import { ServerCounters } from "./server-counters.ts";
import { ServerSeries } from "./server-series.ts";

const PERIOD_MS = 1_000;

export interface SamplerParts {
  readonly bus: Bus;
  readonly clock: Clock;
  /** Milliseconds of the time of day. */
  readonly timeOfDay: () => number;
  readonly rooms: () => Iterable<RoomCore>;
  readonly process: ProcessReadings;
}

/** Takes the server's figures once a second, whether anybody looks or not: who opens the page sees what was. */
export class Sampler {
  readonly series = new ServerSeries();
  readonly #parts: SamplerParts;
  readonly #counters: ServerCounters;
  #timer: Release;
  #sampledAt: number;
  #cpuMs: number;

  constructor(parts: SamplerParts) {
    this.#parts = parts;
    this.#counters = new ServerCounters(parts.bus);
    this.#sampledAt = parts.clock.now();
    this.#cpuMs = parts.process.read().cpuMs;
    this.#timer = this.#arm();
  }

  release(): void {
    this.#timer();
    this.#counters.release();
  }

  #arm(): Release {
    return this.#parts.clock.after(PERIOD_MS, () => {
      this.#sample();
      this.#timer = this.#arm();
    });
  }

  #sample(): void {
    const { clock, rooms, process, timeOfDay } = this.#parts;
    const all = [...rooms()];
    const players = playersByState(all);
    const now = clock.now();
    const seconds = (now - this.#sampledAt) / 1000;
    const { cpuMs, busy, ...reading } = process.read();
    const { ticks, frames, bytes, ...counted } = this.#counters.take();
    this.series.add(timeOfDay(), {
      rooms: all.length,
      players: all.reduce((sum, room) => sum + room.seats.size, 0),
      stalled: players.stalled,
      away: players.away,
      ticks: ticks / seconds,
      frames: frames / seconds,
      bytes: bytes / seconds,
      ...counted,
      cpu: (cpuMs - this.#cpuMs) / seconds / 10,
      busy: busy * 100,
      ...reading,
    });
    this.#sampledAt = now;
    this.#cpuMs = cpuMs;
  }
}
