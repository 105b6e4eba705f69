import type { StandardSchemaV1 } from "@standard-schema/spec";
import { Bot } from "../../bots/bot.ts";
import type { BotDefinition } from "../../bots/define-bot.ts";
import type { ClientRoom } from "../../client/client-room.ts";
import { type ConnectArguments, type ConnectOptions, connectWith } from "../../client/connect.ts";
import { ConnectError } from "../../client/connect-error.ts";
import type { Bus } from "../../server/bus.ts";
import { GameServer } from "../../server/game-server.ts";
import { defaultLimits, type ServerLimits } from "../../server/limits.ts";
import type { RoomDefinition } from "../../server/room/define-room.ts";
import type { RoomCore } from "../../server/room/room-core.ts";
import { type TicketMode, Tickets } from "../../server/tickets/tickets.ts";
import { MemoryTransport } from "../../server/transport/memory/memory-transport.ts";
import type { Game, GameSpec } from "../../shared/definition/game.ts";
import type { JoinInputOf } from "../../shared/definition/types.ts";
import type { NetworkConditions } from "../../shared/link/network-conditions.ts";
import { type Random, seededRandom } from "../../shared/random/seeded-random.ts";
import { insideOf, keepInside } from "./inside.ts";
import { ManualClock } from "./manual-clock.ts";
import { type RecordedEvents, RecordingBus } from "./recorded-events.ts";
import { TestClient } from "./test-client.ts";
import { TestNetwork } from "./test-network.ts";
import { TestRoom } from "./test-room.ts";
import { TestTime } from "./test-time.ts";

/** What is served, and by which chance. */
export interface TestServerOptions {
  /** What `defineRoom` returned, for each game. */
  readonly rooms: readonly RoomDefinition[];
  /** Equal seeds give equal games, bots and networks. Default 1. */
  readonly seed?: number;
  /** See `serve`. */
  readonly limits?: Partial<ServerLimits>;
  /** Join tickets, as `serve` takes them. The time of day is the test's clock. */
  readonly tickets?: TicketMode;
  readonly ticketSecrets?: readonly string[];
  /** Of every client whose own options say nothing. Default: a perfect one. */
  readonly network?: Partial<NetworkConditions>;
}

/** What {@link TestServer.connect} takes beside the options of the SDK's `connect`. */
export interface TestConnectOptions extends ConnectOptions {
  /** The client's network: latency, jitter, stalls, cuts. */
  readonly network?: Partial<NetworkConditions>;
  /** Told of every frame that reaches the client, as bytes: for tests of what somebody must never be told. */
  readonly received?: (bytes: Uint8Array) => void;
}

/** `join`, which games without a `join` schema leave out, then options. */
export type TestConnectArguments<G extends GameSpec> = [G["join"]] extends [StandardSchemaV1]
  ? [join: JoinInputOf<G>, options?: TestConnectOptions]
  : [join?: JoinInputOf<G>, options?: TestConnectOptions];

/** How many bots join, where, and by which network. */
export interface TestBotsOptions {
  /** How many. Default 1. */
  readonly count?: number;
  /** Where they join. Default: any room of their game. */
  readonly path?: string;
  readonly network?: Partial<NetworkConditions>;
}

/**
 * A whole server with its clients, in memory, on a clock that only the test moves: no sockets, no waiting, and the
 * same game at every run. It needs no test runner of a certain kind.
 *
 * @example
 * const server = await TestServer.start({ rooms: [arenaRoom] });
 * const ada = await server.connect(arena, "/arena", { name: "Ada" });
 * ada.room.input({ fire: true });
 * await ada.ticks(5);
 * expectState(ada, { players: [{ name: "Ada", life: "alive" }] });
 * await server.stop();
 */
export class TestServer {
  /** Moves time without promises, blocks, counts timers: for what {@link run} is too coarse. */
  readonly clock: ManualClock;
  /** Hears what happens on the server, as it happens. */
  readonly bus: Bus;
  /** What has happened on the server so far. */
  readonly events: RecordedEvents;
  readonly #errors: unknown[] = [];
  readonly #options: TestServerOptions;
  readonly #time: TestTime;
  readonly #random: Random;
  readonly #seed: number;
  readonly #clients: { leave(): Promise<void> }[] = [];
  readonly #networks: TestNetwork[] = [];
  #bots = 0;

