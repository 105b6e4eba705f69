import { readCheckpoint, writeCheckpoint } from "../../../server/checkpoint/checkpoint-format.ts";
import type {
  Checkpoint,
  CheckpointKey,
  FoundCheckpoint,
} from "../../../server/checkpoint/checkpoint-store.ts";
import { MemoryCheckpointStore } from "../../../server/checkpoint/memory-store.ts";
import type { ImageKind } from "../../../server/room/image/room-image.ts";
import type { Clock, Release } from "../../../shared/tick/clock.ts";
import type { Dice } from "../dice.ts";
import type { FaultKind } from "../faults.ts";

/** What is kept of a room, as the town knows it. */
export interface Kept {
  readonly key: CheckpointKey;
  readonly checkpoint: Checkpoint;
  readonly timeline: number;
  readonly tick: number;
  readonly kind: ImageKind;
  /** Everything that the author could read when it was taken. */
  readonly sources: string | undefined;
}

export interface TownStoreParts {
  readonly world: Clock;
  readonly dice: Dice;
  readonly suffered: (fault: FaultKind) => void;
  readonly happened: (what: string) => void;
  readonly violated: (what: string) => void;
}

/** What a process writes: on its way until it lands, whatever becomes of the process meanwhile. */
export interface Write {
  readonly key: CheckpointKey;
  readonly land: () => void;
  readonly stop: Release;
}

/** So much later comes what a process that is gone had under way. */
const LATE_MS = [200, 4_000] as const;

/** The disk of a town, which outlives its processes: what is on it, and what goes wrong with it. */
export class TownStore {
  readonly dice: Dice;
  readonly parts: TownStoreParts;
  readonly #disk = new MemoryCheckpointStore();
  readonly #kept = new Map<string, Kept>();
  readonly #before = new Map<string, Kept>();
  /** How often each room was given to a process. */
  readonly #loads = new Map<string, number>();
  #downUntil = Number.NEGATIVE_INFINITY;

  constructor(parts: TownStoreParts) {
    this.parts = parts;
    this.dice = parts.dice;
  }

  /** It does not answer but with errors. */
  get isDown(): boolean {
    return this.parts.world.now() < this.#downUntil;
  }

  get size(): number {
    return this.#kept.size;
  }

  down(ms: number): void {
    this.#downUntil = Math.max(this.#downUntil, this.parts.world.now() + ms);
  }

  kept({ game, room }: CheckpointKey): Kept | undefined {
    return this.#kept.get(`${game} ${room}`);
  }

  all(): readonly Kept[] {
    return [...this.#kept.values()];
  }

  list(): Promise<readonly CheckpointKey[]> {
    return this.#disk.list();
  }

  /** What is found is what was left there, to the byte. */
  async load(key: CheckpointKey): Promise<FoundCheckpoint> {
    this.#loads.set(key.room, (this.#loads.get(key.room) ?? 0) + 1);
    const found = await this.#disk.load(key);
    const kept = this.kept(key);
    if ((found.state === "found") !== (kept !== undefined))
      this.parts.violated(`the store says "${found.state}" of room ${key.room}`);
    else if (found.state === "found" && kept && !isSame(found.checkpoint.bytes, kept.checkpoint.bytes))
      this.parts.violated(`the store found another checkpoint of room ${key.room} than was saved last`);
    return found;
  }

  /** A write arrives at the disk. */
  landed(kept: Kept): Promise<"saved" | "stale"> {
    const { key, checkpoint } = kept;
    const before = this.kept(key);
    const isStale = (before?.checkpoint.epoch ?? checkpoint.epoch) > checkpoint.epoch;
    if (isStale) this.parts.happened("stale write refused");
    else this.#replace(kept, before);
    return this.#disk.save(key, checkpoint);
  }

  removed(key: CheckpointKey, epoch: number): Promise<"removed" | "stale"> {
    const before = this.kept(key);
    if ((before?.checkpoint.epoch ?? epoch) <= epoch) this.#kept.delete(`${key.game} ${key.room}`);
    return this.#disk.remove(key, epoch);
  }

  /** The process that had these under way is gone: each has arrived, never does, or does later. */
  cut(writes: Iterable<Write>): void {
    const { dice } = this;
    const { world, suffered } = this.parts;
    for (const { key, land, stop } of writes) {
      stop();
      const fate = dice.pick(["arrived", "lost", "late"]);
      if (fate === "arrived") land();
      if (fate === "lost") suffered("save cut");
      if (fate !== "late") continue;
      suffered("late save");
      const epoch = this.kept(key)?.checkpoint.epoch;
      const loads = this.#loads.get(key.room);
      world.after(dice.int(...LATE_MS), () => {
        const now = this.kept(key)?.checkpoint.epoch;
        // Where a later owner could not save anything, or the room has ended, nothing tells it from one in time.
        if (now === epoch ? this.#loads.get(key.room) === loads : now !== undefined) land();
      });
    }
  }

  /** What may have become of the disk while no process ran. */
  async suffer(): Promise<void> {
    const { dice } = this;
    const { suffered } = this.parts;
    if (dice.chance(0.2)) {
      suffered("store down");
      this.down(dice.int(100, 2_500));
    }
    for (const kept of this.all()) {
      const older = this.#before.get(`${kept.key.game} ${kept.key.room}`);
      // One behind which nothing happened says so: it is never brought back once something did.
      if (older !== undefined && older.kind === "running" && dice.chance(0.05)) {
        suffered("older checkpoint");
        await this.#rewrite(older);
      } else if (dice.chance(0.05)) {
        suffered("foreign checkpoint");
        await this.#rewrite({ ...kept, checkpoint: foreign(kept.checkpoint, dice), kind: "running" });
      }
    }
  }

  async #rewrite(kept: Kept): Promise<void> {
    await this.#disk.remove(kept.key, Number.POSITIVE_INFINITY);
    await this.#disk.save(kept.key, kept.checkpoint);
    this.#kept.set(`${kept.key.game} ${kept.key.room}`, kept);
    this.#before.delete(`${kept.key.game} ${kept.key.room}`);
  }

  #replace(kept: Kept, before: Kept | undefined): void {
    const name = `${kept.key.game} ${kept.key.room}`;
    if (before !== undefined) this.#before.set(name, before);
    this.#kept.set(name, kept);
  }
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/** As another build of the game wrote it, another version of the server, or a disk that forgets. */
function foreign({ bytes, epoch }: Checkpoint, dice: Dice): Checkpoint {
  const read = readCheckpoint(bytes);
  const copy = bytes.slice();
  const how = dice.pick(["build", "version", "bit", "cut"]);
  if (how === "build" && read.ok)
    return { bytes: writeCheckpoint({ ...read.saved, hash: "another" }), epoch };
  if (how === "cut") return { bytes: copy.subarray(0, dice.int(0, dice.pick([11, copy.length - 1]))), epoch };
  const at = how === "version" ? 4 : dice.int(12, copy.length - 1);
  copy[at] = (copy[at] ?? 0) ^ 0x40;
  return { bytes: copy, epoch };
}
