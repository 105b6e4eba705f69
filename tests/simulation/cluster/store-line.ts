import type {
  Checkpoint,
  CheckpointKey,
  CheckpointStore,
  FoundCheckpoint,
} from "../../../server/checkpoint/checkpoint-store.ts";
import type { Clock } from "../../../shared/tick/clock.ts";

/** A process's line to a store that others have, too: what it has not sent when it is paused is sent when it goes on. */
export class StoreLine implements CheckpointStore {
  readonly #shared: CheckpointStore;
  readonly #clock: Clock;
  readonly #writeMs: () => number;

  /** @param writeMs how long what is saved is on its way */
  constructor(shared: CheckpointStore, clock: Clock, writeMs: () => number = () => 0) {
    this.#shared = shared;
    this.#clock = clock;
    this.#writeMs = writeMs;
  }

  save(key: CheckpointKey, { bytes, epoch }: Checkpoint): Promise<"saved" | "stale"> {
    const sent = { bytes: bytes.slice(), epoch };
    return this.#through(() => this.#shared.save(key, sent), this.#writeMs());
  }

  load(key: CheckpointKey): Promise<FoundCheckpoint> {
    return this.#through(() => this.#shared.load(key));
  }

  list(): Promise<readonly CheckpointKey[]> {
    return this.#through(() => this.#shared.list());
  }

  remove(key: CheckpointKey, epoch: number): Promise<"removed" | "stale"> {
    return this.#through(() => this.#shared.remove(key, epoch));
  }

  /** Question and answer each take a turn of this process's own. */
  #through<Result>(ask: () => Promise<Result>, delayMs = 0): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#clock.after(delayMs, () => {
        ask().then(
          (result) => void this.#clock.soon(() => resolve(result)),
          (error: unknown) => void this.#clock.soon(() => reject(error)),
        );
      });
    });
  }
}