  private constructor(clock: ManualClock, bus: RecordingBus, options: TestServerOptions, random: Random) {
    this.clock = clock;
    this.bus = bus;
    this.events = bus.events;
    this.#options = options;
    this.#seed = options.seed ?? 1;
    this.#time = new TestTime(clock);
    this.#random = random;
    bus.on("hookFailed", ({ error }) => this.#errors.push(error));
    bus.on("listenerFailed", ({ error }) => this.#errors.push(error));
    bus.on("transportFailed", ({ error }) => this.#errors.push(error));
  }

  /** Starts a server in memory; stop it when the test is over. */
  static async start(options: TestServerOptions): Promise<TestServer> {
    const { rooms, seed = 1, limits = {}, tickets: mode, ticketSecrets: secrets = [] } = options;
    const clock = new ManualClock();
    const bus = new RecordingBus();
    const transport = new MemoryTransport({ clock, limits });
    const random = seededRandom(seed);
    let nextRoom = 1;
    let nextSecret = 1;
    const secret = (): string => `secret${nextSecret++}`;
    const timeOfDay = (): number => clock.now();
    const { maxTickets } = { ...defaultLimits, ...limits };
    const node = { id: "test", epoch: 1 };
    const tickets =
      mode && new Tickets({ mode, secrets, node, clock, timeOfDay, id: secret, maxTickets, bus });
    const game = new GameServer({
      ...(tickets && { tickets }),
      rooms,
      transport,
      clock,
      clockId: "test",
      bus,
      limits,
      scheduler: { spinBelowRooms: 0 },
      roomId: () => `room${nextRoom++}`,
      secret,
      seed: () => Math.floor(random() * 2 ** 32),
    });
    await game.listen({ host: "memory", port: 0 });
    const server = new TestServer(clock, bus, options, random);
    keepInside(server, { game, transport });
    return server;
  }

  /**
   * What failed and nobody dealt with: hooks, listeners of clients and of the bus, bots. Where there is any in the
   * end, {@link stop} throws; a test that expects them takes them with {@link takeErrors}.
   */
  get errors(): readonly unknown[] {
    return this.#errors;
  }

  /** The errors so far, which are dealt with from now on. */
  takeErrors(): readonly unknown[] {
    return this.#errors.splice(0);
  }

  /** The ids of the rooms that are open. */
  get rooms(): readonly string[] {
    return [...this.#cores.keys()];
  }

  /**
   * Joins a room as the SDK's `connect` does, in as much of the test's time as it takes. The URL is a path like
   * `/arena`, `/arena/room1` or `/arena?mode=duel`. Rejects as `connect` does.
   */
  async connect<G extends GameSpec>(
    game: Game<G>,
    url: string,
    ...rest: TestConnectArguments<G>
  ): Promise<TestClient<G>> {
    const [join, { network: conditions, received, ...options } = {}] = rest as [
      unknown,
      TestConnectOptions | undefined,
    ];
    const caller = new Error();
    Error.captureStackTrace(caller, this.connect);
    const network = this.#network(conditions, received);
    const { connect } = connectWith({ ...this.#environment(network), report: this.#report });
    const joining = connect(game, url, ...([join, options] as ConnectArguments<G>));
    const room = await this.#time.until(joining).catch((error: unknown) => {
      // It arose where a frame came in; whoever reads it looks for the line of the test.
      if (error instanceof ConnectError)
        error.stack = `${error}${caller.stack?.slice(String(caller).length)}`;
      throw error;
    });
    return this.#joined(room, network);
  }

  /**
   * Lets bots join one after the other, who play from then on as they do in a swarm. A behaviour that throws is
   * an error of {@link errors}, and its bot leaves. Name the game's type for typed clients: `bots<ArenaSpec>(bot)`.
   */
  async bots<G extends GameSpec = GameSpec>(
    definition: BotDefinition,
    options: TestBotsOptions = {},
  ): Promise<readonly TestClient<G>[]> {
    const joined: TestClient<G>[] = [];
    for (let count = options.count ?? 1; count > 0; count--)
      joined.push((await this.#bot(definition, options)) as unknown as TestClient<G>);
    return joined;
  }

  /**
   * The server's side of a game's only room, or of the one with that id.
   *
   * @throws Error where there is none, or several and no id
   */
  room<G extends GameSpec, Data = unknown>(game: Game<G>, id?: string): TestRoom<G, Data> {
    const { name } = game.spec;
    const found = [...this.#cores.values()].filter((core) => core.name.game === name);
    const [core, another] = id === undefined ? found : found.filter((each) => each.name.id === id);
    if (core === undefined)
      throw new Error(`there is no room ${id === undefined ? "" : `"${id}" `}of game "${name}" (any more)`);
    if (another === undefined) return new TestRoom<G, Data>(core, this.#time);
    const ids = found.map((each) => each.name.id).join(", ");
    throw new Error(`there are several rooms of game "${name}": say which one of ${ids}`);
  }

  /** An HTTP request, answered without a network: `server.request("/rooms")`. */
  request(path: string, init?: RequestInit): Promise<Response> {
    return this.#time.until(insideOf(this).transport.request(new Request(`http://memory${path}`, init)));
  }

  /** Lets so many milliseconds pass, with everything that happens meanwhile. */
  run(ms: number): Promise<void> {
    return this.#time.run(ms);
  }

  /**
   * Lets time pass until a promise settles, or a condition is true.
   *
   * @param withinMs of the test's time; default a minute
   * @throws Error where that takes longer, and what the promise rejects with
   */
  until<Result>(awaited: Promise<Result> | (() => Result), withinMs?: number): Promise<Result> {
    return this.#time.until(awaited, withinMs);
  }

  /**
   * Stops the server; its clients give up.
   *
   * @throws AggregateError of the {@link errors} that nobody took
   * @throws Error where something is left: a room, a connection, a timer
   */
  async stop(): Promise<void> {
    const { game, transport } = insideOf(this);
    await this.#time.until(game.stop());
    const left = this.#clients.map((client) => client.leave());
    // What is on its way on a slow line has nobody to arrive at.
    for (const network of this.#networks) network.goOffline();
    await this.#time.until(Promise.all(left));
    const errors = this.takeErrors();
    if (errors.length > 0) throw new AggregateError(errors, `nobody dealt with: ${errors.join("; ")}`);
    const rest = Object.entries({
      rooms: game.matchmaker.rooms.size,
      connections: game.sessions.size,
      subscriptions: transport.topicCount,
      timers: this.clock.pending,
    }).filter(([, count]) => count > 0);
    if (rest.length > 0)
      throw new Error(
        `the stopped server left behind ${rest.map(([what, count]) => `${count} ${what}`).join(", ")}`,
      );
  }

  get #cores(): ReadonlyMap<string, RoomCore> {
    return insideOf(this).game.matchmaker.rooms;
  }

  readonly #report = (error: unknown): void => void this.#errors.push(error);

  async #bot(definition: BotDefinition, { path, network: conditions }: TestBotsOptions): Promise<TestClient> {
    const network = this.#network(conditions);
    const environment = this.#environment(network);
    let room: ClientRoom | undefined;
    let refusal: string | undefined;
    const bot = new Bot(
      this.#bots++,
      {
        definition,
        url: path ?? `/${definition.game.spec.name}`,
        seed: this.#seed,
        clock: this.clock,
        connect: (game, url, join, report) =>
          connectWith({ ...environment, predict: false, report }).connect(game, url, join as never),
      },
      {
        joined: (its) => {
          room = its;
        },
        refused: (reason, message) => {
          refusal = `${reason}: ${message}`;
        },
        disconnected: () => {},
        returned: () => {},
        failed: this.#report,
        left: () => {},
      },
    );
    await this.#time.until(bot.join());
    if (room !== undefined) return this.#joined(room, network);
    throw new Error(
      `a bot of "${definition.game.spec.name}" could not join: ${refusal ?? this.#errors.at(-1)}`,
    );
  }

  #joined<G extends GameSpec>(room: ClientRoom<G>, network: TestNetwork): TestClient<G> {
    this.#clients.push(room);
    return new TestClient(room, network, this.#time);
  }

  #network(
    conditions: Partial<NetworkConditions> = this.#options.network ?? {},
    received?: (bytes: Uint8Array) => void,
  ): TestNetwork {
    const network = new TestNetwork({
      transport: insideOf(this).transport,
      clock: this.clock,
      // Each client's chance is its own: one more client changes no other's network.
      seed: this.#networks.length * 0x1_0000_0000 + this.#seed,
      conditions,
      received,
    });
    this.#networks.push(network);
    return network;
  }

  #environment({ openSocket }: TestNetwork) {
    const ask = async (url: string, body: string) => {
      const answer = await insideOf(this).transport.request(new Request(url, { method: "POST", body }));
      return { status: answer.status, text: await answer.text() };
    };
    return {
      openSocket,
      ask,
      clock: this.clock,
      clockId: "test",
      random: this.#random,
      page: "http://memory/",
    };
  }
}
