import { readCheckpoint } from "../../../server/checkpoint/checkpoint-format.ts";
import type { CheckpointOptions } from "../../../server/checkpoint/checkpoint-options.ts";
import type {
  Checkpoint,
  CheckpointKey,
  CheckpointStore,
  FoundCheckpoint,
} from "../../../server/checkpoint/checkpoint-store.ts";
import type { Clock } from "../../../shared/tick/clock.ts";
import type { Kept, TownStore, Write } from "./town-store.ts";

export interface ProcessStoreParts {
  readonly store: TownStore;
  /** The process's. */
  readonly clock: Clock;
  readonly options: Pick<CheckpointOptions, "intervalMs" | "maxBytes" | "atOnce">;
  /** What must be in no checkpoint. */
  readonly secret: string;
  /** Everything that the author of a room can read now, for a room that has run in this process. */
  readonly sourcesOf: (room: string) => string | undefined;
}

/** What became of the last running checkpoint of a room, begun at `at`. */
export interface LastSave {
  readonly state: "writing" | "saved" | "failed";
  readonly at: number;
  /** When the server had its answer. */
  readonly endedAt?: number;
  readonly tick: number;
}

/** The town's store as one process has it: slow, failing, and held to what a server may ask of it. */
export class ProcessStore implements CheckpointStore {
  readonly #parts: ProcessStoreParts;
  readonly #underWay = new Map<string, Write>();
  readonly #running = new Set<string>();
  readonly #saves = new Map<string, LastSave>();
  /** When as many writes were under way as there may be: other rooms wait then. */
  busyAt = 0;
  /** Rooms whose end the store was not told of, since it failed. */
  readonly notRemoved = new Set<string>();
  /** What this process was given to go on from. */
  readonly loaded = new Map<string, Kept>();

  constructor(parts: ProcessStoreParts) {
    this.#parts = parts;
  }

  save(key: CheckpointKey, checkpoint: Checkpoint): Promise<"saved" | "stale"> {
    const { store, sourcesOf } = this.#parts;
    const bytes = checkpoint.bytes.slice();
    const sources = sourcesOf(key.room);
    const kept = this.#judge(key, { ...checkpoint, bytes }, sources);
    // The first of a restored room says that it has an owner, the last of all that it has none.
    const isRunning = kept.kind === "running" && sources !== undefined;
    if (isRunning) this.#running.add(key.room);
    if (this.#running.size > this.#parts.options.atOnce)
      store.parts.violated(`${this.#running.size} checkpoints are being written at a time`);
    const fails = store.dice.chance(0.05);
    if (fails) store.parts.suffered("save failed");
    const done = (state: "saved" | "failed"): void => {
      this.#running.delete(key.room);
      const last = this.lastSave(key.room);
      if (isRunning && last !== undefined)
        this.#saves.set(key.room, { ...last, state, endedAt: this.#parts.clock.now() });
    };
    const written = this.#write(key, fails, () => store.landed(kept));
    written.then(
      () => done("saved"),
      () => done("failed"),
    );
    return written;
  }

  remove(key: CheckpointKey, epoch: number): Promise<"removed" | "stale"> {
    const { store } = this.#parts;
    this.notRemoved.add(key.room);
    return this.#write(key, store.dice.chance(0.05), async () => {
      const outcome = await store.removed(key, epoch);
      this.notRemoved.delete(key.room);
      return outcome;
    });
  }

  list(): Promise<readonly CheckpointKey[]> {
    const { store } = this.#parts;
    return this.#answer(store.dice.pick([0, 5, 50]), () => store.list());
  }

  load(key: CheckpointKey): Promise<FoundCheckpoint> {
    const { store } = this.#parts;
    const fails = store.dice.chance(0.02);
    return this.#answer(store.dice.pick([0, 5, 50]), () => {
      if (fails) {
        store.parts.suffered("load failed");
        throw new Error("the disk does not answer");
      }
      const kept = store.kept(key);
      if (kept !== undefined) this.loaded.set(key.room, kept);
      return store.load(key);
    });
  }

  lastSave(room: string): LastSave | undefined {
    return this.#saves.get(room);
  }

  /** The process is gone, and with it everybody who waits for an answer. */
  gone(): void {
    this.#parts.store.cut(this.#underWay.values());
    this.#underWay.clear();
  }

  /** What a server may save: within its bounds, not too often, and nothing that lets anybody in. */
  #judge(key: CheckpointKey, checkpoint: Checkpoint, sources: string | undefined): Kept {
    const { store, clock, options, secret } = this.#parts;
    const { violated } = store.parts;
    const read = readCheckpoint(checkpoint.bytes);
    if (!read.ok) throw new Error(`what is saved of room ${key.room} ${read.problem}`);
    const { timeline, tick, kind } = read.saved.image;
    if (timeline !== checkpoint.epoch) violated(`room ${key.room} is saved as of another epoch`);
    if (checkpoint.bytes.length > options.maxBytes)
      violated(`a checkpoint of ${checkpoint.bytes.length} bytes`);
    if (Buffer.from(checkpoint.bytes).includes(secret))
      violated(`a secret is in a checkpoint of ${key.room}`);
    const at = clock.now();
    const since = at - (this.lastSave(key.room)?.at ?? Number.NEGATIVE_INFINITY);
    if (kind === "running" && sources !== undefined) {
      if (since < options.intervalMs - 1) violated(`room ${key.room} was saved again after ${since} ms`);
      this.#saves.set(key.room, { state: "writing", at, tick });
    }
    const from = this.loaded.get(key.room);
    return { key, checkpoint, timeline, tick, kind, sources: sources ?? from?.sources };
  }

  #write<Outcome>(key: CheckpointKey, fails: boolean, land: () => Promise<Outcome>): Promise<Outcome> {
    const { store, clock } = this.#parts;
    const { dice } = store;
    const { world, suffered, violated } = store.parts;
    if (this.#underWay.has(key.room)) violated(`two writes of room ${key.room} are under way`);
    const isSlow = dice.chance(0.06);
    if (isSlow) suffered("save slow");
    const delayMs = isSlow ? dice.int(500, 4_000) : dice.pick([0, 5, 20, 100]);
    return new Promise((resolve, reject) => {
      const answer = (settle: () => void): void => {
        this.#underWay.delete(key.room);
        clock.after(0, settle);
      };
      const stop = world.after(delayMs, () => {
        if (fails || store.isDown) answer(() => reject(new Error("the disk is full")));
        else land().then((outcome) => answer(() => resolve(outcome)), reject);
      });
      if (this.#underWay.size + 1 >= this.#parts.options.atOnce) this.busyAt = clock.now() + delayMs;
      this.#underWay.set(key.room, { key, stop, land: () => void (fails || store.isDown || land()) });
    });
  }

  #answer<Result>(delayMs: number, of: () => Promise<Result>): Promise<Result> {
    const { store, clock } = this.#parts;
    return new Promise((resolve, reject) => {
      clock.after(delayMs, () => {
        if (store.isDown) reject(new Error("the disk does not answer"));
        else
          try {
            of().then(resolve, reject);
          } catch (error) {
            reject(error);
          }
      });
    });
  }
}
