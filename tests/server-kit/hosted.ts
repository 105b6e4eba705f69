import { Bus } from "../../server/bus.ts";
import { GameServer } from "../../server/game-server.ts";
import type { GameServerParts } from "../../server/game-server-parts.ts";
import type { HookPlace, RoomDefinition } from "../../server/room/define-room.ts";
import type { RoomCore } from "../../server/room/room-core.ts";
import type { Tickets } from "../../server/tickets/tickets.ts";
import type { MemoryPeerOptions } from "../../server/transport/memory/memory-peer.ts";
import { MemoryTransport } from "../../server/transport/memory/memory-transport.ts";
import type { Game } from "../../shared/definition/game.ts";
import { ManualClock } from "../kit/manual-clock.ts";
import { RawClient } from "./raw-client.ts";

export type HostOptions = Partial<
  Pick<
    GameServerParts,
    "limits" | "gates" | "cluster" | "http" | "bus" | "clockId" | "scheduler" | "publicUrl"
  >
> & {
  /** Default: one of its own. Servers of a cluster share one. */
  readonly clock?: ManualClock;
  /** What the ids of its rooms begin with. Default `r`. */
  readonly roomPrefix?: string;
  /** Every room's seed. */
  readonly seed?: number;
  readonly tickets?: (clock: ManualClock, bus: Bus) => Tickets;
};

/** A server in memory on a clock that the test moves, and what it reported as faults. */
export class Hosted {
  readonly clock: ManualClock;
  readonly transport: MemoryTransport;
  readonly server: GameServer;
  /** Where author's code failed, in order. */
  readonly failedHooks: { readonly where: HookPlace; readonly error: unknown }[] = [];
  /** Faults of the server itself: there must be none, whatever authors and players do. */
  readonly faults: unknown[] = [];

  constructor(
    rooms: readonly RoomDefinition[],
    {
      seed = 7,
      tickets,
      bus: given = new Bus(),
      clock = new ManualClock(),
      roomPrefix = "r",
      ...options
    }: HostOptions = {},
  ) {
    this.clock = clock;
    this.transport = new MemoryTransport({ clock: this.clock });
    let lastRoom = 0;
    let lastSecret = 0;
    this.server = new GameServer({
      rooms,
      transport: this.transport,
      clock: this.clock,
      scheduler: { spinBelowRooms: 0 },
      roomId: () => `${roomPrefix}${++lastRoom}`,
      secret: () => `secret${++lastSecret}`,
      seed: () => seed,
      bus: given,
      ...(tickets && { tickets: tickets(this.clock, given) }),
      ...options,
    });
    const { bus } = this.server;
    bus.on("hookFailed", ({ where, error }) => this.failedHooks.push({ where, error }));
    bus.on("listenerFailed", (event) => this.faults.push(event));
    bus.on("transportFailed", (event) => this.faults.push(event));
  }

  /** The only room, or the one with that id. */
  room(id?: string): RoomCore {
    const { rooms } = this.server.matchmaker;
    const room = id === undefined ? [...rooms.values()][0] : rooms.get(id);
    if (room === undefined) throw new Error(`there is no room ${id ?? ""}`);
    return room;
  }

  get roomIds(): string[] {
    return [...this.server.matchmaker.rooms.keys()];
  }

  /** A connection that has not greeted yet. */
  async connect(path: string, options: MemoryPeerOptions = {}): Promise<RawClient> {
    const client = new RawClient((peer) => this.transport.connect(path, peer, options));
    await this.clock.settle();
    return client;
  }

  /** A connection that has greeted, and is on its way into the room. */
  async greet(path: string, game: Game, join?: unknown, ticket?: string): Promise<RawClient> {
    const client = await this.connect(path);
    client.hello(game, join, ticket);
    await this.clock.settle();
    return client;
  }

  /** A player who is in the room. */
  async join(path: string, game: Game, join?: unknown): Promise<RawClient> {
    const client = await this.greet(path, game, join);
    await this.clock.run(1000 / game.spec.tickRate);
    await this.clock.settle();
    if (client.ended !== undefined) throw new Error(`could not join: ${JSON.stringify(client.ended)}`);
    return client;
  }

  /** Lets ticks of 20 Hz pass. */
  ticks(count: number): Promise<void> {
    return this.run(count * 50);
  }

  async run(ms: number): Promise<void> {
    await this.clock.run(ms);
    await this.clock.settle();
  }

  async request(path: string, init?: RequestInit): Promise<Response> {
    const answer = this.transport.request(new Request(`http://memory${path}`, init));
    await this.clock.settle();
    return answer;
  }

  /** Stops the server, and says what it left behind: timers on the clock, sessions, rooms. */
  async stop(): Promise<{ readonly timers: number; readonly sessions: number; readonly rooms: number }> {
    const stopped = this.server.stop();
    await this.run(3_000);
    await stopped;
    const { sessions, matchmaker } = this.server;
    return { timers: this.clock.pending, sessions: sessions.size, rooms: matchmaker.rooms.size };
  }
}

/** A server that listens. */
export async function host(rooms: readonly RoomDefinition[], options?: HostOptions): Promise<Hosted> {
  const hosted = new Hosted(rooms, options);
  await hosted.server.listen({ host: "memory", port: 0 });
  return hosted;
}

export const NOTHING_LEFT = { timers: 0, sessions: 0, rooms: 0 };
