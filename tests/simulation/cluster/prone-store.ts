import type {
  Checkpoint,
  CheckpointKey,
  CheckpointStore,
  FoundCheckpoint,
} from "../../../server/checkpoint/checkpoint-store.ts";
import { MemoryCheckpointStore } from "../../../server/checkpoint/memory-store.ts";

/** A store that all nodes have in common, and that fails for a while. */
export class ProneStore implements CheckpointStore {
  fails = false;
  readonly #kept = new MemoryCheckpointStore();
  /** By room: the epochs of its saves, in order. */
  readonly #saves = new Map<string, number[]>();

  /** The epochs in which a room was saved, one for each time. */
  saves(room: string): readonly number[] {
    return this.#saves.get(room) ?? [];
  }

  async save(key: CheckpointKey, checkpoint: Checkpoint): Promise<"saved" | "stale"> {
    this.#fail();
    this.#saves.set(key.room, [...this.saves(key.room), checkpoint.epoch]);
    return this.#kept.save(key, checkpoint);
  }

  async load(key: CheckpointKey): Promise<FoundCheckpoint> {
    this.#fail();
    return this.#kept.load(key);
  }

  async list(): Promise<readonly CheckpointKey[]> {
    this.#fail();
    return this.#kept.list();
  }

  async remove(key: CheckpointKey, epoch: number): Promise<"removed" | "stale"> {
    this.#fail();
    return this.#kept.remove(key, epoch);
  }

  #fail(): void {
    if (this.fails) throw new Error("the store is away");
  }
}
