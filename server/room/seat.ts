import type { SourceRow } from "../../shared/state/committed-row.ts";
import type { RowStream } from "../../shared/state/row-stream.ts";
import type { AckWindow } from "./ack-window.ts";
import type { LeaveReason } from "./define-room.ts";
import type { Following } from "./following.ts";
import type { InputMargin } from "./input-margin.ts";
import type { InputQueue } from "./input-queue.ts";
import type { PrivateOutbox } from "./outbox.ts";
import type { Presence } from "./presence.ts";
import type { ViewTicks } from "./rewind/view-ticks.ts";
import type { Player } from "./room.ts";
import type { SeatHistory } from "./seat-history.ts";

/** One player's place in a room, from joining to leaving, with whatever connections it has meanwhile. */
export interface Seat {
  readonly id: number;
  /** Whoever knows it may have the seat; the first part of its tokens. Unknown in a restored room until it is shown. */
  secret: string | undefined;
  /** What is saved in place of the secret. */
  readonly digest: () => string;
  readonly player: Player;
  readonly row: SourceRow | undefined;
  readonly presence: Presence;
  readonly inputs: InputQueue;
  readonly margin: InputMargin;
  /** What the player saw by their inputs, in rooms with `rewind`. */
  readonly views: ViewTicks | undefined;
  /** Rows and fields that only this player sees, and everything else private. */
  readonly stream: RowStream;
  readonly topic: string;
  /** The streams that the player follows beside the room's and their own. */
  readonly following: Following;
  readonly acks: AckWindow;
  readonly history: SeatHistory;
  /** Made when there is something to tell; see {@link outboxOf}. */
  outbox: PrivateOutbox | undefined;
  /** Something about the seat is new: it is visited with the next tick that publishes. */
  readonly attend: () => void;
  /** The tick in which it is judged next whether the player fell behind. */
  judgedAt: number;
  /** Counts the clients that began this seat with nothing: sequences of calls belong to one of them. */
  voice: number;
  /** Of that client's connections the latest that returned to the seat. */
  attempt: number;
  /** The last message or request that arrived; the next has the number above. */
  lastSequence: number;
  /** The last one that was processed. */
  processedSequence: number;
  /** The next call may have any higher number: those between were processed in ticks that a rollback undid. */
  mayJump: boolean;
  /** Requests whose handler has not answered yet. */
  readonly unanswered: Set<number>;
  /** Calls that wait for the next tick. */
  waitingCalls: number;
  /** When this player's failing calls happened, oldest first. */
  readonly failures: number[];
  /** Set once the player is on the way out. */
  leaving: LeaveReason | undefined;
  /** What the player is told instead of the reason's own sentence, where it ends for that reason. */
  farewell: { readonly reason: LeaveReason; readonly message: string } | undefined;
  /** The room itself sent the player away: calls that still wait are not heard. */
  dismissed: boolean;
}
