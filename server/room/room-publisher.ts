import {
  type DeltaFrame,
  type EventPart,
  type PauseFrame,
  ServerFrame,
  type SlipPart,
  type TickEndFrame,
  type WelcomeFrame,
} from "../../shared/protocol/frames.ts";
import { trimFrame } from "../../shared/protocol/trim-frame.ts";
import type { RowStream } from "../../shared/state/row-stream.ts";
import type { Agenda } from "./agenda.ts";
import { EventLog } from "./event-log.ts";
import type { FollowChange, Followed } from "./following.ts";
import { MaintenanceNotice } from "./maintenance-notice.ts";
import { outboxOf, type PrivateOutbox } from "./outbox.ts";
import { Outgoing } from "./outgoing.ts";
import type { StallCause } from "./presence.ts";
import { Resync } from "./resync.ts";
import type { Seat } from "./seat.ts";
import type { SeatLink } from "./seat-link.ts";
import { writeSeatToken } from "./seat-token.ts";
import { begunByKeyframe } from "./stream-keyframe.ts";
import { type Published, TickFrames } from "./tick-frames.ts";

/** What a room knows of itself when it greets a player. */
export interface WelcomeFacts {
  readonly room: string;
  readonly timeline: number;
  readonly epoch: number;
  readonly clock: string | undefined;
}

export interface RoomPublisherOptions {
  readonly publish: (topic: string, frame: Uint8Array) => void;
  /** The first part of the room's topics. */
  readonly topicPrefix: string;
  readonly roomStream: RowStream;
  readonly firstTick: number;
  /** For how long deltas and events can be asked for. */
  readonly horizonTicks: number;
  /** Bytes that may wait in this process for a player whose acknowledgement is overdue. */
  readonly backlogBytes: number;
  readonly agenda: Agenda;
  /** Resyncs that one tick sends; the others wait for the next. */
  readonly resyncsPerTick: number;
}

/** Where an event is told: nobody follows two of these streams at once. */
export interface EventPlace {
  /** What is there by now. */
  readonly at: Iterable<Followed>;
  /** Whether something is there that is followed from this tick on. */
  readonly isIn: (followed: Followed) => boolean;
}

const NO_EVENTS: readonly EventPart[] = [];
const NOTHING_PRIVATE: PrivateOutbox = { events: [], replies: [], late: [] };

interface StreamEvent {
  readonly part: EventPart;
  readonly isIn: (followed: Followed) => boolean;
}

interface Stall {
  readonly seat: Seat;
  readonly link: SeatLink;
  readonly cause: StallCause;
}

interface Crossing {
  readonly link: SeatLink;
  readonly change: FollowChange;
}

/**
 * Turns a committed tick into frames. Their order makes every mirror exact without copies: private frames and
 * cells are published first, then who joined or crossed a border gets keyframes and changes topics, and the
 * room's frame closes the tick. Behind it, whoever is stalled is told to pause, and whoever is back gets all
 * that changed meanwhile.
 */
export class RoomPublisher {
  readonly maintenance = new MaintenanceNotice();
  readonly #options: RoomPublisherOptions;
  readonly #log: EventLog;
  readonly #resync: Resync;
  readonly #outgoing: Outgoing;
  /** By number of the stream. */
  readonly #topics: string[] = [];
  /** Cells and their like that have something to send in this tick. */
  readonly #dirty = new Set<RowStream>();
  readonly #streamEvents = new Map<RowStream, EventPart[]>();
  /** Events in such streams since the last published tick, for those who begin to follow them with this one. */
  #eventsInStreams: StreamEvent[] = [];
  /** The last tick that was published: the base of the next deltas. */
  #base: number;
  #events: EventPart[] = [];
  #eventSequence = 0;
  /** Slips since the last published tick. */
  #slip: SlipPart | undefined;
  #lastSlip: SlipPart | undefined;

  constructor(options: RoomPublisherOptions) {
    const { roomStream, horizonTicks, firstTick } = options;
    this.#options = options;
    this.#outgoing = new Outgoing(options.publish);
    this.#log = new EventLog(horizonTicks);
    this.#resync = new Resync({ roomStream, log: this.#log, horizonTicks, firstTick });
    this.#base = firstTick - 1;
  }

