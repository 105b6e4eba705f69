import type { Checkpoint, CheckpointKey, CheckpointStore, FoundCheckpoint } from "./checkpoint-store.ts";

/** Keeps checkpoints as long as the process: for tests, and to see what they cost. */
export class MemoryCheckpointStore implements CheckpointStore {
  readonly #checkpoints = new Map<string, { readonly key: CheckpointKey; readonly checkpoint: Checkpoint }>();

  async save(key: CheckpointKey, { bytes, epoch }: Checkpoint): Promise<"saved" | "stale"> {
    if (this.#isStale(key, epoch)) return "stale";
    this.#checkpoints.set(nameOf(key), { key, checkpoint: { bytes: bytes.slice(), epoch } });
    return "saved";
  }

  async load(key: CheckpointKey): Promise<FoundCheckpoint> {
    const found = this.#checkpoints.get(nameOf(key));
    return found === undefined ? { state: "none" } : { state: "found", checkpoint: found.checkpoint };
  }

  async list(): Promise<readonly CheckpointKey[]> {
    return [...this.#checkpoints.values()].map(({ key }) => key);
  }

  async remove(key: CheckpointKey, epoch: number): Promise<"removed" | "stale"> {
    if (this.#isStale(key, epoch)) return "stale";
    this.#checkpoints.delete(nameOf(key));
    return "removed";
  }

  #isStale(key: CheckpointKey, epoch: number): boolean {
    return (this.#checkpoints.get(nameOf(key))?.checkpoint.epoch ?? epoch) > epoch;
  }
}

function nameOf({ game, room }: CheckpointKey): string {
  return JSON.stringify([game, room]);
}
