import type { GameDescription } from "../shared/definition/description.ts";
import type { Game } from "../shared/definition/game.ts";
import type { CloseDescription } from "../shared/protocol/close-codes.ts";
import {
  ACK_INTERVAL_MS,
  ClientFrame,
  type DeltaFrame,
  type KeyframeFrame,
  type MaintenanceFrame,
  type PauseFrame,
  type PongFrame,
  type ResumedFrame,
  ROOM_STREAM,
  type TickEndFrame,
  type TimelinePart,
  type WelcomeFrame,
} from "../shared/protocol/frames.ts";
import type { GameLayout } from "../shared/state/game-layout.ts";
import { Replica } from "../shared/state/replica.ts";
import type { Clock } from "../shared/tick/clock.ts";
import { periodMs, ticksIn } from "../shared/tick/tick.ts";
import { Acknowledgements } from "./acknowledgements.ts";
import { CallOutbox } from "./call-outbox.ts";
import type { ConnectionState, Maintenance } from "./client-room.ts";
import { FrameFault } from "./frame-fault.ts";
import { GameEvents } from "./game-events.ts";
import { InputSampler } from "./input-sampler.ts";
import { InputSender } from "./input-sender.ts";
import type { Link } from "./link.ts";
import { Listeners, type ReportError } from "./listeners.ts";
import { Mirror } from "./mirror.ts";
import { assertSendable } from "./outgoing-value.ts";
import { PingSchedule } from "./ping-schedule.ts";
import { OwnPrediction } from "./prediction/own-prediction.ts";
import { Requests } from "./requests.ts";
import { RoomTimeline } from "./room-timeline.ts";
import { clockOf, ServerClock } from "./server-clock.ts";
import { StreamCounts } from "./stream-statistics.ts";
import { type ClosedTick, TickGate } from "./tick-gate.ts";
import { TickTimes } from "./tick-times.ts";
import { RoomView } from "./view/room-view.ts";

/** What a seat is made of. */
export interface SeatContext {
  /** The game as the server plays it. */
  readonly description: GameDescription;
  readonly layout: GameLayout;
  readonly clock: Clock;
  /** The name of `clock`, where other processes may share it. */
  readonly clockId: string | undefined;
  readonly link: Link;
  /** The game predicts, and this client is to. */
  readonly predicts: boolean;
  readonly report: ReportError;
  /** The game as this client knows it, if it does. */
  readonly known: Game | undefined;
  readonly extrapolateMs: number;
}

/** One player's place in a room, from the welcome to the end of the stay, over all connections meanwhile. */
export class Seat {
  readonly description: GameDescription;
  readonly roomId: string;
  readonly playerId: number;
  readonly rowId: number;
  /** Returns to the seat. */
  readonly token: string | undefined;
  readonly mirror: Mirror;
  readonly events: GameEvents;
  readonly inputs: InputSampler;
  readonly sender: InputSender;
  readonly serverClock: ServerClock;
  /** In games that predict. */
  readonly prediction: OwnPrediction | undefined;
  readonly onTick: Listeners<[tick: number]>;
  readonly onConnection: Listeners<[connection: ConnectionState]>;
  readonly timeline: RoomTimeline;
  readonly onMaintenance: Listeners<[maintenance: Maintenance | undefined]>;
  readonly link: Link;
  readonly streams: StreamCounts;
  readonly #clock: Clock;
  readonly #gate: TickGate;
  readonly #requests: Requests;
  readonly #calls: CallOutbox;
  readonly #times: TickTimes;
  readonly #pings: PingSchedule;
  #connection: ConnectionState = { state: "joined" };
  #maintenance: Maintenance | undefined;
  readonly #acks: Acknowledgements;
  #inputMarginMs: number | undefined;
  #isLeaving = false;
  #ticksClosed = 0;
  #resyncs = 0;
  #pauses = 0;
  readonly #context: SeatContext;
  /** From the first time that it was asked for. */
  #view: RoomView | undefined;

