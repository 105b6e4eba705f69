import type { ReplyPart } from "../../shared/protocol/frames.ts";
import type { RowStream } from "../../shared/state/row-stream.ts";
import { TickLog } from "../../shared/tick/tick-log.ts";
import type { FollowChange, Followed } from "./following.ts";
import type { ToldTick } from "./image/room-image.ts";
import type { PrivateOutbox } from "./outbox.ts";

/** So many ticks with something private are kept for a player; beyond, the oldest are lost, and told as such. */
const MAX_PRIVATE_TICKS = 1_024;

/** So many ticks in which the player's sight moved; beyond, a resync is made of keyframes. */
const MAX_FOLLOW_CHANGES = 1_024;

const NO_REPLIES: readonly ReplyPart[] = [];

/** A stream that was followed for a time: its events after tick `after`, up to and with `upTo`, were heard. */
export interface FollowedSpan {
  readonly followed: Followed;
  readonly after: number;
  readonly upTo: number;
}

/**
 * What one player was told in private and which streams they followed, since the last tick that they are known
 * to have closed: what a resync from any later tick needs.
 */
export class SeatHistory {
  #private = new TickLog<PrivateOutbox>(MAX_PRIVATE_TICKS);
  #changes = new TickLog<FollowChange>(MAX_FOLLOW_CHANGES);
  /** Nothing is kept up to here: the client had it, or began anew. */
  #forgottenUpTo = Number.NEGATIVE_INFINITY;

  /** What went out, or would have, with a tick. */
  told(tick: number, outbox: PrivateOutbox): void {
    this.#private.push(tick, outbox);
  }

  followed(tick: number, change: FollowChange): void {
    this.#changes.push(tick, change);
  }

  /** The client has closed `tick`. */
  forget(tick: number): void {
    this.#forgottenUpTo = Math.max(this.#forgottenUpTo, tick);
    this.#private.forget(tick);
    this.#changes.forget(tick);
  }

  /** As it was saved: all that was told in private and in streams after tick `since`; which streams, nobody knows. */
  goOn(since: number, told: readonly ToldTick[]): void {
    this.#forgottenUpTo = since;
    for (const [tick, events, replies] of told)
      this.#private.push(tick, { events: [...events], replies: [...replies], late: [] });
  }

  /** In tick `tick` a client that holds nothing took the seat. */
  clear(tick: number): void {
    this.#forgottenUpTo = tick;
    this.#private = new TickLog(MAX_PRIVATE_TICKS);
    this.#changes = new TickLog(MAX_FOLLOW_CHANGES);
  }

  /** Everything private after tick `base`, as one outbox. */
  toldSince(base: number): PrivateOutbox {
    const told = [...this.#private.since(base)].map(([, outbox]) => outbox);
    return {
      events: told.flatMap(({ events }) => events),
      replies: told.flatMap(({ replies }) => replies),
      late: told.flatMap(({ late }) => late),
    };
  }

  /** The same, tick by tick. */
  toldByTick(base: number): IterableIterator<readonly [tick: number, outbox: PrivateOutbox]> {
    return this.#private.since(base);
  }

  /** Replies after tick `base`. */
  repliesSince(base: number): readonly ReplyPart[] {
    if (this.#private.size === 0) return NO_REPLIES;
    return [...this.#private.since(base)].flatMap(([, { replies }]) => replies);
  }

  /** Of what was told up to this tick something is not kept any more. */
  get lostUpTo(): number {
    return Math.max(this.#forgottenUpTo, this.#private.droppedUpTo, this.#changes.droppedUpTo);
  }

  /** Whether it is known what was followed as of tick `base`. */
  reaches(base: number): boolean {
    return base >= Math.max(this.#forgottenUpTo, this.#changes.droppedUpTo);
  }

  /** What was followed when tick `base` had closed, where `held` is followed now. */
  heldAt(base: number, held: readonly Followed[]): ReadonlyMap<RowStream, Followed> {
    const then = new Map(held.map((followed) => [followed.stream, followed]));
    const changes = [...this.#changes.since(base)];
    for (const [, { entered, released }] of changes.reverse()) {
      for (const { stream } of entered) then.delete(stream);
      for (const followed of released) then.set(followed.stream, followed);
    }
    return then;
  }

  /**
   * Of every stream followed since tick `base`: from when to when its events reached the player. Those of the
   * tick in which it was entered stand among what was told in private.
   */
  spans(base: number, held: readonly Followed[], tick: number): FollowedSpan[] {
    const spans: FollowedSpan[] = [];
    const open = new Map<RowStream, { readonly followed: Followed; readonly after: number }>();
    for (const [stream, followed] of this.heldAt(base, held)) open.set(stream, { followed, after: base });
    for (const [changedAt, { entered, released }] of this.#changes.since(base)) {
      for (const { stream } of released) {
        const span = open.get(stream);
        if (span === undefined) continue;
        open.delete(stream);
        spans.push({ ...span, upTo: changedAt });
      }
      for (const followed of entered) open.set(followed.stream, { followed, after: changedAt });
    }
    for (const span of open.values()) spans.push({ ...span, upTo: tick });
    return spans;
  }
}
