/** A change as it is kept: what it is about, not how that is by now. */
export type LoggedChange =
  | { readonly kind: "room-added" | "room-changed"; readonly id: string }
  | { readonly kind: "room-removed"; readonly id: string; readonly game: string }
  | { readonly kind: "node-up" | "node-changed"; readonly id: string }
  | { readonly kind: "node-down"; readonly id: string; readonly epoch: number };

/** The last changes, numbered; of those before them only the number is known. */
export class ChangeLog {
  readonly birth: string;
  readonly #most: number;
  readonly #entries: LoggedChange[] = [];
  #sequence = 0;

  constructor(birth: string, most: number) {
    this.birth = birth;
    this.#most = most;
  }

  /** The number of the last change. */
  get sequence(): number {
    return this.#sequence;
  }

  add(change: LoggedChange): void {
    this.#sequence += 1;
    this.#entries.push(change);
    if (this.#entries.length > this.#most) this.#entries.shift();
  }

  /** What came behind that number, `undefined` where not all of it is known. */
  since(sequence: number): readonly LoggedChange[] | undefined {
    const missing = this.#sequence - sequence;
    if (missing < 0 || missing > this.#entries.length) return undefined;
    return this.#entries.slice(this.#entries.length - missing);
  }
}
