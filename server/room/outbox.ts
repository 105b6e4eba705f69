import type { EventPart, ReplyPart } from "../../shared/protocol/frames.ts";

/** What goes out to one player alone with the next tick that publishes. */
export interface PrivateOutbox {
  readonly events: EventPart[];
  readonly replies: ReplyPart[];
  readonly late: number[];
}

/** Who has an outbox: none while there is nothing for them, so that a quiet player costs a tick one look. */
interface Addressee {
  outbox: PrivateOutbox | undefined;
}

/** Where to put what is for one player alone. */
export function outboxOf(addressee: Addressee): PrivateOutbox {
  addressee.outbox ??= { events: [], replies: [], late: [] };
  return addressee.outbox;
}

export function isEmpty({ events, replies, late }: PrivateOutbox): boolean {
  return events.length === 0 && replies.length === 0 && late.length === 0;
}
