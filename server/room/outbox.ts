import type { EventPart, ReplyPart } from "../../shared/protocol/frames.ts";

/** What goes out to one player alone with the next tick that publishes. */
export interface PrivateOutbox {
  readonly events: EventPart[];
  readonly replies: ReplyPart[];
  readonly late: number[];
}

export const emptyOutbox = (): PrivateOutbox => ({ events: [], replies: [], late: [] });

export function isEmpty({ events, replies, late }: PrivateOutbox): boolean {
  return events.length === 0 && replies.length === 0 && late.length === 0;
}
