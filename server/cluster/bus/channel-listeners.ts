/** Who listens on which channel. A listener that throws is told of, and keeps nobody else from hearing. */
export class ChannelListeners {
  readonly #onError: (error: unknown) => void;
  readonly #channels = new Map<string, Set<(message: string) => void>>();

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  get channels(): IterableIterator<string> {
    return this.#channels.keys();
  }

  /** @returns whether it is the first on that channel */
  add(channel: string, listener: (message: string) => void): boolean {
    const listeners = this.#channels.get(channel) ?? new Set();
    this.#channels.set(channel, listeners.add(listener));
    return listeners.size === 1;
  }

  /** @returns whether nobody is left on that channel */
  remove(channel: string, listener: (message: string) => void): boolean {
    const listeners = this.#channels.get(channel);
    if (!listeners?.delete(listener) || listeners.size > 0) return false;
    this.#channels.delete(channel);
    return true;
  }

  has(channel: string): boolean {
    return this.#channels.has(channel);
  }

  tell(channel: string, message: string): void {
    for (const listener of [...(this.#channels.get(channel) ?? [])]) {
      try {
        listener(message);
      } catch (error) {
        this.#onError(error);
      }
    }
  }

  clear(): void {
    this.#channels.clear();
  }
}
