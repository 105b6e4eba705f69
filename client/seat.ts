import type { GameDescription } from "../shared/definition/description.ts";
import {
  ClientFrame,
  type DeltaFrame,
  type KeyframeFrame,
  type PongFrame,
  ROOM_STREAM,
  type TickEndFrame,
  type WelcomeFrame,
} from "../shared/protocol/frames.ts";
import type { GameLayout } from "../shared/state/game-layout.ts";
import { Replica } from "../shared/state/replica.ts";
import type { Clock } from "../shared/tick/clock.ts";
import { periodMs } from "../shared/tick/tick.ts";
import type { ConnectionState } from "./client-room.ts";
import { ClockEstimate, PingSchedule } from "./clock-estimate.ts";
import { GameEvents } from "./game-events.ts";
import { InputSampler, leadTicks } from "./input-sampler.ts";
import type { Link } from "./link.ts";
import { Listeners, type ReportError } from "./listeners.ts";
import { Mirror } from "./mirror.ts";
import { assertSendable } from "./outgoing-value.ts";
import { Requests } from "./requests.ts";
import { StreamCounts } from "./stream-statistics.ts";
import { type ClosedTick, TickGate } from "./tick-gate.ts";
import { TickTimes } from "./tick-times.ts";

/** What a seat is made of. */
export interface SeatContext {
  /** The game as the server plays it. */
  readonly description: GameDescription;
  readonly layout: GameLayout;
  readonly clock: Clock;
  /** The name of `clock`, where other processes may share it. */
  readonly clockId: string | undefined;
  readonly link: Link;
  readonly report: ReportError;
}

/** One player's place in a room, from the welcome to the end of the connection. */
export class Seat {
  readonly description: GameDescription;
  readonly roomId: string;
  readonly playerId: number;
  readonly rowId: number;
  readonly mirror: Mirror;
  readonly events: GameEvents;
  readonly inputs: InputSampler;
  readonly onTick: Listeners<[tick: number]>;
  readonly onConnection: Listeners<[connection: ConnectionState]>;
  readonly link: Link;
  readonly streams: StreamCounts;
  readonly #clock: Clock;
  readonly #period: number;
  readonly #sharesClock: boolean;
  readonly #gate: TickGate;
  readonly #requests: Requests;
  readonly #times: TickTimes;
  readonly #estimate = new ClockEstimate();
  readonly #pings: PingSchedule;
  #connection: ConnectionState = { state: "joined" };
  #ticksClosed = 0;
  /** Of messages and requests together; the first is 1. */
  #sequence = 0;

  constructor(context: SeatContext, [, , tick, epoch, clock, player, row, own, room]: WelcomeFrame) {
    const { description, layout, report } = context;
    const replica = new Replica(layout, (stream) =>
      stream === ROOM_STREAM ? "room" : stream === own ? "owner" : "sight",
    );
    this.description = description;
    this.roomId = room;
    this.playerId = player;
    this.rowId = row;
    this.mirror = new Mirror(replica, report);
    this.events = new GameEvents(layout, this.mirror.lookup, report);
    this.inputs = new InputSampler(layout.inputs, description.tickRate);
    this.onTick = new Listeners(report);
    this.onConnection = new Listeners(report);
    this.link = context.link;
    this.streams = new StreamCounts(replica);
    this.#clock = context.clock;
    this.#period = periodMs(description.tickRate);
    this.#sharesClock = clock !== null && clock === context.clockId;
    this.#gate = new TickGate(replica, tick);
    this.#requests = new Requests(context.clock);
    this.#times = new TickTimes(epoch, this.#period);
    this.#pings = new PingSchedule(description.tickRate);
    this.#pingWhereDue(tick);
  }

  get tick(): number {
    return this.#gate.tick;
  }

  get connection(): ConnectionState {
    return this.#connection;
  }

  get ticksClosed(): number {
    return this.#ticksClosed;
  }

  get ticksMissed(): number {
    return this.#gate.missed;
  }

  get rttMs(): number | undefined {
    return this.#estimate.rttMs;
  }

  keyframe(frame: KeyframeFrame): void {
    this.#gate.keyframe(frame);
  }

  delta(frame: DeltaFrame): void {
    this.#gate.delta(frame);
  }

  pong([, stamp, now]: PongFrame): void {
    this.#estimate.answered(stamp, now, this.#clock.now());
  }

  /**
   * Closes a tick: the mirror changes as a whole, then additions and changes are told. {@link complete} is to
   * follow.
   *
   * @throws FrameFault or ReplicaError; the mirror is not to be trusted any more then
   */
  apply(frame: TickEndFrame): ClosedTick {
    const closed = this.#gate.close(frame);
    this.events.check(closed.events);
    if (closed.slip) this.#times.slipped(closed.slip);
    this.#ticksClosed += 1;
    this.mirror.apply();
    return closed;
  }

  /** The rest of a tick: events, while what leaves can still be read, then replies, removals and the input. */
  complete({ tick, events, replies }: ClosedTick): void {
    this.events.dispatch(events);
    for (const reply of replies) this.#requests.reply(reply);
    this.mirror.sweep();
    this.onTick.notify(tick);
    const input = this.inputs.sample(tick, leadTicks(this.rttMs, this.#period));
    if (input !== undefined) this.link.send(input);
    this.#pingWhereDue(tick);
  }

  /** @throws RangeError for an unknown name, TypeError for a payload that cannot be sent */
  send(name: string, payload: unknown): void {
    const message = this.description.messages.indexOf(name);
    if (message === -1) throw new RangeError(`the game has no message "${name}"`);
    assertSendable(payload, `message "${name}"`);
    if (this.#connection.state === "closed") return;
    this.#sequence += 1;
    this.link.send([ClientFrame.message, this.#sequence, message, payload ?? null]);
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
    if (this.#connection.state === "closed") return Promise.resolve({ ok: false, error: "closed" });
    this.#sequence += 1;
    const result = this.#requests.open(
      this.#sequence,
      this.description.requests[request]?.errors ?? [],
      timeoutMs,
    );
    this.link.send([ClientFrame.request, this.#sequence, request, input ?? null]);
    return result;
  }

  /** When a tick was to be on our clock, as far as known. */
  intendedTimeOf(tick: number): { at: number; clock: "shared" | "estimated" } | undefined {
    const at = this.#times.dueAt(tick);
    if (at === undefined) return undefined;
    if (this.#sharesClock) return { at, clock: "shared" };
    const { offsetMs } = this.#estimate;
    return offsetMs === undefined ? undefined : { at: at - offsetMs, clock: "estimated" };
  }

  /** The connection ended. What the mirror holds stays readable. */
  closed(connection: ConnectionState): void {
    this.#connection = connection;
    this.#requests.closeAll();
    this.onConnection.notify(connection);
  }

  #pingWhereDue(tick: number): void {
    if (this.#pings.isDue(tick)) this.link.send([ClientFrame.ping, this.#clock.now()]);
  }
}
