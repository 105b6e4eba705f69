import type { CloseName } from "../../shared/protocol/close-codes.ts";
import type { EventPart, ReplyPart } from "../../shared/protocol/frames.ts";
import type { SourceRow } from "../../shared/state/committed-row.ts";
import type { RowStream } from "../../shared/state/row-stream.ts";
import type { LeaveReason } from "./define-room.ts";
import type { Following } from "./following.ts";
import type { InputQueue } from "./input-queue.ts";
import type { Player } from "./room.ts";

/** The connection of a seat, as its room uses it. */
export interface SeatLink {
  readonly open: boolean;
  send(frame: Uint8Array): void;
  subscribe(topic: string): void;
  unsubscribe(topic: string): void;
  /** Tells the session that its player is in the room from now on. */
  joined(): void;
  /** Closes the connection, after everything that was sent. */
  end(reason: CloseName | "internal-error"): void;
}

/** What goes out to one player alone with the next tick that publishes. */
export interface PrivateOutbox {
  events: EventPart[];
  replies: ReplyPart[];
  late: number[];
}

/** One player's place in a room, from joining to leaving. */
export interface Seat {
  readonly id: number;
  readonly player: Player;
  readonly row: SourceRow | undefined;
  readonly link: SeatLink;
  readonly inputs: InputQueue;
  /** Rows and fields that only this player sees, and everything else private. */
  readonly stream: RowStream;
  readonly topic: string;
  /** The streams that the player follows beside the room's and their own. */
  readonly following: Following;
  outbox: PrivateOutbox;
  /** The last message or request that was taken; the next has the number above. */
  lastSequence: number;
  /** Calls that wait for the next tick. */
  waitingCalls: number;
  /** When this player's failing calls happened, oldest first. */
  readonly failures: number[];
  /** Welcome and keyframes are still to be sent. */
  fresh: boolean;
  /** Set once the player is on the way out. */
  leaving: LeaveReason | undefined;
  /** The room itself sent the player away: calls that still wait are not heard. */
  dismissed: boolean;
}

export const emptyOutbox = (): PrivateOutbox => ({ events: [], replies: [], late: [] });

export function isEmpty(outbox: PrivateOutbox): boolean {
  return outbox.events.length === 0 && outbox.replies.length === 0 && outbox.late.length === 0;
}
