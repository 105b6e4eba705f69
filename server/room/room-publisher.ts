import { encode } from "../../shared/protocol/codec.ts";
import {
  type DeltaFrame,
  type EventPart,
  type KeyframeFrame,
  ROOM_STREAM,
  ServerFrame,
  type SlipPart,
  type TickEndFrame,
  type WelcomeFrame,
} from "../../shared/protocol/frames.ts";
import { trimFrame } from "../../shared/protocol/trim-frame.ts";
import type { RowStream } from "../../shared/state/row-stream.ts";
import type { Point, SightGrid } from "../../shared/state/sight-grid.ts";
import type { FollowChange, Followed } from "./following.ts";
import { emptyOutbox, isEmpty, type Seat } from "./seat.ts";

/** What a room knows of itself when it greets a player. */
export interface WelcomeFacts {
  readonly room: string;
  readonly timeline: number;
  readonly epoch: number;
  readonly clock: string | undefined;
}

interface StreamEvent {
  readonly part: EventPart;
  readonly isIn: (followed: Followed) => boolean;
}

/** What one tick sent, before the transport's fan-out. */
export interface Published {
  frames: number;
  bytes: number;
}

/**
 * Turns a committed tick into frames. Their order makes every mirror exact without copies: private frames and
 * cells are published first, then who joined or crossed a border gets keyframes and changes topics, and the
 * room's frame closes the tick.
 */
export class RoomPublisher {
  readonly #publish: (topic: string, frame: Uint8Array) => void;
  readonly #topicPrefix: string;
  readonly #roomStream: RowStream;
  /** Cells and their like that have something to send in this tick. */
  #dirty = new Set<RowStream>();
  readonly #streamEvents = new Map<RowStream, EventPart[]>();
  /** Events in such streams since the last published tick, for those who begin to follow them with this one. */
  #eventsInStreams: StreamEvent[] = [];
  /** The last tick that was published: the base of the next deltas. */
  #base: number;
  #events: EventPart[] = [];
  #eventSequence = 0;
  #slip: SlipPart | undefined;

  constructor(
    publish: (topic: string, frame: Uint8Array) => void,
    topicPrefix: string,
    roomStream: RowStream,
    firstTick: number,
  ) {
    this.#publish = publish;
    this.#topicPrefix = topicPrefix;
    this.#roomStream = roomStream;
    this.#base = firstTick - 1;
  }

  /** An event for everyone, in the frame of the tick that is running. `values` are in wire form. */
  broadcast(event: number, values: EventPart): void {
    this.#events.push([this.#eventSequence++, event, ...values]);
  }

  /** A followed stream changed in this tick: its frame goes out with it. */
  readonly markDirty = (stream: RowStream): void => {
    this.#dirty.add(stream);
  };

