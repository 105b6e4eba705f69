import type { ConnectionListener, TransportHandlers } from "./transport.ts";

/**
 * Stands before the server's listener of one connection and keeps what every transport promises: what the
 * listener throws is reported and goes no further; `closed` is called once and is the last call; `closed` and
 * `dropped` come in a turn of their own, never within a call that the server makes (many drops of one turn are
 * told once).
 */
export class GuardedListener implements ConnectionListener {
  readonly #failed: TransportHandlers["failed"];
  readonly #soon: (task: () => void) => void;
  #listener: ConnectionListener | undefined;
  #closed = false;
  #tellingDropped = false;

  constructor(failed: TransportHandlers["failed"], soon: (task: () => void) => void) {
    this.#failed = failed;
    this.#soon = soon;
  }

  /** From here on `listener` is told. */
  forwardTo(listener: ConnectionListener): void {
    this.#listener = listener;
  }

  message(bytes: Uint8Array): void {
    if (this.#closed) return;
    // Written out: this runs for every message, and a closure for each would be garbage for each.
    try {
      this.#listener?.message(bytes);
    } catch (error) {
      this.#failed(error, "message");
    }
  }

  text(): void {
    if (!this.#closed) this.#guard("text", () => this.#listener?.text());
  }

  control(bytes: number): void {
    if (this.#closed) return;
    try {
      this.#listener?.control(bytes);
    } catch (error) {
      this.#failed(error, "control");
    }
  }

  drained(): void {
    if (!this.#closed) this.#guard("drained", () => this.#listener?.drained());
  }

  dropped(): void {
    if (this.#tellingDropped) return;
    this.#tellingDropped = true;
    this.#soon(() => {
      this.#tellingDropped = false;
      if (!this.#closed) this.#guard("dropped", () => this.#listener?.dropped());
    });
  }

  closed(code: number, reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#soon(() => this.#guard("closed", () => this.#listener?.closed(code, reason)));
  }

  #guard(where: string, call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#failed(error, where);
    }
  }
}
