import type { ClientRoom } from "../../client/client-room.ts";
import { type ConnectArguments, connectWith } from "../../client/connect.ts";
import type { SocketListener } from "../../client/socket.ts";
import type { Bus } from "../../server/bus.ts";
import type { CheckpointOptions } from "../../server/checkpoint/checkpoint-options.ts";
import { GameServer } from "../../server/game-server.ts";
import type { RoomDefinition } from "../../server/room/define-room.ts";
import type { RoomCore } from "../../server/room/room-core.ts";
import type { MemorySocket } from "../../server/transport/memory/memory-peer.ts";
import { MemoryTransport } from "../../server/transport/memory/memory-transport.ts";
import type { Game, GameSpec } from "../../shared/definition/game.ts";
import { seededRandom } from "../../shared/random/seeded-random.ts";
import { ManualClock } from "../kit/manual-clock.ts";
import { openMemorySocket } from "../kit/memory-socket.ts";
import { TestTime } from "../kit/test-time.ts";
import { ProcessClock } from "../simulation/town/process-clock.ts";
import { FaultyStore } from "./faulty-store.ts";

/** Some day of 2023, for times of day that begin with the clock. */
const EPOCH_MS = 1_700_000_000_000;

export interface Connected<G extends GameSpec> {
  readonly room: ClientRoom<G>;
  /** The newest connection's. */
  readonly link: MemorySocket;
}

/** A world in memory in which the server's process ends and starts again, while clients and the store stay. */
export class RestartedWorld {
  readonly clock = new ManualClock();
  readonly #time = new TestTime(this.clock);
  readonly store: FaultyStore;
  /** Hooks, listeners and transports that failed, of all processes. */
  readonly errors: unknown[] = [];
  /** What was told of checkpoints and restores, in order. */
  readonly told: { readonly event: string; readonly [key: string]: unknown }[] = [];
  readonly #random = seededRandom(1);
  readonly #options: Partial<CheckpointOptions>;
  #process: { server: GameServer; transport: MemoryTransport; clock: ProcessClock } | undefined;
  readonly #connections = new Set<{ break(): void }>();
  #secrets = 0;
  #rooms = 0;

  constructor(options: Partial<CheckpointOptions> = {}) {
    this.store = new FaultyStore(this.clock);
    this.#options = options;
  }

  get server(): GameServer {
    if (this.#process === undefined) throw new Error("no process runs");
    return this.#process.server;
  }

  /** Starts a process, which restores what the store has. */
  async start(...rooms: readonly RoomDefinition[]): Promise<void> {
    const clock = new ProcessClock(this.clock);
    const transport = new MemoryTransport({ clock });
    const server = new GameServer({
      rooms,
      transport,
      clock,
      clockId: "test",
      scheduler: { spinBelowRooms: 0 },
      roomId: () => `room${++this.#rooms}`,
      secret: () => `secret${++this.#secrets}`,
      seed: () => 7,
      checkpoints: { store: this.store, timeOfDay: () => EPOCH_MS + this.clock.now(), ...this.#options },
    });
    this.#listen(server.bus);
    await this.until(server.restore());
    await server.listen({ host: "memory", port: 0 });
    this.#process = { server, transport, clock };
  }

  /** As by SIGKILL: nothing of it runs any more, and the kernel closes its connections. */
  crash(): void {
    this.#process?.clock.kill();
    this.#process = undefined;
    for (const connection of this.#connections) connection.break();
    this.#connections.clear();
  }

  /** As by SIGTERM: what `stop` or `drain` waits for passes. */
  async stop(drainMs = 0): Promise<void> {
    const { server } = this;
    await this.until(drainMs === 0 ? server.stop() : server.drain(drainMs));
    this.#process = undefined;
  }

  async connect<G extends GameSpec>(
    game: Game<G>,
    path: string,
    ...rest: ConnectArguments<G>
  ): Promise<Connected<G>> {
    let link: MemorySocket | undefined;
    const { connect } = connectWith({
      openSocket: (url, listener) => {
        const transport = this.#process?.transport;
        if (transport === undefined) {
          this.clock.soon(() => listener.closed(1006, "nobody answers"));
          return { send: () => {}, close: () => {}, bufferedBytes: 0 };
        }
        const connection = this.#connection(listener);
        return openMemorySocket(transport, (control) => {
          link = control;
        })(url, connection.listener);
      },
      clock: this.clock,
      clockId: "test",
      random: this.#random,
      page: "ws://memory/",
    });
    const room = await this.until(connect(game, path, ...rest));
    return {
      room,
      get link() {
        if (link === undefined) throw new Error("a room without a connection");
        return link;
      },
    };
  }

  core(client: { readonly id: string }): RoomCore {
    const room = this.server.matchmaker.rooms.get(client.id);
    if (room === undefined) throw new Error(`there is no room "${client.id}" (any more)`);
    return room;
  }

  run(ms: number): Promise<void> {
    return this.#time.run(ms);
  }

  /** Lets time pass until a promise settles. */
  until<Result>(pending: Promise<Result>): Promise<Result> {
    return this.#time.until(pending);
  }

  /** Lets time pass until something is so; throws where it never is. */
  async when(what: string, isSo: () => boolean): Promise<void> {
    await this.#time.until(isSo).catch((cause) => {
      throw new Error(`for a minute it was not so that ${what}`, { cause });
    });
  }

  /** A connection that the end of the process breaks. */
  #connection({ opened, received, closed }: SocketListener) {
    let isUp = true;
    const connection = {
      break: () => {
        isUp = false;
        this.clock.soon(() => closed(1006, ""));
      },
      listener: {
        opened: () => isUp && opened(),
        received: (bytes: Uint8Array) => isUp && received(bytes),
        closed: (code: number, reason: string) => {
          this.#connections.delete(connection);
          if (isUp) closed(code, reason);
        },
      } as SocketListener,
    };
    this.#connections.add(connection);
    return connection;
  }

  #listen(bus: Bus): void {
    bus.on("hookFailed", ({ error }) => this.errors.push(error));
    bus.on("listenerFailed", ({ error }) => this.errors.push(error));
    bus.on("transportFailed", ({ error }) => this.errors.push(error));
    for (const event of ["checkpointSaved", "checkpointFailed", "checkpointRefused", "roomRestored"] as const)
      bus.on(event, (details: object) => this.told.push({ event, ...details }));
  }
}
