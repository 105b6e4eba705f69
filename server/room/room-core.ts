import type { Game } from "../../shared/definition/game.ts";
import type { CloseName } from "../../shared/protocol/close-codes.ts";
import { ROOM_STREAM } from "../../shared/protocol/frames.ts";
import type { CommittedRow } from "../../shared/state/committed-row.ts";
import { CommittedState, type OutOfRangeWarning } from "../../shared/state/committed-state.ts";
import type { Groups } from "../../shared/state/groups.ts";
import { RestingIds } from "../../shared/state/resting-ids.ts";
import { RowStream } from "../../shared/state/row-stream.ts";
import { periodMs, type Tick, ticksIn, tick as toTick } from "../../shared/tick/tick.ts";
import type { RoomName } from "../bus.ts";
import type { TickScheduler, TickTask, TickTiming } from "../tick/tick-scheduler.ts";
import { advanceInputs } from "./advance-inputs.ts";
import { Agenda } from "./agenda.ts";
import { ArrivalQueue, type Arrivals, type OperationHook, takeArrivals } from "./arrivals.ts";
import { Attendance, DEFAULT_GRACE_MS } from "./attendance.ts";
import { type Call, CallDispatcher } from "./calls.ts";
import { Containment, FAILED } from "./containment.ts";
import { Departures } from "./departures.ts";
import type { HandOver } from "./hand-over.ts";
import { captureRoom } from "./image/capture-room.ts";
import type { KeptParts } from "./image/kept-parts.ts";
import { restoreRoom } from "./image/restore-room.ts";
import type { ImageKind, RoomImage } from "./image/room-image.ts";
import type { InputVerdict } from "./input-queue.ts";
import { Lineage } from "./lineage.ts";
import { liveState } from "./live-state.ts";
import { Rewind } from "./rewind/rewind.ts";
import type { Room, RoomMetadata } from "./room.ts";
import { RoomEvents } from "./room-events.ts";
import { RoomFacade } from "./room-facade.ts";
import type { RoomParts } from "./room-parts.ts";
import { RoomPublisher } from "./room-publisher.ts";
import { RoomSchedule } from "./room-schedule.ts";
import type { RoomTap } from "./room-tap.ts";
import { RoomTimers } from "./room-timers.ts";
import type { Seat } from "./seat.ts";
import { makeGroups } from "./seat-groups.ts";
import { Seats } from "./seats.ts";
import { makeSight, type Sight } from "./sight.ts";
import { Vacancy } from "./vacancy.ts";

/** The first tick of a room; the tick before it stands for "nothing yet". */
const FIRST_TICK = toTick(1);

/**
 * One room: its state, its players, its tick. Everything from outside waits in one queue, in order of
 * arrival, for the start of the next tick; game code never runs outside of one.
 */
export class RoomCore implements TickTask {
  readonly name: RoomName;
  readonly facade: Room;
  readonly data: unknown;
  readonly options: unknown;
  readonly timers = new RoomTimers();
  readonly seats: Seats;
  metadata: RoomMetadata;
  locked = false;
  visibility: "public" | "private" = "public";
  tap: RoomTap | undefined;
  readonly state: CommittedState;
  /** All of the author's code runs in it. */
  readonly containment: Containment;
  readonly game: Game;
  readonly events: RoomEvents;
  readonly attendance: Attendance;
  /** The cells of a room with interest. */
  readonly sight: Sight | undefined;
  readonly groups: Groups;
  /** The timeline, and those before it in a room that was restored. */
  readonly lineage: Lineage;
  /** The near past of a room with `rewind`. */
  readonly rewind: Rewind | undefined;
  readonly #parts: RoomParts;
  readonly #periodMs: number;
  readonly #hasInputs: boolean;
  readonly #calls: CallDispatcher;
  readonly #publisher: RoomPublisher;
  readonly #arrivals: Arrivals;
  readonly #departures = new Departures();
  readonly #vacancy: Vacancy;
  readonly #kept: KeptParts;
  readonly #firstTick: Tick;
  readonly #schedule: RoomSchedule;
  #tick: Tick;
  /** The last tick that took something from outside. */
  #arrivedAt = 0;
  #handOver: HandOver | undefined;
  #closing: CloseName | undefined;
  #closedBy: CloseName | undefined;

