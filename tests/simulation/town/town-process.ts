import { GameServer } from "../../../server/game-server.ts";
import type { LeaveReason } from "../../../server/room/define-room.ts";
import type { RoomCore } from "../../../server/room/room-core.ts";
import { MemoryTransport } from "../../../server/transport/memory/memory-transport.ts";
import { closeCodes } from "../../../shared/protocol/close-codes.ts";
import type { Clock } from "../../../shared/tick/clock.ts";
import { ticksIn } from "../../../shared/tick/tick.ts";
import type { Dice } from "../dice.ts";
import { LONGEST_SILENCE_MS } from "../faults.ts";
import { type Chronicle, RoomLife } from "./chronicle.ts";
import { ProcessClock } from "./process-clock.ts";
import { ProcessStore } from "./process-store.ts";
import { type TownBooks, townRooms } from "./town-games.ts";
import type { TownStore } from "./town-store.ts";

/**
 * Shorter than real ones, so that a few hundred ticks reach beyond them; but as with those an id rests for longer than
 * anybody takes a dead line to a seat that is gone for whole.
 */
const LIMITS = {
  horizonMs: LONGEST_SILENCE_MS + 1_000,
  maxStalledMs: 4_000,
  stallBacklogBytes: 256,
  maxRooms: 12,
};
/** For a client that stands still too long. */
const MAX_BUFFERED_BYTES = 4 * 1024;
const CHECKPOINTS = { intervalMs: 600, maxBytes: 16 * 1024, atOnce: 4, stopWithinMs: 2_000 };
/** Some day of 2023, when the clock of a town says 0. */
const BEGAN_AT = 1_700_000_000_000;
/** Of the slower of the games. */
const MOST_PERIOD_MS = 100;
/** Why a checkpoint is left where it is. */
const REFUSALS = [
  "another version of the game",
  "another version of Tickcast",
  "is damaged",
  "none of Tickcast's",
  "is gone",
  "could not be loaded",
  "restore threw",
  "maxRooms",
];
const SECRET = "the seat of ";

export interface TownProcessParts {
  readonly world: Clock;
  readonly dice: Dice;
  readonly store: TownStore;
  readonly chronicle: Chronicle;
  readonly books: Pick<TownBooks, "acted"> & { readonly nextTold: () => number };
  /** The first of the ids of its rooms: no two processes give the same id to a room. */
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
  /** Since when it drains. */
  drainsSince: number | undefined;
  readonly #parts: TownProcessParts;
  readonly #clock: ProcessClock;
  readonly #store: ProcessStore;
  readonly #lives = new Map<string, RoomLife>();
  /** Every room that ever ran here. */
  readonly #cores = new Map<string, RoomCore>();
  /** In which tick a player went away: `room player`. */
  readonly #away = new Map<string, number>();
  /** Rooms that were there to be opened again, and were not. */
  readonly #refused = new Set<string>();

