import { randomBytes } from "node:crypto";
import { Bus } from "../../../server/bus.ts";
import { GameServer } from "../../../server/game-server.ts";
import type { ServerLimits } from "../../../server/limits.ts";
import { UwsTransport } from "../../../server/transport/uws/uws-transport.ts";
import { startWatchdog } from "../../../server/watchdog/watchdog.ts";
import type { Clock } from "../../../shared/tick/clock.ts";
import { processCpuUs } from "../../run/cpu-window.ts";
import { LatencyHistogram, type Percentiles } from "../../statistics/latency-histogram.ts";
import { drillRoom, lobbyRoom, type Misdeed, type RoomTimes } from "../drill-game.ts";
import { type Census, resources, waitedForCoreMs } from "./census.ts";
import { CountedTopicsTransport } from "./counted-topics.ts";
import { type GapFigures, TickGaps } from "./tick-gaps.ts";

/** A server as it serves in production, and the rooms that stand from the beginning. */
export interface DrillServerSpec {
  /** 0 picks a free one. */
  readonly port: number;
  /** One room each, in this order. */
  readonly rooms: readonly Misdeed[];
  /** Rooms of the slow game, beside these. */
  readonly lobbies: number;
  readonly limits: Partial<ServerLimits>;
  readonly times: RoomTimes;
  /** 0: nobody watches. */
  readonly watchdogMs: number;
  /** `counted`: a census can be taken; each call on a connection is one call longer. */
  readonly topics: "counted" | "plain";
}

/** Where players connect. */
export interface Served {
  readonly port: number;
  /** Paths of the rooms, in the order of the spec. */
  readonly rooms: readonly string[];
  readonly lobbies: readonly string[];
}

/** What a server went through since {@link DrillServer.mark}. */
export interface ServerAccount extends GapFigures {
  readonly wallMs: number;
  readonly cpuUs: number;
  /** For how long it was ready to run while others had its core; 0 where the system does not say. */
  readonly waitedMs: number;
  /** From a tick's intended time to its beginning. */
  readonly latenessMs: Percentiles;
  /** The longest step, comparing and publishing of one tick together. */
  readonly longestTickMs: number;
  readonly slips: number;
  readonly slippedMs: number;
  /** Faults of the server itself, errors that nobody caught among them. */
  readonly faults: readonly string[];
  /** Errors of the game's code. */
  readonly gameErrors: number;
  readonly roomsClosed: number;
  /** Sessions that ended, by the name of their close code. */
  readonly ends: Readonly<Record<string, number>>;
  /** Limits that were hit, by name. */
  readonly limited: Readonly<Record<string, number>>;
}

const MAX_FAULTS = 20;
const LARGEST_SEED = 2 ** 32;

/** A server that keeps account of what happens to it. */
export class DrillServer {
  readonly #clock: Clock;
  readonly #spec: DrillServerSpec;
  readonly #transport: UwsTransport;
  readonly #server: GameServer;
  readonly #gaps = new TickGaps<string>();
  #lateness = new LatencyHistogram();
  #longestTickMs = 0;
  #slips = 0;
  #slippedMs = 0;
  #faults: string[] = [];
  #gameErrors = 0;
  #roomsClosed = 0;
  #ends: Record<string, number> = {};
  #limited: Record<string, number> = {};
  #markedAt: number;
  #cpuUsAtMark = processCpuUs();
  #waitedMsAtMark = waitedForCoreMs();

