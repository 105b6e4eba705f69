import type { CloseName } from "../../shared/protocol/close-codes.ts";

/** The connection of a seat, as its room uses it. */
export interface SeatLink {
  readonly open: boolean;
  send(frame: Uint8Array): void;
  subscribe(topic: string): void;
  unsubscribe(topic: string): void;
  /** What waits in this process for the peer to read. */
  bufferedBytes(): number;
  /** Tells the session that its player is in the room from now on. */
  joined(): void;
  /** Closes the connection, after everything that was sent; a message takes the place of the reason's sentence. */
  end(reason: CloseName | "internal-error", message?: string): void;
}
