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
import { emptyOutbox, isEmpty, type Seat } from "./seat.ts";

/** What a room knows of itself when it greets a player. */
export interface WelcomeFacts {
  readonly room: string;
  readonly timeline: number;
  readonly epoch: number;
  readonly clock: string | undefined;
}

/** What one tick sent, before the transport's fan-out. */
export interface Published {
  frames: number;
  bytes: number;
}

/**
 * Turns a committed tick into frames. The order is what makes "publish, then keyframe and subscribe, then
 * close the tick" exact: private frames first, newcomers' keyframes next, the room's frame last.
 */
export class RoomPublisher {
  readonly #publish: (topic: string, frame: Uint8Array) => void;
  readonly #roomTopic: string;
  readonly #roomStream: RowStream;
  /** The last tick that was published: the base of the next deltas. */
  #base: number;
  #events: EventPart[] = [];
  #eventSequence = 0;
  #slip: SlipPart | undefined;

  constructor(
    publish: (topic: string, frame: Uint8Array) => void,
    roomTopic: string,
    roomStream: RowStream,
    firstTick: number,
  ) {
    this.#publish = publish;
    this.#roomTopic = roomTopic;
    this.#roomStream = roomStream;
    this.#base = firstTick - 1;
  }

  /** An event for everyone, in the frame of the tick that is running. `values` are in wire form. */
  broadcast(event: number, values: EventPart): void {
    this.#events.push([this.#eventSequence++, event, ...values]);
  }

  /** An event for one player alone. */
  send(seat: Seat, event: number, values: EventPart): void {
    seat.outbox.events.push([this.#eventSequence++, event, ...values]);
  }

  /** The next frame says that from `fromTick` on another epoch counts. */
  slipped(fromTick: number, epoch: number): void {
    this.#slip = [fromTick, epoch];
  }

  /** Sends everything that a tick brought. The state must be committed for it. */
  publishTick(tick: number, seats: Iterable<Seat>, facts: WelcomeFacts): Published {
    const published: Published = { frames: 0, bytes: 0 };
    const newcomers: Seat[] = [];
    for (const seat of seats) {
      if (seat.fresh) newcomers.push(seat);
      else this.#publishPrivate(tick, seat, published);
    }
    if (newcomers.length > 0) this.#greet(tick, newcomers, facts, published);
    this.#closeTick(tick, published);
    this.#base = tick;
    return published;
  }

  #publishPrivate(tick: number, seat: Seat, published: Published): void {
    const { outbox } = seat;
    if (seat.stream.quiet && isEmpty(outbox)) return;
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
      seat.link.subscribe(this.#roomTopic);
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
    this.#publish(this.#roomTopic, this.#encode(trimFrame(frame, 3), published));
  }

  #encode(frame: readonly unknown[], published: Published): Uint8Array {
    const bytes = encode(frame);
    published.frames += 1;
    published.bytes += bytes.length;
    return bytes;
  }
}
