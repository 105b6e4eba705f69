import type { Clock, MonotonicMs, Release, TimeOfDay } from "../../shared/tick/clock.ts";
import type { Bus } from "../bus.ts";
import type { RoomDefinition } from "../room/define-room.ts";
import type { HandOver } from "../room/hand-over.ts";
import type { RoomCore } from "../room/room-core.ts";
import { Stagger } from "../tick/stagger.ts";
import type { CheckpointOptions } from "./checkpoint-options.ts";
import type { CheckpointStore } from "./checkpoint-store.ts";
import {
  type CheckpointFailure,
  imageCheckpoint,
  type TakenCheckpoint,
  takeCheckpoint,
} from "./room-checkpoint.ts";

export interface CheckpointWriterParts {
  readonly store: CheckpointStore;
  readonly options: CheckpointOptions;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly timeOfDay: TimeOfDay;
  readonly room: (id: string) => RoomCore | undefined;
  readonly config: (game: string) => RoomDefinition["config"] | undefined;
}

/** The longest that a room waits after failures, as a multiple of the interval. */
const MOST_BACKOFF = 32;

/** What a store forgets is saved so many times within the time that it is kept, whether it changed or not. */
const RENEWALS = 4;

/** One room, from its first tick to the end of its last write. */
interface Watched {
  readonly room: RoomCore;
  readonly place: number;
  /** `queued` for a capture, or being `written`: there is never a second write of a room under way. */
  state: "resting" | "queued" | "writing";
  /** Not before. */
  dueAt: number;
  /** The tick of the last checkpoint, and when it was written. */
  savedTick: number;
  savedAt: number;
  failures: number;
  /** What follows the write that is under way: the room has ended, or was handed over. */
  next: (() => Promise<void>) | undefined;
}

/** How a room is handed over. */
export interface SuspendOrder extends Omit<HandOver, "take"> {
  /** For so long a store that fails is asked again. */
  readonly until: MonotonicMs;
}

/** `lost`: the room stopped and is not saved. `closed`: it ended by itself before it could be handed over. */
export type SuspendOutcome = "saved" | "lost" | "closed";

/** A last checkpoint is tried again after so long: there is no next one to wait for. */
const LAST_RETRY_MS = 100;

/**
 * A bus subscriber that saves every room about once a second, where something changed. It works between ticks, takes one
 * room a turn of the event loop, spreads rooms over the interval, and lets a few writes be under way at a time: a store
 * that is slow or fails makes checkpoints older, and ticks no later.
 */
export class CheckpointWriter {
  readonly #parts: CheckpointWriterParts;
  readonly #watched = new Map<string, Watched>();
  /** Rooms that are to be handed over behind their next tick. */
  readonly #leaving = new Map<string, () => void>();
  readonly #stagger = new Stagger();
  readonly #queue: Watched[] = [];
  readonly #releases: Release[];
  /** Writes and removals under way. */
  readonly #pending = new Set<Promise<void>>();
  #writing = 0;
  #stopTurn: Release | undefined;

