/** Names the checkpoint of one room. */
export interface CheckpointKey {
  readonly game: string;
  readonly room: string;
}

/** What a store keeps of a room: bytes that it does not look into. */
export interface Checkpoint {
  readonly bytes: Uint8Array;
  /** Rises with every owner of the room. What an earlier owner writes late is refused. */
  readonly epoch: number;
}

/** What is kept under a key. */
export type FoundCheckpoint =
  | { readonly state: "found"; readonly checkpoint: Checkpoint }
  | { readonly state: "none" }
  /** Something is there that is no checkpoint, or cannot be read. It is left as it is. A sentence that says what. */
  | { readonly state: "unusable"; readonly reason: string };

/**
 * Keeps the latest checkpoint of each room. A save replaces the one before as a whole: whoever loads gets either. Rejects
 * where the store itself fails; the server tries again with the next checkpoint.
 */
export interface CheckpointStore {
  /** In milliseconds: what is not saved again within it is forgotten. Absent: it is kept for ever. */
  readonly keptMs?: number;
  /** `stale`: a checkpoint of a higher epoch is there, and stays. The bytes do not change until it settles. */
  save(key: CheckpointKey, checkpoint: Checkpoint): Promise<"saved" | "stale">;
  /** What is kept under a key. Never half of it. */
  load(key: CheckpointKey): Promise<FoundCheckpoint>;
  /** Every key under which something is kept, whether it can be used or not. */
  list(): Promise<readonly CheckpointKey[]>;
  /** The room has ended. `stale`: a checkpoint of a higher epoch is there, and stays. */
  remove(key: CheckpointKey, epoch: number): Promise<"removed" | "stale">;
}
