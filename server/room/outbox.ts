import type { EventPart, ReplyPart } from "../../shared/protocol/frames.ts";

/** What goes out to one player alone with the next tick that publishes. */
export interface PrivateOutbox {
  readonly events: EventPart[];
  readonly replies: ReplyPart[];
  readonly late: number[];
}

const emptyOutbox = (): PrivateOutbox => ({ events: [], replies: [], late: [] });

/** Where to put what one player is to be told: most are told nothing in most ticks. */
export function outboxOf(seat: {
  outbox: PrivateOutbox | undefined;
  readonly attend: () => void;
}): PrivateOutbox {
  if (seat.outbox === undefined) {
    seat.outbox = emptyOutbox();
    seat.attend();
  }
  return seat.outbox;
}

export function isEmpty({ events, replies, late }: PrivateOutbox): boolean {
  return events.length === 0 && replies.length === 0 && late.length === 0;
}
