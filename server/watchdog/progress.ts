import type { RoomName } from "../bus.ts";

/** Places of numbers in the memory that both threads see; behind them stands the name. */
const BEATS = 0;
const INSPECTED = 1;
const STOPPED = 2;
const NAME_BYTES = 3;
const NUMBERS = 4;

/** The longest name that is kept; the end of a longer one is cut. */
const MAX_NAME_BYTES = 256;

/** What the watched thread says while it goes on: it has beaten again, and it is in this room now. */
export class ProgressWriter {
  readonly memory = new SharedArrayBuffer(NUMBERS * 4 + MAX_NAME_BYTES);
  readonly #numbers = new Int32Array(this.memory, 0, NUMBERS);
  readonly #name = new Uint8Array(this.memory, NUMBERS * 4);

  beat(): void {
    Atomics.add(this.#numbers, BEATS, 1);
  }

  /** While somebody debugs, standing still is no fault. */
  inspected(yes: boolean): void {
    Atomics.store(this.#numbers, INSPECTED, yes ? 1 : 0);
  }

  /** @param name of {@link nameBytes}, so that a step costs a copy and no more */
  enter(name: Uint8Array): void {
    this.#name.set(name);
    Atomics.store(this.#numbers, NAME_BYTES, name.length);
  }

  exit(): void {
    Atomics.store(this.#numbers, NAME_BYTES, 0);
  }

  /** Wakes the watching thread, for the last time. */
  stop(): void {
    Atomics.store(this.#numbers, STOPPED, 1);
    Atomics.notify(this.#numbers, STOPPED);
  }
}

/** What the watching thread sees. */
export class ProgressReader {
  readonly #numbers: Int32Array;
  readonly #name: Uint8Array;

  constructor(memory: SharedArrayBuffer) {
    this.#numbers = new Int32Array(memory, 0, NUMBERS);
    this.#name = new Uint8Array(memory, NUMBERS * 4);
  }

  get beats(): number {
    return Atomics.load(this.#numbers, BEATS);
  }

  get inspected(): boolean {
    return Atomics.load(this.#numbers, INSPECTED) === 1;
  }

  /** The room whose step runs, as `game/id`. */
  get room(): string | undefined {
    const length = Atomics.load(this.#numbers, NAME_BYTES);
    // Copied, because no decoder reads shared memory.
    return length === 0 ? undefined : new TextDecoder().decode(this.#name.slice(0, length));
  }

  /** Blocks the thread for so long. False where the watch is over. */
  wait(ms: number): boolean {
    if (Atomics.load(this.#numbers, STOPPED) === 0) Atomics.wait(this.#numbers, STOPPED, 0, ms);
    return Atomics.load(this.#numbers, STOPPED) === 0;
  }
}

/** A room's name as it stands in the shared memory. */
export function nameBytes({ game, id }: RoomName): Uint8Array {
  return new TextEncoder().encode(`${game}/${id}`).subarray(0, MAX_NAME_BYTES);
}
