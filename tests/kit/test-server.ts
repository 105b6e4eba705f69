import type { ClientRoom } from "../../client/client-room.ts";
import { type ConnectArguments, connectWith } from "../../client/connect.ts";
import type { ClientSocket, SocketListener } from "../../client/socket.ts";
import { Bus } from "../../server/bus.ts";
import { GameServer } from "../../server/game-server.ts";
import { defaultLimits, type ServerLimits } from "../../server/limits.ts";
import type { RoomDefinition } from "../../server/room/define-room.ts";
import type { RoomCore } from "../../server/room/room-core.ts";
import { type TicketMode, Tickets } from "../../server/tickets/tickets.ts";
import { MemoryTransport } from "../../server/transport/memory/memory-transport.ts";
import type { Game, GameSpec } from "../../shared/definition/game.ts";
import { type Random, seededRandom } from "../../shared/random/seeded-random.ts";
import { ManualClock } from "./manual-clock.ts";
import { type LinkControl, openMemorySocket } from "./memory-socket.ts";

export interface TestServerOptions {
  readonly rooms: readonly RoomDefinition[];
  /** Equal seeds give equal games. Default 1. */
  readonly seed?: number;
  readonly limits?: Partial<ServerLimits>;
  /** Join tickets, as `serve` takes them. The time of day is the test's clock. */
  readonly tickets?: TicketMode;
  readonly ticketSecrets?: readonly string[];
}

/** A client in a test: the SDK's room, and the connection below it (the newest, where it had several). */
export interface TestClient<G extends GameSpec> {
  readonly room: ClientRoom<G>;
  readonly link: LinkControl;
}

/** How much time a client may take to join, in milliseconds of the test's clock. */
const JOIN_WITHIN_MS = 20_000;

/**
 * A whole server with its clients, in memory, on a clock that only the test moves: no sockets, no waiting,
 * and the same game at every run.
 *
 * @example
 * const server = await TestServer.start({ rooms: [arenaRoom] });
 * const { room } = await server.connect(arena, "/arena", { name: "Ada" });
 * await server.ticks(room, 5);
 * expect(room.me?.name).toBe("Ada");
 * await server.stop();
 */
export class TestServer {
  readonly clock: ManualClock;
  readonly server: GameServer;
  /** Errors that no one else dealt with: failing hooks, listeners, transport callbacks. Look at it in the end. */
  readonly errors: readonly unknown[];
  readonly #transport: MemoryTransport;
  #isReachable = true;
  readonly #clients: { leave(): Promise<void> }[] = [];

  readonly #random: Random;

  private constructor(clock: ManualClock, transport: MemoryTransport, server: GameServer, random: Random) {
    this.clock = clock;
    this.server = server;
    this.#transport = transport;
    this.#random = random;
    this.errors = collectErrors(server.bus);
  }

  static async start({
    rooms,
    seed = 1,
    limits = {},
    tickets: mode,
    ticketSecrets: secrets = [],
  }: TestServerOptions): Promise<TestServer> {
    const clock = new ManualClock();
    const transport = new MemoryTransport({ clock, limits });
    const random = seededRandom(seed);
    let nextRoom = 1;
    let nextSecret = 1;
    const bus = new Bus();
    const secret = (): string => `secret${nextSecret++}`;
    const timeOfDay = (): number => clock.now();
    const { maxTickets } = { ...defaultLimits, ...limits };
    const node = { id: "test", epoch: 1 };
    const tickets =
      mode && new Tickets({ mode, secrets, node, clock, timeOfDay, id: secret, maxTickets, bus });
    const server = new GameServer({
      bus,
      ...(tickets && { tickets }),
      rooms,
      transport,
      clock,
      clockId: "test",
      limits,
      scheduler: { spinBelowRooms: 0 },
      roomId: () => `room${nextRoom++}`,
      secret,
      seed: () => Math.floor(random() * 2 ** 32),
    });
    await server.listen({ host: "memory", port: 0 });
    return new TestServer(clock, transport, server, random);
  }

  get bus(): Bus {
    return this.server.bus;
  }

  /** Joins a room as the SDK does; time runs until that is done. Rejects as `connect` does. */
  async connect<G extends GameSpec>(
    game: Game<G>,
    path: string,
    ...rest: ConnectArguments<G>
  ): Promise<TestClient<G>> {
    let link: LinkControl | undefined;
    const openSocket = openMemorySocket(this.#transport, (control) => {
      link = control;
    });
    const { connect } = connectWith({
      openSocket: (url, listener) =>
        this.#isReachable ? openSocket(url, listener) : unreachable(this.clock, listener),
      clock: this.clock,
      clockId: "test",
      random: this.#random,
      page: "http://memory/",
      ask: async (url, body) => {
        const asked = new Request(url, { method: "POST", body });
        const answer = await this.#transport.request(asked);
        return { status: answer.status, text: await answer.text() };
      },
    });
    const room = await this.#while(connect(game, path, ...rest));
    this.#clients.push(room);
    return {
      room,
      get link() {
        if (link === undefined) throw new Error("a room without a connection");
        return link;
      },
    };
  }

  /** An HTTP request, answered without a network. */
  request(path: string, init?: RequestInit): Promise<Response> {
    return this.#while(this.#transport.request(new Request(`http://memory${path}`, init)));
  }

  /** While it is out of reach nobody can connect; connections that are there stay. */
  reach(state: "in-reach" | "out-of-reach"): void {
    this.#isReachable = state === "in-reach";
  }

  /** Lets time pass until a promise settles. */
  async until<Result>(pending: Promise<Result>): Promise<Result> {
    return this.#while(pending);
  }

  /** The server's side of a room: its committed state, its author's facade. */
  roomOf(client: { readonly id: string }): RoomCore {
    const room = this.server.matchmaker.rooms.get(client.id);
    if (room === undefined) throw new Error(`there is no room "${client.id}" (any more)`);
    return room;
  }

  /** Lets so many of a room's ticks pass, and their frames arrive. */
  async ticks(client: { readonly id: string }, count: number): Promise<void> {
    const { tickRate } = this.roomOf(client).game.spec;
    await this.run((count * 1000) / tickRate);
  }

  /** Moves time on, with everything that happens meanwhile. */
  async run(ms: number): Promise<void> {
    await this.clock.run(ms);
    await this.clock.settle();
  }

  /** Stops the server, and its clients give up; afterwards nothing of them is left on the clock. */
  async stop(): Promise<void> {
    await this.#while(this.server.stop());
    for (const client of this.#clients) void client.leave();
    await this.clock.settle();
  }

  async #while<Result>(pending: Promise<Result>): Promise<Result> {
    let settled = false;
    const done = (): void => {
      settled = true;
    };
    pending.then(done, done);
    await this.clock.settle();
    for (let waited = 0; !settled && waited < JOIN_WITHIN_MS; waited += 1) await this.run(1);
    return pending;
  }
}

/** A socket to nobody. */
function unreachable(clock: ManualClock, listener: SocketListener): ClientSocket {
  clock.soon(() => listener.closed(1006, "nobody answers"));
  return { send: () => {}, close: () => {}, bufferedBytes: 0 };
}

function collectErrors(bus: Bus): unknown[] {
  const errors: unknown[] = [];
  bus.on("hookFailed", ({ error }) => errors.push(error));
  bus.on("listenerFailed", ({ error }) => errors.push(error));
  bus.on("transportFailed", ({ error }) => errors.push(error));
  return errors;
}