  constructor(parts: RoomParts) {
    const { game, layout, config, limits, past } = parts;
    this.#parts = parts;
    this.lineage = Lineage.of(past);
    this.#firstTick = toTick(past?.firstTick ?? FIRST_TICK);
    this.#tick = toTick(this.#firstTick - 1);
    this.game = game;
    this.name = { id: parts.id, game: game.spec.name };
    this.metadata = config.metadata ?? {};
    this.options = parts.options;
    const { tickRate } = game.spec;
    const horizonTicks = ticksIn(limits.horizonMs, tickRate);
    const idRestTicks = Math.max(horizonTicks, ticksIn(config.graceMs ?? DEFAULT_GRACE_MS, tickRate));
    const entriesPerTick = Math.max(1, Math.ceil(limits.joinsPerSecond / tickRate));
    const roomStream = new RowStream(ROOM_STREAM, "room", horizonTicks);
    this.#arrivals = parts.arrivals ?? new ArrivalQueue(entriesPerTick);
    const agenda = new Agenda();
    const publisher = new RoomPublisher({
      agenda,
      publish: (topic, frame) => parts.transport.publish(topic, frame),
      topicPrefix: parts.topicPrefix,
      roomStream,
      firstTick: this.#firstTick,
      horizonTicks,
      backlogBytes: limits.stallBacklogBytes,
      resyncsPerTick: entriesPerTick,
    });
    this.#publisher = publisher;
    const onOutOfRange = (warning: OutOfRangeWarning): void =>
      parts.bus.emit("outOfRange", { room: this.name, ...warning });
    const streamIds = new RestingIds(idRestTicks);
    this.#kept = { ...parts, publisher, streamIds, horizonTicks, firstTick: this.#firstTick };
    const streams = { horizonTicks, streamIds, tick: () => this.#tick, onDirty: publisher.markDirty };
    const onCross = (row: CommittedRow): void => this.seats.crossed(row);
    const { description } = game;
    this.sight =
      config.interest && makeSight({ description, interest: config.interest, ...streams, onCross });
    this.groups = makeGroups(streams);
    this.state = new CommittedState(layout, {
      roomStream,
      sight: this.sight?.grid,
      groups: this.groups,
      idRestTicks,
      onOutOfRange,
    });
    const { state } = this;
    const tick = (): Tick => this.#tick;
    const { rewind: options } = config;
    this.rewind = options && new Rewind({ description, definition: game.spec.state, state, options, tick });
    this.events = new RoomEvents({
      ...{ game: this.name.game, state, publisher, onOutOfRange, tick },
      grid: this.sight?.grid,
      groups: this.groups,
      tap: () => this.tap,
    });
    this.#periodMs = periodMs(tickRate);
    this.#schedule = new RoomSchedule(this, tickRate, parts.clock);
    this.#vacancy = new Vacancy(this.#periodMs, config.emptyForMs);
    this.#hasInputs = layout.inputs.length > 0;
    this.containment = new Containment(parts.bus, this.name, config, () => this.facade);
    this.attendance = new Attendance({
      ...{ name: this.name, tickRate, config, limits, bus: parts.bus, tick },
      containment: this.containment,
      facade: () => this.facade,
      arrivals: this.#arrivals,
      departures: this.#departures,
      lineage: this.lineage,
      seats: () => this.seats,
    });
    const dismiss = (seat: Seat, reason: CloseName): void => this.attendance.dismiss(seat, reason);
    this.seats = new Seats({
      ...{ state, tickRate, limits, idRestTicks, tick },
      topicPrefix: parts.topicPrefix,
      secret: parts.secret,
      latePresses: config.latePresses ?? "apply",
      streamIds,
      sight: this.sight,
      groups: this.groups,
      agenda,
      rewindTicks: this.rewind?.maxTicks,
      send: (seat, event, value) => this.events.toPlayer(seat, event, value),
      close: dismiss,
      presenceChanged: this.attendance.presenceChanged,
    });
    this.data = config.data?.(parts.loaded) ?? undefined;
    this.facade = new RoomFacade(this, liveState(this.state), parts);
    this.#calls = new CallDispatcher(game, config, this.containment, { ...parts, dismiss });
    if (past !== undefined) restoreRoom(this, past, this.#kept);
  }

  get tick(): Tick {
    return this.#tick;
  }

  /** The last tick in which anything changed that a checkpoint holds, as far as the room itself can know. */
  get changedAt(): number {
    return Math.max(this.state.changedAt, this.#arrivedAt);
  }

  /** Why the room has closed; `undefined` while it has not. */
  get closedBy(): CloseName | undefined {
    return this.#closedBy;
  }

  /** Why nobody new is let in, if so, whether there are seats or not. */
  get shut(): CloseName | undefined {
    return this.#closedBy ?? this.#closing ?? (this.locked ? "room-locked" : undefined);
  }

  get maxPlayers(): number {
    return this.#parts.config.maxPlayers;
  }

  /** Runs `create`, or `restore`, and begins to tick. False where that threw: the room is closed already. */
  open(scheduler: Pick<TickScheduler, "add">): boolean {
    const { config, bus, past } = this.#parts;
    bus.emit("roomCreated", { room: this.name });
    this.#schedule.begin(scheduler, this.#firstTick);
    const begun =
      past === undefined
        ? this.containment.run({ hook: "create" }, () => config.create?.(this.facade))
        : this.containment.run({ hook: "restore" }, () =>
            config.restore?.(this.facade, past.image.saved as never),
          );
    if (begun !== FAILED) return true;
    this.shutDown("room-failed");
    return false;
  }

  /** Keeps a seat for somebody who is being admitted. `undefined` where none is free. */
  reserve(): (() => void) | undefined {
    return this.shut === undefined && this.seats.taken < this.maxPlayers ? this.seats.reserve() : undefined;
  }

  /** @param viewTick the tick that the player saw: all up to it has arrived */
  receiveInput(seat: Seat, tick: number, viewTick: number, values: readonly unknown[]): InputVerdict {
    this.acknowledge(seat, Math.floor(viewTick));
    const verdict = seat.inputs.receive(tick, values, this.#tick + 1);
    seat.margin.arrived(verdict, this.#schedule.sinceDue(tick));
    if (verdict === "queued" || verdict === "late") seat.views?.received(tick, viewTick, this.#tick + 1);
    if (verdict !== "malformed") this.tap?.input(seat, tick, viewTick, values);
    return verdict;
  }

  /** Takes a message or request; the fault, where there is one, closes the connection. */
  receiveCall(seat: Seat, received: Omit<Call, "voice">): CloseName | undefined {
    // Whoever waits for the room's next place sends it again there.
    if (this.#closedBy !== undefined) return undefined;
    const call = this.#calls.receive(seat, received);
    if (typeof call === "string") return call;
    this.#arrivals.push({ kind: "call", seat, call });
    return undefined;
  }

  /** The client closed a tick. The fault, where nobody can have closed it yet, closes the connection. */
  acknowledge(seat: Seat, tick: number): CloseName | undefined {
    if (tick > this.#publisher.lastTick) return "bad-frame";
    seat.acks.acknowledged(tick, this.#schedule.sinceDue(tick));
    return undefined;
  }

  /** A paused client has applied everything: it gets what happened meanwhile with the next tick. */
  ready(seat: Seat, tick: number): CloseName | undefined {
    const { now } = seat.presence;
    if (now.state === "gone") return undefined;
    if (now.state !== "stalled" || now.base !== tick) return "bad-frame";
    seat.presence.become({ state: "returning", link: now.link, base: tick, cause: now.cause });
    return undefined;
  }

  runInTick(job: () => void, hook?: OperationHook): void {
    this.#arrivals.push({ kind: "run", job, ...(hook && { hook }) });
  }

  after(seconds: number, callback: () => undefined) {
    return this.timers.at(
      this.#tick + Math.max(1, ticksIn(seconds * 1000, this.game.spec.tickRate)),
      callback,
    );
  }

  /** Closes the room when the tick that runs, or else the next one, has been published. */
  close(reason: CloseName): void {
    this.#closing ??= reason;
  }

  /** With the next tick players are told in how long the server closes. */
  announceMaintenance(closesInMs: () => number): void {
    this.#publisher.maintenance.announce(closesInMs);
  }

  /** The room as it is between two ticks; see {@link captureRoom}. */
  image(kind: ImageKind): RoomImage | "not-now" | typeof FAILED {
    return captureRoom(this, kind, this.#kept);
  }

  /**
   * Stops the room behind its next tick, for another process to go on from what is taken. Nobody leaves: players are
   * told to come back. False where it closes already.
   */
  suspend(handOver: HandOver): boolean {
    if (this.#closedBy !== undefined || this.#closing !== undefined) return false;
    this.#handOver = handOver;
    this.close(handOver.reason);
    return true;
  }

  /** Stands still as it is, until {@link goOn}: players are sent away and keep their seats. */
  standStill(reason: CloseName): void {
    this.#schedule.stop();
    this.attendance.sendAway(reason);
  }

  /** Ticks again, with the number that follows. */
  goOn(): void {
    if (this.#closedBy === undefined) this.#schedule.goOn(toTick(this.#tick + 1));
  }

  step(n: Tick, { dueAt, latenessMs, publish }: TickTiming): void {
    const { clock, config, bus } = this.#parts;
    const began = clock.now();
    this.#tick = n;
    this.attendance.expire(n);
    if (takeArrivals(this, this.#arrivals, this.#calls, { tick: n, dueAt, latenessMs })) this.#arrivedAt = n;
    this.timers.run(n, (callback) => void this.containment.run({ hook: "after" }, callback));
    if (this.#hasInputs) advanceInputs(this, n, bus);
    const dt = this.#periodMs / 1000;
    if (this.containment.run({ hook: "tick" }, () => config.tick?.(this.facade, dt)) === FAILED) {
      this.shutDown("room-failed");
      return;
    }
    const isAllowed = this.#parts.mayPublish?.() !== false;
    if ((!publish || !isAllowed) && this.#closing === undefined) return;
    if (!isAllowed) {
      this.#closeIfDone();
      return;
    }

    const stepped = clock.now();
    if (this.containment.run({ hook: "tick" }, () => this.state.commit(n)) === FAILED) {
      this.shutDown("room-failed");
      return;
    }
    this.rewind?.record(n);
    const committed = clock.now();
    const { frames, bytes, keyframes } = this.#publisher.publishTick(n, this.#departures.seats(), {
      room: this.name.id,
      timeline: this.lineage.timeline,
      epoch: dueAt - n * this.#periodMs,
      clock: this.#parts.clockId,
    });
    const published = clock.now();
    bus.emit("tickDone", {
      room: this.name,
      tick: n,
      players: this.seats.size,
      latenessMs,
      stepMs: stepped - began,
      commitMs: committed - stepped,
      publishMs: published - committed,
      frames,
      bytes,
      keyframes,
    });
    if (bus.hears("tickFlushed"))
      this.#parts.transport.afterFlush(() =>
        bus.emit("tickFlushed", { room: this.name, tick: n, flushedMs: clock.now() - began }),
      );
    this.#departures.end();
    this.#closeIfDone();
  }

  slipped(fromTick: Tick, newEpoch: number, skippedMs: number): void {
    this.#publisher.slipped(fromTick, newEpoch);
    this.#parts.bus.emit("tickSlipped", { room: this.name, tick: fromTick, skippedMs });
  }

  #closeIfDone(): void {
    if (this.#closing !== undefined) {
      this.shutDown(this.#closing);
      return;
    }
    if (this.#vacancy.isOver(this.seats.taken, this.attendance.everEntered)) this.shutDown("room-closed");
  }

  /** Closes the room at once, with no tick after this. */
  shutDown(reason: CloseName): void {
    if (this.#closedBy !== undefined) return;
    const handOver = reason === this.#handOver?.reason ? this.#handOver : undefined;
    handOver?.take(this.image("exact"));
    this.#closedBy = reason;
    this.#schedule.stop();
    for (const seat of [...this.seats])
      if (handOver === undefined) this.attendance.leave(seat, reason);
      else this.#departures.add(seat, reason);
    if (handOver?.keep === undefined) this.#departures.end();
    else handOver.keep(() => this.#departures.end());
    for (const arrival of this.#arrivals.takeAll()) {
      if (arrival.kind === "join") arrival.link.end(reason);
      else if (arrival.kind === "run") arrival.job();
    }
    this.#parts.bus.emit("roomClosed", { room: this.name, reason, ticks: this.#tick });
    this.#parts.onClosed();
  }
}
