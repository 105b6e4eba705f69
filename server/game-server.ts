import { resumedRandom, seededRandom } from "../shared/random/seeded-random.ts";
import { gameLayout } from "../shared/state/game-layout.ts";
import { Bus } from "./bus.ts";
import {
  type CheckpointOptions,
  checkpointDefaults,
  validateCheckpointOptions,
} from "./checkpoint/checkpoint-options.ts";
import { CheckpointWriter } from "./checkpoint/checkpoint-writer.ts";
import { hasLaterLife } from "./checkpoint/later-life.ts";
import { restoreRooms, roomRestorer } from "./checkpoint/restore-rooms.ts";
import type { ClusterPart } from "./cluster/cluster-part.ts";
import { everybodyLeft, moveRooms, tellOfDrain } from "./drain.ts";
import { type EventExchange, EventHub } from "./events/event-hub.ts";
import { RoomExchange } from "./events/room-exchange.ts";
import type { GameServerParts } from "./game-server-parts.ts";
import { AddressGuard } from "./guard/address-guard.ts";
import { OverrunPolicy } from "./guard/overrun-policy.ts";
import { joinApi, joinRequest } from "./http/join-api.ts";
import { json, problem, tooMany } from "./http/json.ts";
import { roomsApi } from "./http/rooms-api.ts";
import { defaultLimits, type ServerLimits, validateLimits } from "./limits.ts";
import { LoadMeter } from "./load-meter.ts";
import { Matchmaker } from "./matchmaking/matchmaker.ts";
import { poll } from "./poll.ts";
import type { RoomDefinition } from "./room/define-room.ts";
import { RoomCore } from "./room/room-core.ts";
import { Session } from "./session/session.ts";
import { TickScheduler } from "./tick/tick-scheduler.ts";
import type {
  Connection,
  ConnectionListener,
  HandshakeRequest,
  HandshakeVerdict,
  Listening,
  ListenOptions,
  TransportHandlers,
} from "./transport/transport.ts";
import { watchedScheduler } from "./watchdog/watched-scheduler.ts";

/** A server that has no others to tell. */
const ALONE = { id: "", uplink: undefined };

/** How long rooms get to run a last tick, and then connections to take their close frame before they are cut. */
const CLOSE_WITHIN_MS = 1_000;

/** How often a stopping server looks whether all is done. */
const LOOK_MS = 5;

/** How often a draining server looks whether everybody has left. */
const DRAIN_LOOK_MS = 100;

/** Rooms, sessions and HTTP on one transport. It knows no socket, no timer and no process. */
export class GameServer {
  readonly bus: Bus;
  readonly matchmaker: Matchmaker;
  readonly #parts: GameServerParts;
  readonly #limits: ServerLimits;
  readonly #scheduler: TickScheduler;
  readonly #load: LoadMeter;
  readonly #guard: AddressGuard;
  readonly #overruns: OverrunPolicy;
  readonly #sessions = new Set<Session>();
  readonly #checkpoints: CheckpointWriter | undefined;
  readonly #checkpointOptions: CheckpointOptions;
  readonly #cluster: ClusterPart | undefined;
  readonly #events: EventHub;
  readonly #startedAt: number;
  #nextSession = 1;
  #nextTopic = 0;
  #draining: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;