  constructor(parts: CheckpointWriterParts) {
    this.#parts = parts;
    this.#releases = [
      // It has a checkpoint before it has ticked.
      parts.bus.on("roomRestored", ({ room: { id } }) => void this.#known(id)),
      parts.bus.on("tickDone", ({ room: { id } }) => this.#ticked(id)),
      parts.bus.on("roomClosed", ({ room: { id } }) => this.#closed(id)),
    ];
  }

  /**
   * Stops a room behind its next tick and saves it as it is then, for another process to go on with. Until `until` the
   * store is asked again where it fails.
   *
   * @param keep see {@link HandOver}
   * @returns what came of it; `undefined` where the room closes already
   */
  suspend(room: RoomCore, { until, ...order }: SuspendOrder): Promise<SuspendOutcome> | undefined {
    const { id } = room.name;
    let settle: (outcome: SuspendOutcome) => void = () => {};
    const outcome = new Promise<SuspendOutcome>((resolve) => {
      settle = resolve;
    });
    const take: HandOver["take"] = (image) => {
      const watched = this.#watched.get(id) ?? this.#watch(room);
      this.#forget(watched);
      this.#leaving.delete(id);
      const began = this.#parts.clock.now();
      const taken = imageCheckpoint(room, image, { ...this.#parts, ...this.#parts.options });
      const captureMs = this.#parts.clock.now() - began;
      this.#follow(watched, async () => settle(await this.#writeUntil(until, watched, taken, captureMs)));
    };
    if (!room.suspend({ ...order, take })) return undefined;
    this.#leaving.set(id, () => settle("closed"));
    return outcome;
  }

  /** Resolves when nothing is under way any more, or the time is over: true where all is written. */
  async settled(withinMs: number): Promise<boolean> {
    let stopTimer: Release = () => {};
    const timeout = new Promise<void>((resolve) => {
      stopTimer = this.#parts.clock.after(withinMs, resolve);
    });
    const all = async (): Promise<void> => {
      while (this.#pending.size > 0) await Promise.all(this.#pending);
    };
    await Promise.race([all(), timeout]);
    stopTimer();
    return this.#pending.size === 0;
  }

  release(): void {
    for (const release of this.#releases) release();
    this.#stopTurn?.();
    this.#queue.length = 0;
  }

  #ticked(id: string): void {
    const watched = this.#known(id);
    if (watched === undefined || watched.state !== "resting" || this.#parts.clock.now() < watched.dueAt)
      return;
    if (!this.#hasChanged(watched)) return;
    watched.state = "queued";
    this.#queue.push(watched);
    this.#wakeUp();
  }

  #known(id: string): Watched | undefined {
    const before = this.#watched.get(id);
    if (before !== undefined) return before;
    const room = this.#parts.room(id);
    if (room === undefined) return undefined;
    const watched = this.#watch(room);
    this.#watched.set(id, watched);
    return watched;
  }

  /** What a game keeps beside the state, only the game knows. Before a store forgets it, it is saved in any case. */
  #hasChanged({ room, savedTick, savedAt }: Watched): boolean {
    const { keptMs = Number.POSITIVE_INFINITY } = this.#parts.store;
    if (this.#parts.clock.now() - savedAt > keptMs / RENEWALS) return true;
    const config = this.#parts.config(room.name.game);
    return config?.save !== undefined || config?.admit !== undefined || room.changedAt > savedTick;
  }

  #forget({ room, place }: Watched): void {
    this.#watched.delete(room.name.id);
    this.#stagger.release(place);
  }

  #watch(room: RoomCore): Watched {
    const place = this.#stagger.take();
    const { clock, options } = this.#parts;
    const dueAt = clock.now() + Stagger.phase(place) * options.intervalMs;
    return {
      room,
      place,
      state: "resting",
      dueAt,
      savedTick: 0,
      savedAt: clock.now(),
      failures: 0,
      next: undefined,
    };
  }

  #wakeUp(): void {
    if (this.#stopTurn !== undefined || this.#queue.length === 0) return;
    if (this.#writing >= this.#parts.options.atOnce) return;
    this.#stopTurn = this.#parts.clock.soon(() => {
      this.#stopTurn = undefined;
      const watched = this.#queue.shift();
      if (watched !== undefined) this.#capture(watched);
      this.#wakeUp();
    });
  }

  #capture(watched: Watched): void {
    watched.state = "resting";
    if (watched.room.closedBy !== undefined) return;
    const { clock, options } = this.#parts;
    const began = clock.now();
    watched.dueAt = began + options.intervalMs;
    const taken = takeCheckpoint(watched.room, "running", { ...this.#parts, ...options });
    if (taken.state === "not-now") watched.dueAt = began;
    else this.#follow(watched, async () => void (await this.#write(watched, taken, clock.now() - began)));
  }

  /** Does something with a room's place in the store, behind what is under way there. */
  #follow(watched: Watched, work: () => Promise<void>): void {
    if (watched.state === "writing") {
      watched.next = work;
      return;
    }
    watched.state = "writing";
    this.#writing += 1;
    const pending = work().then(() => {
      this.#pending.delete(pending);
      this.#writing -= 1;
      watched.state = "resting";
      const { next } = watched;
      watched.next = undefined;
      if (next !== undefined) this.#follow(watched, next);
      this.#wakeUp();
    });
    this.#pending.add(pending);
  }

  /** The last checkpoint of a room. */
  async #writeUntil(
    until: MonotonicMs,
    watched: Watched,
    taken: TakenCheckpoint,
    captureMs: number,
  ): Promise<SuspendOutcome> {
    const { clock } = this.#parts;
    for (;;) {
      const outcome = await this.#write(watched, taken, captureMs);
      if (outcome === "saved") return "saved";
      if (outcome === "refused" || clock.now() + LAST_RETRY_MS > until) return "lost";
      await new Promise<void>((resolve) => clock.after(LAST_RETRY_MS, resolve));
    }
  }

  /** Never rejects. `refused`: to try the same again would end in the same way. */
  async #write(
    watched: Watched,
    taken: TakenCheckpoint,
    captureMs: number,
  ): Promise<"saved" | "failed" | "refused"> {
    if (taken.state === "not-now") this.#failed(watched, "save-threw", "its last tick was not published.");
    else if (taken.state === "failed") this.#failed(watched, taken.reason, taken.message);
    else return this.#store(watched, taken, captureMs);
    return "refused";
  }

  async #store(
    watched: Watched,
    { tick, kind, bytes }: Extract<TakenCheckpoint, { state: "taken" }>,
    captureMs: number,
  ): Promise<"saved" | "failed" | "refused"> {
    const { store, bus, clock } = this.#parts;
    const { room } = watched;
    const began = clock.now();
    try {
      if ((await store.save(keyOf(room), { bytes, epoch: room.lineage.timeline })) === "stale") {
        this.#failed(watched, "stale", "another server has the room by now: this one is to be stopped.");
        return "refused";
      }
    } catch (error) {
      this.#failed(watched, "store", `the store failed: ${(error as Error).message}.`);
      return "failed";
    }
    watched.savedTick = tick;
    watched.savedAt = clock.now();
    watched.failures = 0;
    const writeMs = watched.savedAt - began;
    bus.emit("checkpointSaved", { room: room.name, tick, kind, bytes: bytes.length, captureMs, writeMs });
    return "saved";
  }

  #failed(watched: Watched, reason: CheckpointFailure, message: string): void {
    const { bus, clock, options } = this.#parts;
    watched.failures += 1;
    watched.dueAt = clock.now() + options.intervalMs * Math.min(2 ** watched.failures, MOST_BACKOFF);
    bus.emit("checkpointFailed", { room: watched.room.name, reason, message });
  }

  /** A room that ended has no future; one that was handed over is not watched any more. */
  #closed(id: string): void {
    this.#leaving.get(id)?.();
    this.#leaving.delete(id);
    const watched = this.#watched.get(id);
    if (watched === undefined) return;
    this.#forget(watched);
    const { store } = this.#parts;
    const { room } = watched;
    this.#follow(watched, async () => {
      try {
        await store.remove(keyOf(room), room.lineage.timeline);
      } catch (error) {
        this.#failed(watched, "store", `it could not be removed: ${(error as Error).message}.`);
      }
    });
  }
}

const keyOf = ({ name: { game, id } }: RoomCore) => ({ game, room: id });
