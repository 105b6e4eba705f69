import type {
  Checkpoint,
  CheckpointKey,
  CheckpointStore,
  FoundCheckpoint,
} from "../../server/checkpoint/checkpoint-store.ts";
import { MemoryCheckpointStore } from "../../server/checkpoint/memory-store.ts";
import type { Clock } from "../../shared/tick/clock.ts";

/** A store in memory that is slow, or fails, as a test asks for it. */
export class FaultyStore implements CheckpointStore {
  /** `hangs`: what is saved from now on is never answered. */
  saves: "work" | "fail" | "hang" = "work";
  delayMs = 0;
  /** Saves and removals under way, and the most of one room, and of all, that there ever were. */
  mostOfOneRoom = 0;
  mostAtOnce = 0;
  attempts = 0;
  readonly #kept = new MemoryCheckpointStore();
  readonly #clock: Clock;
  readonly #underWay = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async save(key: CheckpointKey, checkpoint: Checkpoint): Promise<"saved" | "stale"> {
    this.attempts += 1;
    const copy = { ...checkpoint, bytes: checkpoint.bytes.slice() };
    return this.#during(key, async () => {
      await this.#wait();
      if (this.saves === "fail") throw new Error("the disk is full");
      return this.#kept.save(key, copy);
    });
  }

  load(key: CheckpointKey): Promise<FoundCheckpoint> {
    return this.#kept.load(key);
  }

  list(): Promise<readonly CheckpointKey[]> {
    return this.#kept.list();
  }

  remove(key: CheckpointKey, epoch: number): Promise<"removed" | "stale"> {
    return this.#during(key, async () => {
      await this.#wait();
      return this.#kept.remove(key, epoch);
    });
  }

  #wait(): Promise<void> {
    return new Promise((resolve) => {
      if (this.saves === "hang") return;
      if (this.delayMs === 0) resolve();
      else this.#clock.after(this.delayMs, resolve);
    });
  }

  async #during<Result>({ room }: CheckpointKey, work: () => Promise<Result>): Promise<Result> {
    const before = this.#underWay.get(room) ?? 0;
    this.#underWay.set(room, before + 1);
    this.mostOfOneRoom = Math.max(this.mostOfOneRoom, before + 1);
    this.mostAtOnce = Math.max(
      this.mostAtOnce,
      [...this.#underWay.values()].reduce((a, b) => a + b, 0),
    );
    try {
      return await work();
    } finally {
      this.#underWay.set(room, (this.#underWay.get(room) ?? 1) - 1);
    }
  }
}