  constructor(parts: GameServerParts) {
    this.#parts = parts;
    this.bus = parts.bus ?? new Bus();
    this.#limits = validateLimits({ ...defaultLimits, ...parts.limits });
    this.#load = new LoadMeter(this.bus);
    this.#guard = new AddressGuard({ clock: parts.clock, limits: this.#limits, bus: this.bus });
    this.#overruns = new OverrunPolicy({
      bus: this.bus,
      clock: parts.clock,
      limits: this.#limits,
      room: (id) => this.matchmaker.rooms.get(id),
    });
    this.#startedAt = parts.clock.now();
    this.#scheduler = new TickScheduler(parts.clock, {
      ...parts.scheduler,
      onTaskError: (error) => this.bus.emit("transportFailed", { where: "tick", error }),
    });
    this.matchmaker = this.#matchmaker(parts.rooms);
    const { store, timeOfDay, ...options } = parts.checkpoints ?? {};
    this.#checkpointOptions = validateCheckpointOptions({ ...checkpointDefaults, ...options });
    this.#checkpoints =
      store &&
      timeOfDay &&
      new CheckpointWriter({
        ...{ store, timeOfDay, bus: this.bus, clock: parts.clock, options: this.#checkpointOptions },
        room: (id) => this.matchmaker.rooms.get(id),
        config: (game) => this.matchmaker.definition(game)?.config,
      });
    this.#cluster = parts.cluster?.({
      ...{ bus: this.bus, clock: parts.clock, limits: this.#limits, matchmaker: this.matchmaker },
      ...{ definitions: parts.rooms, tickets: parts.tickets, roomId: parts.roomId },
      restore: roomRestorer({ ...parts.checkpoints, matchmaker: this.matchmaker, bus: this.bus }),
      suspend: this.#checkpoints && ((room, order) => this.#checkpoints?.suspend(room, order)),
      hasLaterLife: async (room) => store !== undefined && hasLaterLife(store, room),
    });
    const { bus, clock } = parts;
    this.#events = new EventHub({ bus: bus ?? this.bus, clock, ...(this.#cluster?.uplink ?? ALONE) });
  }

  /**
   * Opens the rooms that were saved, for their players to come back; to be called before {@link listen}. What cannot be
   * restored is told on the bus and left where it is. Rejects where the store cannot even be listed. In a cluster rooms
   * are restored by whoever claims them, once the server has joined.
   */
  async restore(): Promise<void> {
    const { checkpoints } = this.#parts;
    if (checkpoints !== undefined && this.#cluster === undefined)
      await restoreRooms({ ...checkpoints, matchmaker: this.matchmaker, bus: this.bus });
  }

  /** Events between rooms and servers. */
  get events(): EventExchange {
    return this.#events;
  }

  get sessions(): ReadonlySet<Session> {
    return this.#sessions;
  }

  async listen(options: ListenOptions): Promise<Listening> {
    const handlers: TransportHandlers = {
      connecting: (address) => {
        this.#scheduler.relieve();
        return this.#guard.connecting(address);
      },
      limited: (limit, address) => this.#guard.hit(limit, address),
      handshake: (request) => this.#judge(request),
      open: (connection, request) => this.#open(connection, request),
      http: (request, remoteAddress) => this.#http(request, remoteAddress),
      failed: (error, where) => this.bus.emit("transportFailed", { where, error }),
    };
    const listening = await this.#parts.transport.listen(options, handlers);
    this.bus.emit("listening", listening);
    return listening;
  }

  /**
   * Where it is a node of a cluster: joins that, to be called behind {@link listen}. Resolves when the directory has
   * answered once; `/ready` says how that stands.
   *
   * @param url where players reach this server
   */
  async joinCluster(url: string): Promise<void> {
    await this.#cluster?.join(url);
  }

  #judge(request: HandshakeRequest): HandshakeVerdict {
    this.#scheduler.relieve();
    // First: who is refused was not silent either.
    this.#guard.asked(request.remoteAddress);
    if (this.#stopping !== undefined)
      return { verdict: "refuse", status: 503, reason: "The server is stopping." };
    return this.#gated(request) ?? this.#guard.handshake(request.remoteAddress);
  }

  #gated(request: HandshakeRequest): HandshakeVerdict | undefined {
    for (const gate of this.#parts.gates ?? []) {
      const verdict = gate(request);
      if (verdict !== undefined) return verdict;
    }
    return undefined;
  }

  /**
   * Lets players finish first: nobody new comes in, the games are told, and {@link stop} follows when everybody has
   * left, or after `withinMs`. Who lost the connection may still return to their seat. A `stop` meanwhile is at once,
   * a second `drain` is the first one.
   */
  drain(withinMs: number): Promise<void> {
    this.#draining ??= this.#drain(withinMs);
    return this.#draining;
  }

  async #drain(withinMs: number): Promise<void> {
    if (this.#stopping === undefined) {
      this.#letNobodyIn();
      this.#cluster?.drain();
      this.bus.emit("draining", { ...this.#count(), withinMs });
      const { clock } = this.#parts;
      const deadline = clock.now() + withinMs;
      await moveRooms(this.matchmaker, this.#cluster, clock, deadline, () => this.#stopping !== undefined);
      tellOfDrain(this.matchmaker, () => deadline - clock.now());
      for (const room of this.matchmaker.rooms.values())
        if (this.matchmaker.definition(room.name.game)?.config.onDrain === "suspend") this.#suspend(room);
      const done = (): boolean => this.#stopping !== undefined || everybodyLeft(this.matchmaker);
      await poll(clock, done, deadline, DRAIN_LOOK_MS);
    }
    return this.stop();
  }

  /** Closes every room with `server-stopping`, tells the players, and frees the port. Safe to call twice. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    const { transport, clock } = this.#parts;
    const rooms = [...this.matchmaker.rooms.values()];
    this.bus.emit("stopping", this.#count());
    this.#letNobodyIn();
    transport.stopListening();
    const until = (done: () => boolean) => poll(clock, done, clock.now() + CLOSE_WITHIN_MS, LOOK_MS);
    // With a store players find their seats again; without one they leave.
    for (const room of rooms) if (!this.#suspend(room)) room.close("server-stopping");
    await until(() => this.matchmaker.rooms.size === 0);
    for (const room of rooms) room.shutDown("server-stopping");
    for (const session of this.#sessions) session.end("server-stopping");
    await until(() => this.#sessions.size === 0);
    transport.close();
    await this.#checkpoints?.settled(this.#checkpointOptions.stopWithinMs);
    await this.#cluster?.leave();
    this.#checkpoints?.release();
    this.#load.release();
    this.#overruns.release();
  }

  /** For the next process to go on with. False where that is not possible. */
  #suspend(room: RoomCore): boolean {
    const until = this.#parts.clock.now() + this.#checkpointOptions.stopWithinMs;
    if (this.#checkpoints?.suspend(room, { reason: "server-stopping", until }) === undefined) return false;
    this.#cluster?.leaveBehind(room.name.id);
    return true;
  }

  #letNobodyIn(): void {
    this.matchmaker.stop();
    this.#parts.tickets?.release();
  }

  #matchmaker(definitions: readonly RoomDefinition[]): Matchmaker {
    const layouts = new Map(
      definitions.map((definition) => [
        definition,
        gameLayout(definition.game.description, definition.config.interest === undefined ? "room" : "cells"),
      ]),
    );
    const { transport, clock, clockId, roomId, secret, seed, watch, watchNewRoom } = this.#parts;
    const matchmaker = new Matchmaker({
      definitions,
      maxRooms: this.#limits.maxRooms,
      build: (definition, options, loaded, named) => {
        const layout = layouts.get(definition);
        if (layout === undefined) throw new Error("a room of an unknown definition");
        const exchange: RoomExchange = new RoomExchange(() => room, this.#events);
        const origin = { definition, options, loaded, seed: seed() };
        const watchIt = watchNewRoom?.(origin);
        const room: RoomCore = new RoomCore({
          game: definition.game,
          layout,
          config: definition.config,
          id: named?.id ?? roomId(),
          past: named?.past,
          topicPrefix: (this.#nextTopic++).toString(36),
          options,
          loaded,
          random: named?.past ? resumedRandom(named.past.image.random) : seededRandom(origin.seed),
          clock,
          clockId,
          transport,
          bus: this.bus,
          limits: this.#limits,
          secret,
          exchange,
          onClosed: () => {
            exchange.release();
            matchmaker.forget(room);
          },
          mayPublish: this.#cluster?.mayPublish,
        });
        watchIt?.(room);
        return room;
      },
      open: (room) =>
        room.open(watch ? watchedScheduler(this.#scheduler, room.name, watch) : this.#scheduler),
      onLoadFailed: (game, error) =>
        this.bus.emit("hookFailed", { room: { id: "", game }, where: { hook: "load" }, error }),
    });
    return matchmaker;
  }

  readonly #relieve = (): void => this.#scheduler.relieve();

  #open(connection: Connection, request: HandshakeRequest): ConnectionListener {
    const session: Session = new Session({
      id: this.#nextSession++,
      connection,
      request,
      matchmaker: this.matchmaker,
      tickets: this.#parts.tickets,
      clock: this.#parts.clock,
      bus: this.bus,
      limits: this.#limits,
      visitor: this.#guard.open(connection.remoteAddress),
      whyNotHere: this.#cluster?.whyNotHere,
      relieve: this.#relieve,
      onClosed: () => void this.#sessions.delete(session),
    });
    this.#sessions.add(session);
    return session;
  }

  async #http(request: Request, remoteAddress: string): Promise<Response> {
    const retryAfter = this.#guard.request(remoteAddress);
    if (retryAfter !== undefined) return tooMany("Too many requests from this address.", retryAfter);
    const url = new URL(request.url);
    if (url.pathname === "/health") return json(this.#health());
    if (url.pathname === "/ready") {
      const { status, cluster } = this.#health();
      const isReady = status === "ok" && (cluster === undefined || cluster.state === "member");
      return json({ status, cluster }, isReady ? 200 : 503);
    }
    if (url.pathname === "/rooms" || url.pathname.startsWith("/rooms/"))
      return roomsApi(
        {
          matchmaker: this.matchmaker,
          load: this.#load,
          cluster: this.#cluster,
          publicUrl: this.#parts.publicUrl,
          gate: (asked) => this.#gated(asked),
          tooManyRooms: () => this.#guard.room(remoteAddress),
        },
        request,
        url,
        remoteAddress,
      );
    const joining = joinRequest(request, url);
    if (joining !== undefined)
      return joinApi(
        {
          matchmaker: this.matchmaker,
          tickets: this.#parts.tickets,
          cluster: this.#cluster,
          mayMakeRooms: () => this.#guard.mayMakeRooms(remoteAddress),
          publicUrl: this.#parts.publicUrl,
          gate: (asked) => this.#gated(asked),
          tooManyJoins: () => this.#guard.join(remoteAddress),
          mayMakeRoom: () => this.#guard.room(remoteAddress) === undefined,
          full: (limit) => this.#guard.hit(limit, remoteAddress),
        },
        joining,
        remoteAddress,
      );
    for (const handler of this.#parts.http ?? []) {
      const response = await handler(request, remoteAddress);
      if (response !== undefined) return response;
    }
    return problem(404, "not-found", `There is nothing at ${url.pathname}.`);
  }

  #health() {
    const accepts = this.matchmaker.takesPlayers ? "ok" : "draining";
    // What is not there is not in the JSON either.
    return {
      status: this.#stopping === undefined ? accepts : "stopping",
      uptimeSeconds: Math.round((this.#parts.clock.now() - this.#startedAt) / 1000),
      connections: this.#guard.connections,
      cluster: this.#cluster?.summary,
      ...this.#count(),
    };
  }

  #count(): { rooms: number; players: number } {
    const rooms = [...this.matchmaker.rooms.values()];
    return { rooms: rooms.length, players: rooms.reduce((sum, { seats }) => sum + seats.size, 0) };
  }
}