  /** An event for those who follow a cell at a point; each player follows cells of one level alone. */
  broadcastNear(grid: SightGrid, { x, y }: Point, event: number, values: EventPart): void {
    const part: EventPart = [this.#eventSequence++, event, ...values];
    this.#eventsInStreams.push({ part, isIn: (followed) => grid.covers(followed, x, y) });
    for (const { stream, holders } of grid.at(x, y)) {
      if (holders === 0) continue;
      this.#dirty.add(stream);
      const events = this.#streamEvents.get(stream);
      if (events === undefined) this.#streamEvents.set(stream, [part]);
      else events.push(part);
    }
  }

  /** An event for one player alone. */
  send(seat: Seat, event: number, values: EventPart): void {
    seat.outbox.events.push([this.#eventSequence++, event, ...values]);
  }

  /** The next frame says that from `fromTick` on another epoch counts. */
  slipped(fromTick: number, epoch: number): void {
    this.#slip = [fromTick, epoch];
  }

  /**
   * Sends everything that a tick brought. The state must be committed for it.
   *
   * @param leaving those who left since the last one: they get this tick as they looked before
   */
  publishTick(tick: number, seats: Iterable<Seat>, leaving: Iterable<Seat>, facts: WelcomeFacts): Published {
    const published: Published = { frames: 0, bytes: 0 };
    const newcomers: Seat[] = [];
    const crossings: { readonly seat: Seat; readonly change: FollowChange }[] = [];
    for (const seat of seats) {
      const change = seat.following.update(tick);
      if (change.entered.length + change.released.length > 0) {
        this.#tellOfEntered(seat, change);
        crossings.push({ seat, change });
      }
      if (seat.fresh) newcomers.push(seat);
      else this.#publishPrivate(tick, seat, change.released, published);
    }
    for (const seat of leaving) this.#publishPrivate(tick, seat, [], published);
    this.#publishStreams(tick, published);
    if (newcomers.length > 0) this.#greet(tick, newcomers, facts, published);
    if (crossings.length > 0) this.#moveOn(tick, crossings, published);
    this.#closeTick(tick, published);
    this.#eventsInStreams = [];
    this.#base = tick;
    return published;
  }

  /** What happened in streams that a player enters in this very tick; those just left carry theirs themselves. */
  #tellOfEntered({ outbox }: Seat, { entered, released }: FollowChange): void {
    for (const { part, isIn } of this.#eventsInStreams)
      if (entered.some(isIn) && !released.some(isIn)) outbox.events.push(part);
  }

  #publishPrivate(tick: number, seat: Seat, released: readonly Followed[], published: Published): void {
    const { outbox } = seat;
    if (seat.stream.quiet && isEmpty(outbox) && released.length === 0) return;
    const { rows, leaves } = seat.stream.takeDelta(tick);
    seat.outbox = emptyOutbox();
    const frame: DeltaFrame = [
      ServerFrame.delta,
      tick,
      this.#base,
      seat.stream.id,
      rows,
      leaves,
      outbox.events,
      outbox.replies,
      outbox.late,
      released.map(({ stream }) => stream.id),
    ];
    this.#publish(seat.topic, this.#encode(trimFrame(frame, 4), published));
  }

  /** Welcome and keyframes; the room's keyframe is encoded once for all who come in this tick. */
  #greet(tick: number, newcomers: readonly Seat[], facts: WelcomeFacts, published: Published): void {
    const roomKeyframe: KeyframeFrame = [
      ServerFrame.keyframe,
      tick,
      ROOM_STREAM,
      this.#roomStream.keyframe(),
    ];
    const roomBytes = this.#encode(roomKeyframe, published);
    for (const seat of newcomers) {
      const welcome: WelcomeFrame = [
        ServerFrame.welcome,
        facts.timeline,
        tick,
        facts.epoch,
        facts.clock ?? null,
        seat.id,
        seat.row?.id ?? 0,
        seat.stream.id,
        facts.room,
        null,
      ];
      seat.link.send(this.#encode(welcome, published));
      seat.link.send(roomBytes);
      // The keyframe holds what the delta would say; only what is no state is left to send.
      const keyframe: KeyframeFrame = [ServerFrame.keyframe, tick, seat.stream.id, seat.stream.keyframe()];
      seat.stream.takeDelta(tick);
      seat.link.send(this.#encode(keyframe, published));
      seat.fresh = false;
      this.#publishOutboxOf(seat, tick, published);
      seat.link.subscribe(seat.topic);
      seat.link.subscribe(this.#topicOf(this.#roomStream));
      seat.link.joined();
    }
  }

  /** What `join` sent to the newcomer goes out with its first tick, not a tick later. */
  #publishOutboxOf(seat: Seat, tick: number, published: Published): void {
    if (isEmpty(seat.outbox)) return;
    const { events, replies, late } = seat.outbox;
    seat.outbox = emptyOutbox();
    const frame: DeltaFrame = [
      ServerFrame.delta,
      tick,
      this.#base,
      seat.stream.id,
      [],
      [],
      events,
      replies,
      late,
    ];
    seat.link.send(this.#encode(trimFrame(frame, 4), published));
  }

  #publishStreams(tick: number, published: Published): void {
    for (const stream of this.#dirty) {
      const { rows, leaves } = stream.takeDelta(tick);
      const events = this.#streamEvents.get(stream) ?? [];
      if (rows.length === 0 && leaves.length === 0 && events.length === 0) continue;
      const frame: DeltaFrame = [ServerFrame.delta, tick, this.#base, stream.id, rows, leaves, events];
      this.#publish(this.#topicOf(stream), this.#encode(trimFrame(frame, 4), published));
    }
    this.#dirty = new Set();
    this.#streamEvents.clear();
  }

  /** Those who crossed a border get keyframes of new streams, each encoded once, and follow other topics now. */
  #moveOn(
    tick: number,
    crossings: readonly { readonly seat: Seat; readonly change: FollowChange }[],
    published: Published,
  ): void {
    const keyframes = new Map<RowStream, Uint8Array>();
    for (const { seat, change } of crossings) {
      for (const { stream } of change.entered) {
        // An empty stream has nothing to say: its first delta begins it.
        if (stream.size > 0) {
          let bytes = keyframes.get(stream);
          if (bytes === undefined) {
            const frame: KeyframeFrame = [ServerFrame.keyframe, tick, stream.id, stream.keyframe()];
            bytes = this.#encode(frame, published);
            keyframes.set(stream, bytes);
          }
          seat.link.send(bytes);
        }
        seat.link.subscribe(this.#topicOf(stream));
      }
      for (const { stream } of change.released) seat.link.unsubscribe(this.#topicOf(stream));
    }
  }

  #topicOf(stream: RowStream): string {
    return `${this.#topicPrefix}.${stream.id}`;
  }

  #closeTick(tick: number, published: Published): void {
    const { rows, leaves } = this.#roomStream.takeDelta(tick);
    const frame: TickEndFrame = [
      ServerFrame.tickEnd,
      tick,
      this.#base,
      rows,
      leaves,
      this.#events,
      this.#slip ?? null,
    ];
    this.#events = [];
    this.#slip = undefined;
    this.#publish(this.#topicOf(this.#roomStream), this.#encode(trimFrame(frame, 3), published));
  }

  #encode(frame: readonly unknown[], published: Published): Uint8Array {
    const bytes = encode(frame);
    published.frames += 1;
    published.bytes += bytes.length;
    return bytes;
  }
}
