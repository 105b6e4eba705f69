import {
  type CloseDescription,
  closeByCode,
  isClientCode,
  standardCloseCodes,
} from "../shared/protocol/close-codes.ts";
import type { Ending } from "./ending.ts";
import type { ClientSocket, OpenSocket } from "./socket.ts";

/** What an attempt tells whoever made it. */
export interface AttemptListener {
  opened(): void;
  received(bytes: Uint8Array): void;
  /** At most once, and never from within the constructor. */
  closed(ending: Ending): void;
}

/** One connection of a stay that may have several. Once forgotten it is silent, whatever its socket says. */
export class SocketAttempt {
  readonly socket: ClientSocket | undefined;
  #listener: AttemptListener | undefined;

  constructor(openSocket: OpenSocket, url: string, listener: AttemptListener) {
    this.#listener = listener;
    try {
      this.socket = openSocket(url, {
        opened: () => this.#listener?.opened(),
        received: (bytes) => this.#listener?.received(bytes),
        closed: (code, reason) => this.#listener?.closed({ close: closeByCode(code), reason }),
      });
    } catch (cause) {
      // A secure page may not open an insecure connection, for instance.
      const reason = cause instanceof Error ? cause.message : String(cause);
      queueMicrotask(() => this.#listener?.closed({ close: standardCloseCodes.abnormal, reason, cause }));
    }
  }

  /** Says why where that may be said: a connection that counts as broken is closed without a code. */
  close(why?: CloseDescription): void {
    if (why !== undefined && isClientCode(why.code)) this.socket?.close(why.code, why.sentence);
    else this.socket?.close();
  }

  /** Nothing of it is told any more. */
  forget(): void {
    this.#listener = undefined;
  }
}