  /** The last tick that players were sent. */
  get lastTick(): number {
    return this.#base;
  }

  /** The number of the next event: higher than that of any before. */
  get nextEvent(): number {
    return this.#eventSequence;
  }

  /** As the room was saved: events to everybody that somebody may not have heard. */
  goOn(nextEvent: number, events: readonly (readonly [tick: number, part: EventPart])[]): void {
    this.#eventSequence = nextEvent;
    for (const [tick, part] of events) this.#log.add(this.#options.roomStream, tick, part);
  }

  /** Of events up to this tick some are not kept any more. */
  eventsKnownSince(tick: number): number {
    return Math.max(tick - this.#options.horizonTicks, this.eventsDroppedUpTo("room"));
  }

  /** Of a stream's events up to this tick some had to make room. */
  eventsDroppedUpTo(stream: RowStream | "room"): number {
    return this.#log.droppedUpTo(stream === "room" ? this.#options.roomStream : stream);
  }

  /** What was told in a stream after tick `after`, up to and with tick `upTo`. */
  eventsIn(
    stream: RowStream | "room",
    after: number,
    upTo: number,
  ): IterableIterator<readonly [tick: number, part: EventPart]> {
    return this.#log.entries(stream === "room" ? this.#options.roomStream : stream, after, upTo);
  }

  /** An event for everyone, in the frame of tick `tick`, which is running. `values` are in wire form. */
  broadcast(tick: number, event: number, values: EventPart): void {
    const part: EventPart = [this.#eventSequence++, event, ...values];
    this.#events.push(part);
    this.#log.add(this.#options.roomStream, tick, part);
  }

  /** A followed stream changed in this tick: its frame goes out with it. */
  readonly markDirty = (stream: RowStream): void => {
    this.#dirty.add(stream);
  };

  /** An event for those who follow what is there, or begin to with the tick that publishes. */
  broadcastIn(tick: number, { at, isIn }: EventPlace, event: number, values: EventPart): void {
    const part: EventPart = [this.#eventSequence++, event, ...values];
    this.#eventsInStreams.push({ part, isIn });
    for (const { stream, holders } of at) if (holders > 0) this.#tellStream(stream, tick, part);
  }

  /** An event for one player alone. */
  send(seat: Seat, event: number, values: EventPart): void {
    outboxOf(seat).events.push([this.#eventSequence++, event, ...values]);
  }

  /** The next frame says that from `fromTick` on another epoch counts. */
  slipped(fromTick: number, epoch: number): void {
    this.#slip = [fromTick, epoch];
    this.#lastSlip = this.#slip;
  }

  /**
   * Sends everything that a tick brought. The state must be committed for it.
   *
   * @param leaving those who left since the last one: they get this tick as they looked before
   */
  publishTick(tick: number, leaving: Iterable<Seat>, facts: WelcomeFacts): Published {
    const frames = new TickFrames(tick);
    const entering: Seat[] = [];
    const returning: Seat[] = [];
    const crossings: Crossing[] = [];
    const stalls: Stall[] = [];
    for (const seat of this.#options.agenda.take(tick)) {
      const { now } = seat.presence;
      if (now.state === "gone") continue;
      const change = seat.following.update(tick);
      const crosses = change.entered.length + change.released.length > 0;
      // A client that begins anew has had no frame of what its seat follows already.
      if (now.state === "entering") this.#tellOf([...seat.following.held, ...change.released], [], seat);
      else if (crosses) this.#tellOf(change.entered, change.released, seat);
      if (crosses) {
        seat.history.forget(seat.acks.acknowledgedTick);
        seat.history.followed(tick, change);
      }
      if (now.state === "following") {
        if (crosses) crossings.push({ link: now.link, change });
        this.#publishPrivate(seat, change.released, frames);
        const cause = seat.judgedAt <= tick ? this.#judge(seat, now.link, tick) : undefined;
        if (cause !== undefined) stalls.push({ seat, link: now.link, cause });
        continue;
      }
      // Whoever gets no frame gets what it would have said later.
      seat.stream.takeDelta(tick);
      this.#file(seat, tick);
      if (now.state === "entering") entering.push(seat);
      else if (now.state === "returning") returning.push(seat);
    }
    for (const seat of leaving) this.#publishPrivate(seat, [], frames);
    this.#publishStreams(frames);
    for (const seat of entering) this.#greet(seat, facts, frames);
    for (const crossing of crossings) this.#moveOn(crossing, frames);
    this.#closeTick(frames);
    this.#outgoing.flush();
    this.#pause(stalls, frames);
    const { resyncsPerTick } = this.#options;
    for (const seat of returning.slice(0, resyncsPerTick)) this.#bringBack(seat, frames, facts);
    for (const seat of returning.slice(resyncsPerTick)) seat.attend();
    this.maintenance.send(
      (frame) => frames.encode(frame),
      (bytes) => this.#options.publish(this.#topicOf(this.#options.roomStream), bytes),
    );
    this.#eventsInStreams = [];
    this.#base = tick;
    return frames.published;
  }

  #tellStream(stream: RowStream, tick: number, part: EventPart): void {
    this.#dirty.add(stream);
    this.#log.add(stream, tick, part);
    const events = this.#streamEvents.get(stream);
    if (events === undefined) this.#streamEvents.set(stream, [part]);
    else events.push(part);
  }

  /** What happened in streams that a player enters in this very tick; those just left carry theirs themselves. */
  #tellOf(entered: readonly Followed[], told: readonly Followed[], seat: Seat): void {
    for (const { part, isIn } of this.#eventsInStreams)
      if (entered.some(isIn) && !told.some(isIn)) outboxOf(seat).events.push(part);
  }

  /** Whether a player fell behind, who is judged again when an acknowledgement can be overdue at the earliest. */
  #judge(seat: Seat, link: SeatLink, tick: number): StallCause | undefined {
    const { acks } = seat;
    if (acks.isStalled(tick)) return "unacknowledged";
    if (acks.overdueAt <= tick && link.bufferedBytes() > this.#options.backlogBytes) return "backlog";
    this.#judgeAt(seat, Math.max(acks.overdueAt, tick + 1));
    return undefined;
  }

  #judgeAt(seat: Seat, tick: number): void {
    seat.judgedAt = tick;
    this.#options.agenda.at(tick, seat);
  }

  /** From tick `tick` on the player gets every tick. */
  #follow(seat: Seat, link: SeatLink, tick: number): void {
    seat.acks.restart(tick);
    this.#judgeAt(seat, seat.acks.overdueAt);
    seat.presence.become({ state: "following", link });
    link.joined();
    this.maintenance.follows(link);
  }

  /** Keeps what a tick tells one player until it is acknowledged. */
  #file(seat: Seat, tick: number): void {
    if (seat.outbox === undefined) return;
    seat.history.forget(seat.acks.acknowledgedTick);
    seat.history.told(tick, seat.outbox);
    seat.outbox = undefined;
  }

  #publishPrivate(seat: Seat, released: readonly Followed[], frames: TickFrames): void {
    const { stream, topic, outbox = NOTHING_PRIVATE } = seat;
    if (stream.quiet && seat.outbox === undefined && released.length === 0) return;
    const { rows, leaves } = stream.takeDelta(frames.tick);
    this.#file(seat, frames.tick);
    const frame: DeltaFrame = [
      ServerFrame.delta,
      frames.tick,
      this.#base,
      stream.id,
      rows,
      leaves,
      outbox.events,
      outbox.replies,
      outbox.late,
      released.map(({ stream: { id } }) => id),
    ];
    this.#outgoing.publish(topic, frames.encode(trimFrame(frame, 4)));
  }