  constructor(spec: DrillServerSpec, clock: Clock) {
    this.#spec = spec;
    this.#clock = clock;
    this.#markedAt = clock.now();
    this.#transport =
      spec.topics === "counted" ? new CountedTopicsTransport(spec.limits) : new UwsTransport(spec.limits);
    let rooms = 0;
    const bus = new Bus();
    this.#server = new GameServer({
      rooms: [drillRoom(spec.times), lobbyRoom(spec.times)],
      transport: this.#transport,
      clock,
      bus,
      limits: spec.limits,
      roomId: () => `room-${++rooms}`,
      secret: () => randomBytes(16).toString("base64url"),
      seed: () => Math.floor(Math.random() * LARGEST_SEED),
      ...(spec.watchdogMs > 0 && {
        watch: startWatchdog({ afterMs: spec.watchdogMs, whileInspected: "watch" }),
      }),
    });
    this.#listenTo(bus);
    process.on("uncaughtException", (error) => this.#fault(error));
    process.on("unhandledRejection", (error) => this.#fault(error));
  }

  async listen(): Promise<Served> {
    const { port } = await this.#server.listen({ host: "127.0.0.1", port: this.#spec.port });
    const rooms: string[] = [];
    for (const does of this.#spec.rooms) rooms.push(await this.#make("drill", { does }));
    const lobbies: string[] = [];
    while (lobbies.length < this.#spec.lobbies) lobbies.push(await this.#make("lobby", undefined));
    return { port, rooms, lobbies };
  }

  /** What happens from now on counts. */
  mark(): void {
    this.#gaps.restart();
    this.#lateness = new LatencyHistogram();
    this.#longestTickMs = 0;
    this.#slips = 0;
    this.#slippedMs = 0;
    this.#faults = [];
    this.#gameErrors = 0;
    this.#roomsClosed = 0;
    this.#ends = {};
    this.#limited = {};
    this.#markedAt = this.#clock.now();
    this.#cpuUsAtMark = processCpuUs();
    this.#waitedMsAtMark = waitedForCoreMs();
  }

  get account(): ServerAccount {
    return {
      ...this.#gaps.figures,
      wallMs: this.#clock.now() - this.#markedAt,
      cpuUs: processCpuUs() - this.#cpuUsAtMark,
      waitedMs: (waitedForCoreMs() ?? 0) - (this.#waitedMsAtMark ?? 0),
      latenessMs: this.#lateness.percentiles(),
      longestTickMs: this.#longestTickMs,
      slips: this.#slips,
      slippedMs: this.#slippedMs,
      faults: this.#faults,
      gameErrors: this.#gameErrors,
      roomsClosed: this.#roomsClosed,
      ends: this.#ends,
      limited: this.#limited,
    };
  }

  get census(): Census {
    const { matchmaker, sessions } = this.#server;
    let seats = 0;
    for (const room of matchmaker.rooms.values()) seats += room.seats.taken;
    const counted = this.#transport instanceof CountedTopicsTransport ? this.#transport : undefined;
    return {
      sessions: sessions.size,
      rooms: matchmaker.rooms.size,
      seats,
      connections: counted?.connections ?? 0,
      topics: counted?.topics ?? 0,
      subscriptions: counted?.subscriptions ?? 0,
      ...resources(),
    };
  }

  /** Cuts all connections to paths that begin so, without a close frame; how many there were. */
  cut(pathBegin: string): number {
    return this.#transport instanceof CountedTopicsTransport ? this.#transport.cut(pathBegin) : 0;
  }

  async #make(game: string, options: unknown): Promise<string> {
    const room = await this.#server.matchmaker.create({ game, options });
    if ("refused" in room) throw new Error(`a room of ${game} was refused: ${room.refused}`);
    return `/${game}/${room.name.id}`;
  }

  #listenTo(bus: Bus): void {
    bus.on("tickDone", ({ room, tick, latenessMs, stepMs, commitMs, publishMs }) => {
      this.#lateness.record(latenessMs);
      this.#longestTickMs = Math.max(this.#longestTickMs, stepMs + commitMs + publishMs);
      // Another game has another period; its gaps would say nothing.
      if (room.game === "drill") this.#gaps.ticked(room.id, tick, this.#clock.now());
    });
    bus.on("roomClosed", ({ room }) => {
      this.#roomsClosed += 1;
      this.#gaps.forget(room.id);
    });
    bus.on("tickSlipped", ({ skippedMs }) => {
      this.#slips += 1;
      this.#slippedMs += skippedMs;
    });
    bus.on("hookFailed", () => {
      this.#gameErrors += 1;
    });
    bus.on("listenerFailed", ({ error }) => this.#fault(error));
    bus.on("transportFailed", ({ error }) => this.#fault(error));
    bus.on("sessionClosed", ({ name }) => {
      this.#ends[name] = (this.#ends[name] ?? 0) + 1;
    });
    bus.on("limited", ({ limit, count }) => {
      this.#limited[limit] = (this.#limited[limit] ?? 0) + count;
    });
  }

  #fault(error: unknown): void {
    if (this.#faults.length >= MAX_FAULTS) return;
    this.#faults.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}