  constructor(context: SeatContext, welcome: WelcomeFrame) {
    const [, timeline, tick, epoch, clock, player, row, own, room, token] = welcome;
    const { description, layout, report } = context;
    const replica = new Replica(layout, (stream) =>
      stream === ROOM_STREAM ? "room" : stream === own ? "owner" : "sight",
    );
    this.#context = context;
    this.description = description;
    this.roomId = room;
    this.playerId = player;
    this.rowId = row;
    this.token = token ?? undefined;
    this.mirror = new Mirror(replica, report);
    this.events = new GameEvents(layout, this.mirror.lookup, report);
    this.inputs = new InputSampler(layout.inputs, description.tickRate);
    this.onTick = new Listeners(report);
    this.onConnection = new Listeners(report);
    this.timeline = new RoomTimeline(timeline, report);
    this.onMaintenance = new Listeners(report);
    this.link = context.link;
    this.streams = new StreamCounts(replica);
    this.#clock = context.clock;
    const period = periodMs(description.tickRate);
    this.#gate = new TickGate(replica, tick);
    this.#requests = new Requests(context.clock);
    this.#calls = new CallOutbox(context.link, context.clock, period);
    this.#acks = new Acknowledgements(ticksIn(ACK_INTERVAL_MS, description.tickRate));
    this.#times = new TickTimes(epoch, period);
    this.#pings = new PingSchedule(description.tickRate);
    const time = { clock: context.clock, times: this.#times, periodMs: period };
    this.serverClock = new ServerClock({ ...time, reads: clockOf(clock, context.clockId) });
    this.prediction =
      context.predicts && context.known
        ? new OwnPrediction({
            ...context,
            known: context.known,
            replica,
            mirror: this.mirror,
            sampler: this.inputs,
            rowId: row,
            tickAt: (now) => this.sender.timeline?.tickAt(now),
          })
        : undefined;
    this.sender = new InputSender({
      ...time,
      serverClock: this.serverClock,
      sampler: this.inputs,
      sampledBy: context.predicts ? "clock" : "ticks",
      closedTick: () => this.tick,
      viewTick: () => this.viewTick(),
      inDoubt: () => this.#pings.hurry(),
      send: (input) => {
        this.link.send(input);
        this.#acks.said(input[2]);
      },
      observer: this.prediction,
    });
    this.#pingWhereDue(tick);
  }

  get tick(): number {
    return this.#gate.tick;
  }

  get connection(): ConnectionState {
    return this.#connection;
  }

  get maintenance(): Maintenance | undefined {
    return this.#maintenance;
  }

  get ticksClosed(): number {
    return this.#ticksClosed;
  }

  get ticksMissed(): number {
    return this.#gate.missed;
  }

  get resyncs(): number {
    return this.#resyncs;
  }

  get pauses(): number {
    return this.#pauses;
  }

  /** As the server last reported it. */
  get inputMarginMs(): number | undefined {
    return this.#inputMarginMs;
  }

  get interpolationDelayMs(): number | undefined {
    return this.#view?.delayMs;
  }

  /** What is to be drawn now. From the first call on rows are remembered for it. */
  view(): ReturnType<RoomView["frame"]> {
    this.#view ??= new RoomView({
      ...this.#context,
      known: this.#context.known?.spec.state,
      periodMs: periodMs(this.description.tickRate),
      mirror: this.mirror,
      rowId: this.rowId,
      own: this.prediction,
      tick: this.tick,
    });
    return this.#view.frame(this.#connection.state === "joined");
  }

  /** The tick that the player sees: the drawn one, in games that draw by `view`. None that has not closed. */
  viewTick(): number {
    return Math.min(this.#view?.tick ?? this.tick, this.tick);
  }

  keyframe(frame: KeyframeFrame): void {
    this.#gate.keyframe(frame);
  }

  delta(frame: DeltaFrame): void {
    this.#gate.delta(frame);
  }

  pong([, stamp, now, sequence, margin]: PongFrame): void {
    const { timeline } = this.sender;
    const verdict = this.serverClock.answered(stamp, now);
    if (verdict !== "fits") this.#pings.hurry();
    if (verdict === "anew") timeline?.unsettled();
    timeline?.answered(stamp, margin ?? undefined);
    this.#inputMarginMs = margin ?? this.#inputMarginMs;
    if (sequence !== undefined) this.#calls.processed(sequence);
  }

  /** The server saw too few acknowledgements: it goes on once everything so far is applied here. */
  pause([, tick]: PauseFrame): void {
    if (tick !== this.tick) throw new FrameFault(`paused at tick ${tick} instead of ${this.tick}`);
    this.#pauses += 1;
    this.link.send([ClientFrame.ready, tick]);
  }

  told([, inMs]: MaintenanceFrame): void {
    this.#maintain({ inMs, deadlineMs: this.#clock.now() + inMs });
  }

  /**
   * What follows is the resync of a tick.
   *
   * @param connection on a new one messages that did not arrive on the old are sent again
   */
  resumed([, tick, base, sequence, lost, timeline]: ResumedFrame, connection: "same" | "new"): void {
    if (base && base !== this.tick) throw new FrameFault(`resumed from tick ${base}, not ${this.tick}`);
    this.timeline.next = timeline;
    this.timeline.lostUpTo = lost;
    if (timeline) {
      const { count, upTo } = this.#calls.undone(sequence);
      this.#requests.end("lost", sequence, upTo);
      this.timeline.undone += count;
    }
    this.#gate.resumed(base, timeline ? tick : undefined);
    this.#resyncs += 1;
    this.#acks.restart();
    if (connection === "new") this.#calls.reconnected(sequence);
  }

  /** The connection is lost and will be tried again: nothing is sent, what had not closed is forgotten. */
  disconnected(close: CloseDescription, attempt: number): void {
    this.link.mute();
    this.sender.timeline?.stop();
    this.#gate.discard();
    this.#calls.disconnected();
    // Another server may not be about to close; one that still is says so again.
    if (this.#maintenance) this.#maintain(undefined);
    this.#become({ state: "reconnecting", close, attempt });
  }

  /** The first tick on a new connection is there. */
  reconnected(): void {
    this.#become({ state: "joined" });
  }

  /**
   * Closes a tick: the mirror changes as a whole, then additions and changes are told. {@link complete} is to
   * follow.
   *
   * @throws FrameFault or ReplicaError; the mirror is not to be trusted any more then
   */
  apply(frame: TickEndFrame): ClosedTick {
    const before = this.tick;
    const closed = this.#gate.close(frame);
    this.events.check(closed.events);
    const restored = this.timeline.closed(before);
    if (restored) this.#beginAnew(restored);
    if (closed.slip) {
      this.#times.slipped(closed.slip);
      this.sender.timeline?.unsettled();
    }
    this.sender.tookEffect(closed.late);
    this.#ticksClosed += 1;
    this.#view?.closing(closed.tick);
    this.mirror.apply();
    this.prediction?.closed(closed.tick);
    return closed;
  }

  /** The rest of a tick: events, while what leaves can still be read, then replies, removals and the input. */
  complete({ tick, events, replies }: ClosedTick): void {
    this.timeline.complete();
    this.events.dispatch(events);
    for (const reply of replies) this.#requests.reply(reply);
    this.mirror.sweep();
    this.onTick.notify(tick);
    // A listener may have ended the stay, and the clock is not to sample for one that is over.
    if (this.#connection.state === "joined") this.sender.tickClosed(tick);
    this.#acknowledge(tick);
    this.#calls.flush();
    this.#pingWhereDue(tick);
  }

  /**
   * Says goodbye behind everything that was sent before; what is sent from now on is not. True once it went out,
   * which takes some ticks where much waits: ask again after each.
   */
  leave(): boolean {
    this.#isLeaving = true;
    if (!this.#calls.isEmpty) return false;
    this.link.send([ClientFrame.leave]);
    this.link.mute();
    return true;
  }

  ping(): void {
    const stamp = this.#clock.now();
    this.sender.timeline?.pingSent(stamp);
    this.link.send([ClientFrame.ping, stamp]);
  }

  /** @throws RangeError for an unknown name, TypeError for a payload that cannot be sent */
  send(name: string, payload: unknown): void {
    const message = this.description.messages.indexOf(name);
    if (message === -1) throw new RangeError(`the game has no message "${name}"`);
    assertSendable(payload, `message "${name}"`);
    if (this.#isLeaving || this.#connection.state === "closed") return;
    const sequence = this.#calls.push(ClientFrame.message, message, payload);
    if (sequence === undefined) this.timeline.onLost.notify({ what: "message", name });
  }

  /** @throws RangeError for an unknown name or a timeout that is none, TypeError for an input that cannot be sent */
  request(name: string, input: unknown, timeoutMs: number): ReturnType<Requests["open"]> {
    const request = this.description.requests.findIndex((candidate) => candidate.name === name);
    if (request === -1) throw new RangeError(`the game has no request "${name}"`);
    if (!(timeoutMs > 0 && Number.isFinite(timeoutMs)))
      throw new RangeError(
        `timeoutMs is ${timeoutMs}; a request may wait for a positive number of milliseconds`,
      );
    assertSendable(input, `request "${name}"`);
    if (this.#isLeaving || this.#connection.state === "closed")
      return Promise.resolve({ ok: false, error: "closed" });
    const sequence = this.#calls.push(ClientFrame.request, request, input);
    if (sequence === undefined) return Promise.resolve({ ok: false, error: "lost" });
    return this.#requests.open(sequence, this.description.requests[request]?.errors ?? [], timeoutMs);
  }

  /** The stay is over. What the mirror holds stays readable. */
  closed(connection: ConnectionState): void {
    this.sender.timeline?.stop();
    this.#requests.end("closed");
    this.#become(connection);
  }

  #maintain(maintenance: Maintenance | undefined): void {
    this.#maintenance = maintenance;
    this.onMaintenance.notify(maintenance);
  }

  /**
   * The room was restored: its time, what it knows of our inputs and what is predicted of it begin anew. So do its
   * ticks: they may be lower than before.
   */
  #beginAnew([, , epoch, clock]: TimelinePart): void {
    this.#times.restart(epoch);
    this.serverClock.restart(clockOf(clock, this.#context.clockId));
    this.sender.restart();
    this.#pings.restart();
    this.prediction?.restart();
    this.#view?.restart(this.tick);
  }

  #become(connection: ConnectionState): void {
    this.#connection = connection;
    this.onConnection.notify(connection);
  }

  #acknowledge(tick: number): void {
    if (!this.#acks.isDue(tick)) return;
    this.#acks.said(tick);
    this.link.send([ClientFrame.ack, tick]);
  }

  #pingWhereDue(tick: number): void {
    if (this.#pings.isDue(tick)) this.ping();
  }
}