  constructor(parts: TownProcessParts) {
    const { world, dice, books, name, store, violated } = parts;
    const clock = new ProcessClock(world);
    this.#parts = parts;
    this.#clock = clock;
    let rooms = 0;
    let secrets = 0;
    this.transport = new MemoryTransport({ clock, limits: { maxBufferedBytes: MAX_BUFFERED_BYTES } });
    this.#store = new ProcessStore({
      ...{ store, clock, secret: SECRET, options: CHECKPOINTS },
      sourcesOf: (room) => {
        const core = this.#cores.get(room);
        return core && sourcesOf(core);
      },
    });
    this.server = new GameServer({
      rooms: townRooms(clock, dice, {
        acted: books.acted,
        told: (room, to) => {
          const n = books.nextTold();
          this.#life(room.id).tell({ n, to, tick: room.tick });
          return n;
        },
        taken: (room, n) => this.#life(room.id).take(room.tick, n),
        left: (room, number, reason) => void this.#life(room.id).left.set(number, reason),
        restored: (room, savedAt) => {
          const from = this.#store.loaded.get(room.id)?.tick;
          if (from !== savedAt) violated(`room ${room.id} was saved at ${from}, and its game at ${savedAt}`);
        },
      }),
      transport: this.transport,
      clock,
      clockId: "town",
      limits: LIMITS,
      scheduler: { spinBelowRooms: 0 },
      roomId: () => `${name}-${rooms++}`,
      secret: () => `${SECRET}${name}-${secrets++}`,
      seed: () => dice.int(0, 2 ** 32 - 1),
      checkpoints: { ...CHECKPOINTS, store: this.#store, timeOfDay: () => BEGAN_AT + world.now() },
    });
    this.#listen();
    this.#listenToCheckpoints();
  }

  /** Opens what was saved, then lets players in. False where the store could not even be listed. */
  async start(): Promise<boolean> {
    try {
      await this.server.restore();
    } catch {
      this.#parts.happened("could not start");
      return false;
    }
    await this.server.listen({ host: "memory", port: 0 });
    return true;
  }

  /** The life that this process gives a room. */
  life(room: string): RoomLife | undefined {
    return this.#lives.get(room);
  }

  pause(ms: number): void {
    this.#clock.pause(ms);
  }

  /** It is gone at once: connections break, and nothing of it runs any more. */
  crash(): void {
    this.#expectFresh();
    this.transport.close();
    this.#clock.kill();
    this.#store.gone();
  }

  /** Everybody has left, and it was told to stop: nothing is to be there any more. */
  expectNothingLeft(): void {
    const left = {
      rooms: this.server.matchmaker.rooms.size,
      sessions: this.server.sessions.size,
      timers: this.#clock.pending,
      topics: this.transport.topicCount,
      checkpoints: this.#parts.store.all().filter(({ key: { room } }) => this.#isToBeRemoved(room)).length,
    };
    for (const [what, count] of Object.entries(left))
      if (count !== 0) this.#parts.violated(`${count} ${what} are left after everybody is gone`);
  }

  /** It has ended here, and the store was told so. */
  #isToBeRemoved(room: string): boolean {
    return this.#cores.has(room) && !this.#refused.has(room) && !this.#store.notRemoved.has(room);
  }

  /** Where the store works, and the process was not held up either, no checkpoint is older than the interval. */
  #expectFresh(): void {
    const { intervalMs } = CHECKPOINTS;
    const now = this.#clock.now();
    const calmSince = Math.max(this.#clock.pausedUntil, this.#store.busyAt);
    for (const [room, core] of this.server.matchmaker.rooms) {
      const life = this.life(room);
      const first = life?.ticks.values().next().value;
      const last = this.#store.lastSave(room);
      if (life === undefined || first === undefined || last?.state === "failed") continue;
      const since = Math.max(first.at, calmSince, last?.endedAt ?? 0);
      if (last?.state === "writing" || core.changedAt <= (last?.tick ?? 0)) continue;
      // Rooms are spread over the interval, and saved behind a tick of theirs.
      if (now - since > 2 * intervalMs + MOST_PERIOD_MS)
        this.#parts.violated(`room ${room} is not saved since ${since}, now it is ${now}`);
    }
  }

  #life(room: string): RoomLife {
    const life = this.#lives.get(room);
    if (life !== undefined) return life;
    const core = this.server.matchmaker.rooms.get(room);
    if (core === undefined) throw new Error(`there is no room ${room}`);
    return this.#begin(core, new RoomLife(room));
  }

  #begin(core: RoomCore, life: RoomLife): RoomLife {
    this.#lives.set(life.room, life);
    this.#cores.set(life.room, core);
    return this.#parts.chronicle.begin(life);
  }

  #listen(): void {
    const { happened, violated } = this.#parts;
    const { bus } = this.server;
    bus.on("tickDone", ({ room, tick, players }) => {
      const core = this.server.matchmaker.rooms.get(room.id);
      if (core === undefined) return;
      const life = this.#life(room.id);
      if (tick <= life.lastTick) violated(`room ${room.id} ticks from ${life.lastTick} to ${tick}`);
      life.publish(tick, core.state.hash(), this.#clock.now());
      if (players > core.maxPlayers || core.seats.taken > core.maxPlayers)
        violated(`room ${room.id} has ${core.seats.taken} of ${core.maxPlayers} seats taken`);
      for (const { row } of core.seats) {
        const { number, heard } = row as unknown as { readonly number: number; readonly heard: number };
        const taken = life.calls.get(number)?.length ?? 0;
        if (heard !== taken)
          violated(`room ${room.id} counts ${heard} of ${taken} calls of client ${number}`);
      }
    });
    bus.on("playerJoined", ({ room, player }) => {
      const life = this.#life(room.id);
      if (life.seats.has(player)) violated(`player ${player} of ${room.id} has a seat already`);
      life.seats.add(player);
      life.given.set(player, this.#cores.get(room.id)?.tick ?? 0);
      for (const earlier of this.#parts.chronicle.livesOf(room.id))
        if (life.comesFrom(earlier) && (earlier.given.get(player) ?? 0) > life.sharedWith(earlier))
          violated(`the id ${player} of ${room.id} is given again, and was in a tick that was undone`);
    });
    bus.on("playerLeft", ({ room, player, reason }) => {
      this.#expectLeft(room.id, player, reason);
      this.#life(room.id).seats.delete(player);
      this.#away.delete(`${room.id} ${player}`);
    });
    bus.on("roomClosed", ({ room, reason }) => {
      happened(`room closed as ${reason}`);
      if (reason === "room-failed") this.failed.add(room.id);
    });
    bus.on("hookFailed", ({ where }) => happened(`${where.hook} threw`));
    bus.on("tickSlipped", () => happened("slip"));
    bus.on("presenceChanged", ({ room, player, from, to }) => {
      happened(`${from} → ${to}`);
      const seat = `${room.id} ${player}`;
      const core = this.server.matchmaker.rooms.get(room.id);
      if (to === "away" && core !== undefined) this.#away.set(seat, core.tick);
      else if (to !== "gone") this.#away.delete(seat);
    });
    bus.on("listenerFailed", ({ error }) => violated(`a listener failed: ${String(error)}`));
    bus.on("transportFailed", ({ error, where }) =>
      violated(`the transport failed in ${where}: ${String(error)}`),
    );
    bus.on("sessionClosed", ({ name: close }) => {
      if (close === "bad-frame") violated("the server closed a client as bad-frame");
    });
  }

  #listenToCheckpoints(): void {
    const { happened, violated } = this.#parts;
    const { bus } = this.server;
    bus.on("checkpointSaved", ({ kind }) => happened(`saved as ${kind}`));
    bus.on("checkpointFailed", ({ reason }) => {
      happened(`not saved: ${reason}`);
      if (reason !== "store") violated(`a checkpoint failed as ${reason}`);
    });
    bus.on("checkpointRefused", ({ room, message }) => {
      const why = REFUSALS.find((refusal) => message.includes(refusal));
      happened(`refused: ${why}`);
      if (why === undefined) violated(`the checkpoint of ${room.id} was refused: ${message}`);
      this.#refused.add(room.id);
    });
    bus.on("roomRestored", (restored) => {
      happened(`restored as ${restored.kind}`);
      this.#restored(restored.room.id, restored);
    });
  }

  /** A room goes on: exactly as it was saved, in a timeline of its own, beyond everything that was published. */
  #restored(
    room: string,
    { tick, timeline, players }: { tick: number; timeline: number; players: readonly number[] },
  ): void {
    const { chronicle, violated } = this.#parts;
    const from = this.#store.loaded.get(room);
    const core = this.server.matchmaker.rooms.get(room);
    const parent = from && chronicle.life(room, from.timeline);
    if (from === undefined || core === undefined || parent === undefined) {
      violated(`room ${room} was restored from nothing that is known`);
      return;
    }
    const life = new RoomLife(room, timeline, { life: parent, tick: from.tick, kind: from.kind });
    for (const earlier of chronicle.livesOf(room)) {
      if (earlier.timeline >= timeline)
        violated(`timeline ${timeline} of ${room} follows ${earlier.timeline}`);
      // Behind a crash the time that passed tells how far one can have come that is unknown; behind a stop none passes.
      const isUnknown = earlier.origin?.kind === "exact" && !life.comesFrom(earlier);
      if (earlier.lastTick >= tick && !isUnknown)
        violated(`room ${room} goes on with tick ${tick}, ${earlier.lastTick} was published`);
    }
    if (from.kind === "exact" && tick !== from.tick + 1)
      violated(`room ${room} stopped behind tick ${from.tick}, and goes on with ${tick}`);
    if (from.sources !== sourcesOf(core))
      violated(`room ${room} was saved as ${from.sources}, and is ${sourcesOf(core)}`);
    if ([...life.seats].sort().join() !== [...players].sort().join())
      violated(`room ${room} had the players ${[...life.seats].join()}, and has ${players.join()}`);
    for (const player of players) this.#away.set(`${room} ${player}`, tick - 1);
    this.#begin(core, life);
  }

  /** Who lost the connection keeps the seat for the grace period, whatever becomes of the process meanwhile. */
  #expectLeft(room: string, player: number, reason: LeaveReason): void {
    const core = this.server.matchmaker.rooms.get(room);
    const since = this.#away.get(`${room} ${player}`);
    if (core === undefined || since === undefined || reason.startsWith("room-")) return;
    if (reason !== "connection-lost" && closeCodes[reason].retry === "never") return;
    const graceMs = this.server.matchmaker.definition(core.name.game)?.config.graceMs ?? 0;
    const due = since + ticksIn(graceMs, core.game.spec.tickRate);
    if (core.tick < due)
      this.#parts.violated(`player ${player} of ${room} left in tick ${core.tick}, away since ${since}`);
  }
}

/** Everything that the author can read of a room. */
function sourcesOf({ state }: RoomCore): string {
  return JSON.stringify(
    state.layout.tables.map((table) => [...state.rows(table)].map(({ source }) => source)),
  );
}
