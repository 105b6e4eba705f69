import { GameServer } from "../../../server/game-server.ts";
import { MemoryTransport } from "../../../server/transport/memory/memory-transport.ts";
import type { Clock } from "../../../shared/tick/clock.ts";
import type { Dice } from "../dice.ts";
import { ProcessClock } from "./process-clock.ts";
import { type TownBooks, townRooms } from "./town-games.ts";

/** Shorter than real ones, so that a few hundred ticks reach beyond them. */
const LIMITS = { horizonMs: 5_000, maxStalledMs: 4_000, stallBacklogBytes: 256, maxRooms: 12 };
/** For a client that stands still too long. */
const MAX_BUFFERED_BYTES = 4 * 1024;

export interface TownProcessParts {
  readonly world: Clock;
  readonly dice: Dice;
  readonly books: TownBooks;
  /** The first of the ids of its rooms: no two processes have a room of the same id. */
  readonly name: string;
  /** Something that happens in a process: a change of state, an end. */
  readonly happened: (what: string) => void;
  readonly violated: (what: string) => void;
}

/** A server in a process of its own, and what it committed. */
export class TownProcess {
  readonly transport: MemoryTransport;
  readonly server: GameServer;
  /** Rooms that failed, by id. */
  readonly failed = new Set<string>();
  readonly #clock: ProcessClock;
  /** Of every published tick: `room tick` to the hash of what it committed. */
  readonly #hashes = new Map<string, string>();
  readonly #violated: (what: string) => void;

  constructor({ world, dice, books, name, happened, violated }: TownProcessParts) {
    const clock = new ProcessClock(world);
    this.#clock = clock;
    this.#violated = violated;
    let rooms = 0;
    let secrets = 0;
    this.transport = new MemoryTransport({ clock, limits: { maxBufferedBytes: MAX_BUFFERED_BYTES } });
    this.server = new GameServer({
      rooms: townRooms(clock, dice, books),
      transport: this.transport,
      clock,
      clockId: "town",
      limits: LIMITS,
      scheduler: { spinBelowRooms: 0 },
      roomId: () => `${name}-${rooms++}`,
      secret: () => `${name}-${secrets++}`,
      seed: () => dice.int(0, 2 ** 32 - 1),
    });
    const { bus } = this.server;
    bus.on("tickDone", ({ room, tick, players }) => {
      const core = this.server.matchmaker.rooms.get(room.id);
      if (core === undefined) return;
      this.#hashes.set(`${room.id} ${tick}`, core.state.hash());
      if (players > core.maxPlayers || core.seats.taken > core.maxPlayers)
        violated(`room ${room.id} has ${core.seats.taken} of ${core.maxPlayers} seats taken`);
    });
    bus.on("roomClosed", ({ room, reason }) => {
      happened(`room closed as ${reason}`);
      if (reason === "room-failed") this.failed.add(room.id);
    });
    bus.on("hookFailed", ({ where }) => happened(`${where.hook} threw`));
    bus.on("tickSlipped", () => happened("slip"));
    bus.on("presenceChanged", ({ from, to }) => happened(`${from} → ${to}`));
    bus.on("listenerFailed", ({ error }) => violated(`a listener failed: ${String(error)}`));
    bus.on("transportFailed", ({ error, where }) =>
      violated(`the transport failed in ${where}: ${String(error)}`),
    );
    bus.on("sessionClosed", ({ name: close }) => {
      if (close === "bad-frame") violated("the server closed a client as bad-frame");
    });
  }

  listen(): Promise<unknown> {
    return this.server.listen({ host: "memory", port: 0 });
  }

  /** What a tick committed; `undefined` where it was never published. */
  hashOf(room: string, tick: number): string | undefined {
    return this.#hashes.get(`${room} ${tick}`);
  }

  pause(ms: number): void {
    this.#clock.pause(ms);
  }

  /** It is gone at once: connections break, and nothing of it runs any more. */
  crash(): void {
    this.transport.close();
    this.#clock.kill();
  }

  /** Everybody has left, and it was told to stop: nothing is to be there any more. */
  expectNothingLeft(): void {
    const left = {
      rooms: this.server.matchmaker.rooms.size,
      sessions: this.server.sessions.size,
      timers: this.#clock.pending,
      topics: this.transport.topicCount,
    };
    for (const [what, count] of Object.entries(left))
      if (count !== 0) this.#violated(`${count} ${what} are left after everybody is gone`);
  }
}