  /** Welcome, keyframes of everything in sight, and what `join` sent: a newcomer's first tick is as whole as any. */
  #greet(seat: Seat, facts: WelcomeFacts, frames: TickFrames): void {
    const { link } = seat.presence;
    if (link === undefined) return;
    const { tick } = frames;
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
      seat.secret === undefined ? null : writeSeatToken({ secret: seat.secret, voice: seat.voice }),
    ];
    this.#outgoing.send(link, frames.encode(welcome));
    this.#outgoing.send(link, frames.keyframe(this.#options.roomStream));
    this.#outgoing.send(link, frames.keyframe(seat.stream));
    const { events, replies, late } = seat.history.toldSince(this.#base);
    if (events.length + replies.length + late.length > 0) {
      const head = [ServerFrame.delta, tick, this.#base, seat.stream.id, [], []] as const;
      const frame: DeltaFrame = [...head, events, replies, late];
      this.#outgoing.send(link, frames.encode(trimFrame(frame, 4)));
    }
    for (const { stream } of seat.following.held) this.#enter(link, stream, frames);
    this.#outgoing.subscribe(link, seat.topic);
    this.#outgoing.subscribe(link, this.#topicOf(this.#options.roomStream));
    this.#follow(seat, link, tick);
  }

  #publishStreams(frames: TickFrames): void {
    for (const stream of this.#dirty) {
      const { rows, leaves } = stream.takeDelta(frames.tick);
      const events = this.#streamEvents.get(stream) ?? NO_EVENTS;
      if (rows.length === 0 && leaves.length === 0 && events.length === 0) continue;
      const frame: DeltaFrame = [ServerFrame.delta, frames.tick, this.#base, stream.id, rows, leaves, events];
      this.#outgoing.publish(this.#topicOf(stream), frames.encode(trimFrame(frame, 4)));
    }
    this.#dirty.clear();
    this.#streamEvents.clear();
  }

  /** Who crossed a border gets keyframes of new streams and follows other topics from now on. */
  #moveOn({ link, change }: Crossing, frames: TickFrames): void {
    for (const { stream } of change.entered) this.#enter(link, stream, frames);
    for (const { stream } of change.released) this.#outgoing.unsubscribe(link, this.#topicOf(stream));
  }

  #enter(link: SeatLink, stream: RowStream, frames: TickFrames): void {
    if (begunByKeyframe(stream)) this.#outgoing.send(link, frames.keyframe(stream));
    this.#outgoing.subscribe(link, this.#topicOf(stream));
  }

  /** Made once a stream's number: the transport takes a whole string faster than one that is put together. */
  #topicOf({ id }: RowStream): string {
    let topic = this.#topics[id];
    if (topic === undefined) {
      topic = `${this.#options.topicPrefix}.${id}`;
      this.#topics[id] = topic;
    }
    return topic;
  }

  #closeTick(frames: TickFrames): void {
    const { roomStream } = this.#options;
    const { rows, leaves } = roomStream.takeDelta(frames.tick);
    const head = [ServerFrame.tickEnd, frames.tick, this.#base] as const;
    const frame: TickEndFrame = [...head, rows, leaves, this.#events, this.#slip ?? null];
    this.#events = [];
    this.#slip = undefined;
    this.#outgoing.publish(this.#topicOf(roomStream), frames.encode(trimFrame(frame, 3)));
  }

  /** This tick was their last until they are ready again: nothing more is queued for one who does not read. */
  #pause(stalls: readonly Stall[], frames: TickFrames): void {
    if (stalls.length === 0) return;
    const frame: PauseFrame = [ServerFrame.pause, frames.tick];
    const bytes = frames.encode(frame);
    for (const { seat, link, cause } of stalls) {
      for (const topic of this.#topicsOf(seat)) link.unsubscribe(topic);
      link.send(bytes);
      seat.presence.become({ state: "stalled", link, base: frames.tick, cause });
    }
  }

  #bringBack(seat: Seat, frames: TickFrames, facts: WelcomeFacts): void {
    const { now } = seat.presence;
    if (now.state !== "returning") return;
    const { link, base, migration } = now;
    seat.history.forget(seat.acks.acknowledgedTick);
    const moment = { lastTick: this.#base, slip: this.#lastSlip, facts, migration };
    this.#resync.send(seat, link, base, frames, moment);
    for (const topic of this.#topicsOf(seat)) link.subscribe(topic);
    this.#follow(seat, link, frames.tick);
  }

  /** Every topic of one player; the room's stream is among them from the first tick on. */
  #topicsOf(seat: Seat): string[] {
    const followed = seat.following.held.map(({ stream }) => this.#topicOf(stream));
    return [...followed, seat.topic, this.#topicOf(this.#options.roomStream)];
  }
}
