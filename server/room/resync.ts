import {
  type DeltaFrame,
  type EventPart,
  type ResumedFrame,
  ServerFrame,
  type SlipPart,
  type TickEndFrame,
  type TimelinePart,
} from "../../shared/protocol/frames.ts";
import { trimFrame } from "../../shared/protocol/trim-frame.ts";
import type { RowStream } from "../../shared/state/row-stream.ts";
import type { EventLog } from "./event-log.ts";
import type { Followed } from "./following.ts";
import type { Migration } from "./lineage.ts";
import { isEmpty } from "./outbox.ts";
import type { WelcomeFacts } from "./room-publisher.ts";
import type { Seat } from "./seat.ts";
import type { FollowedSpan } from "./seat-history.ts";
import type { SeatLink } from "./seat-link.ts";
import { begunByKeyframe } from "./stream-keyframe.ts";
import type { TickFrames } from "./tick-frames.ts";

export interface ResyncParts {
  readonly roomStream: RowStream;
  readonly log: EventLog;
  readonly horizonTicks: number;
  /** Before it there was nothing, or another life of the room, whose streams were others. */
  readonly firstTick: number;
}

export interface ResyncMoment {
  /** The last tick that was published before this one: nobody can have closed a later one. */
  readonly lastTick: number;
  readonly slip: SlipPart | undefined;
  readonly facts: WelcomeFacts;
  /** Of one who comes from another timeline. */
  readonly migration: Migration | undefined;
}

/**
 * Brings one player from the last tick that their client closed to the one that was just published: everything
 * that they were to hear meanwhile, then what differs. Values are absolute, so a delta since a tick is written
 * once for all who stand there; where the past is not known any more keyframes take its place.
 */
export class Resync {
  readonly #parts: ResyncParts;

  constructor(parts: ResyncParts) {
    this.#parts = parts;
  }

  send(seat: Seat, link: SeatLink, base: number, frames: TickFrames, moment: ResyncMoment): void {
    const { tick } = frames;
    const { roomStream, horizonTicks } = this.#parts;
    const { history, following } = seat;
    const { firstTick } = this.#parts;
    const spans = history.spans(base, following.held, tick);
    const lost = this.#lostUpTo(seat, spans, tick);
    const from = Math.max(base, lost);
    const isKnown =
      base >= firstTick && base <= moment.lastTick && base >= tick - horizonTicks && history.reaches(base);
    const head = [ServerFrame.resumed, tick, isKnown ? base : 0, seat.lastSequence] as const;
    const resumed: ResumedFrame = [...head, lost > base ? lost : 0, this.#timelineOf(moment, base)];
    link.send(frames.encode(trimFrame(resumed, 5)));

    const before = isKnown ? history.heldAt(base, following.held) : new Map<RowStream, Followed>();
    for (const { stream } of following.held) {
      const known = before.has(stream);
      const bytes = known ? frames.deltaSince(stream, base) : frames.keyframe(stream);
      if (bytes !== undefined && (known || begunByKeyframe(stream))) link.send(bytes);
    }
    const now = new Set(following.held.map(({ stream }) => stream));
    const released = [...before.keys()].filter((stream) => !now.has(stream));
    for (const stream of released) this.#tellOfGone(stream, link, base, frames);
    if (!isKnown) {
      link.send(frames.keyframe(roomStream));
      link.send(frames.keyframe(seat.stream));
    }
    this.#sendPrivate(seat, link, {
      base: isKnown ? base : tick,
      from,
      events: this.#eventsOf(spans, from),
      released,
      frames,
    });
    const slip = moment.slip !== undefined && moment.slip[0] > base ? moment.slip : null;
    const close = (): readonly unknown[] =>
      trimFrame(this.#closing(isKnown ? base : tick, from, tick, slip), 3);
    link.send(isKnown && from === base ? frames.closingSince(base, close) : frames.encode(close()));
  }

  #timelineOf({ migration, facts }: ResyncMoment, base: number): TimelinePart | null {
    if (migration === undefined) return null;
    return [facts.timeline, migration.isUndone ? base : null, facts.epoch, facts.clock ?? null];
  }

  /** The room's own part. Where `base` is the tick itself its keyframe has said all but the events. */
  #closing(base: number, from: number, tick: number, slip: SlipPart | null): TickEndFrame {
    const { roomStream, log } = this.#parts;
    const { rows, leaves } = base === tick ? { rows: [], leaves: [] } : roomStream.deltaSince(base);
    const head = [ServerFrame.tickEnd, tick, base] as const;
    return [...head, rows, leaves, log.between(roomStream, from, tick), slip];
  }

  /** Up to which tick something that the player was to hear is not kept any more. */
  #lostUpTo({ history }: Seat, spans: readonly FollowedSpan[], tick: number): number {
    const { roomStream, log, horizonTicks } = this.#parts;
    const dropped = spans.map(({ followed: { stream } }) => log.droppedUpTo(stream));
    return Math.max(tick - horizonTicks, history.lostUpTo, log.droppedUpTo(roomStream), ...dropped);
  }

  #eventsOf(spans: readonly FollowedSpan[], from: number): EventPart[] {
    const { log } = this.#parts;
    return spans.flatMap(({ followed: { stream }, after, upTo }) =>
      log.between(stream, Math.max(after, from), upTo),
    );
  }

  /** Of a stream that is not followed any more only those are told who are gone for good. */
  #tellOfGone(stream: RowStream, link: SeatLink, base: number, frames: TickFrames): void {
    const leaves = stream.goneSince(base);
    if (leaves.length === 0) return;
    const frame: DeltaFrame = [ServerFrame.delta, frames.tick, base, stream.id, [], leaves];
    link.send(frames.encode(frame));
  }

  #sendPrivate(
    { stream, history }: Seat,
    link: SeatLink,
    {
      base,
      from,
      events,
      released,
      frames,
    }: {
      readonly base: number;
      readonly from: number;
      readonly events: readonly EventPart[];
      readonly released: readonly RowStream[];
      readonly frames: TickFrames;
    },
  ): void {
    const told = history.toldSince(from);
    const { rows, leaves } = base === frames.tick ? { rows: [], leaves: [] } : stream.deltaSince(base);
    if (isEmpty(told) && events.length + rows.length + leaves.length + released.length === 0) return;
    const head = [ServerFrame.delta, frames.tick, base, stream.id, rows, leaves] as const;
    const frame: DeltaFrame = [
      ...head,
      [...events, ...told.events],
      told.replies,
      told.late,
      released.map(({ id }) => id),
    ];
    link.send(frames.encode(trimFrame(frame, 4)));
  }
}
