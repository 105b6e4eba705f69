import type { EventPart, ReplyPart } from "../../../shared/protocol/frames.ts";
import type { RoomPublisher } from "../room-publisher.ts";
import type { Seat } from "../seat.ts";
import type { ToldTick } from "./room-image.ts";

/** What a player was told and may not have heard. */
export interface ToldSince {
  /** Everything after this tick is known. */
  readonly since: number;
  readonly told: readonly ToldTick[];
}

/**
 * Everything that was told to one player after the last tick that they acknowledged, by tick: in private, and in the
 * cells and groups that they followed when it was told. What the room told everybody is not among it.
 */
export function toldSince(seat: Seat, publisher: RoomPublisher, tick: number): ToldSince {
  const { history, following, acks } = seat;
  history.forget(acks.acknowledgedTick);
  let since = Math.max(history.lostUpTo, publisher.eventsKnownSince(tick));
  const spans = history.spans(since, following.held, tick);
  for (const { followed } of spans) since = Math.max(since, publisher.eventsDroppedUpTo(followed.stream));
  const byTick = new Map<number, { events: EventPart[]; replies: ReplyPart[] }>();
  const at = (told: number): { events: EventPart[]; replies: ReplyPart[] } => {
    const entry = byTick.get(told) ?? { events: [], replies: [] };
    byTick.set(told, entry);
    return entry;
  };
  for (const [told, { events, replies }] of history.toldByTick(since)) {
    at(told).events.push(...events);
    at(told).replies.push(...replies);
  }
  for (const { followed, after, upTo } of spans)
    for (const [told, part] of publisher.eventsIn(followed.stream, Math.max(after, since), upTo))
      at(told).events.push(part);
  const told = [...byTick].sort(([a], [b]) => a - b);
  return { since, told: told.map(([told, { events, replies }]) => [told, events, replies]) };
}
