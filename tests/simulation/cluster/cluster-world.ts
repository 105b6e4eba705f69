import type { ClientRoom } from "../../../client/client-room.ts";
import { type ConnectArguments, connectWith } from "../../../client/connect.ts";
import type { SocketListener } from "../../../client/socket.ts";
import type { CheckpointStore } from "../../../server/checkpoint/checkpoint-store.ts";
import { MemoryCheckpointStore } from "../../../server/checkpoint/memory-store.ts";
import { MemoryBusHub } from "../../../server/cluster/bus/memory/memory-bus.ts";
import { connectCluster } from "../../../server/cluster/connect-cluster.ts";
import type { DirectoryOptions } from "../../../server/cluster/directory/directory-options.ts";
import type { Cut, MemoryDirectory } from "../../../server/cluster/directory/memory/memory-directory.ts";
import { MemoryHub } from "../../../server/cluster/directory/memory/memory-hub.ts";
import type { NodeIncarnation } from "../../../server/cluster/directory/node-record.ts";
import type { RoomRecord } from "../../../server/cluster/directory/room-record.ts";
import type { FailoverOptions, OnDirectoryLoss } from "../../../server/cluster/failover/index.ts";
import { GameServer } from "../../../server/game-server.ts";
import type { RoomDefinition } from "../../../server/room/define-room.ts";
import type { RoomCore } from "../../../server/room/room-core.ts";
import { MemoryTransport } from "../../../server/transport/memory/memory-transport.ts";
import type { Game, GameSpec } from "../../../shared/definition/game.ts";
import { type Random, seededRandom } from "../../../shared/random/seeded-random.ts";
import { ManualClock } from "../../kit/manual-clock.ts";
import { openMemorySocket } from "../../kit/memory-socket.ts";
import { TestTime } from "../../kit/test-time.ts";
import { ProcessClock } from "../town/process-clock.ts";
import { OwnershipLog } from "./ownership-log.ts";
import { StoreLine } from "./store-line.ts";

/** Some day of 2023, for times of day that begin with the clock. */
const EPOCH_MS = 1_700_000_000_000;

export interface ClusterWorldOptions {
  readonly onDirectoryLoss?: OnDirectoryLoss;
  readonly failover?: Partial<FailoverOptions>;
  readonly directory?: Partial<DirectoryOptions>;
  readonly maxRooms?: number;
  readonly random?: Random;
  /** How long clients try to come back. */
  readonly reconnectWithinMs?: number;
  /** Told of every frame that reaches a client. */
  readonly heard?: (bytes: Uint8Array) => void;
  /** How long it takes until what is saved arrives at the store. Default: nothing. */
  readonly writeMs?: () => number;
  /** Told of each node before it does anything. */
  readonly made?: (process: ClusterProcess) => void;
}

/** One node, as a process of its own. */
export interface ClusterProcess {
  readonly id: string;
  readonly server: GameServer;
  readonly transport: MemoryTransport;
  readonly clock: ProcessClock;
  readonly directory: MemoryDirectory;
  state: "runs" | "gone";
}

/**
 * Several nodes in memory, each with a clock of its own that may be paused or killed, on one directory and one store, and
 * clients that are led to where the directory says that their room is, as by matchmaking.
 */
export class ClusterWorld<Store extends CheckpointStore = MemoryCheckpointStore> {
  readonly clock = new ManualClock({ startMs: 1_000 });
  readonly #time = new TestTime(this.clock);
  readonly hub: MemoryHub;
  readonly store: Store;
  readonly ownership = new OwnershipLog();
  readonly errors: unknown[] = [];
  /** What was told of failover, in order, with the node that told it. */
  readonly told: { readonly event: string; readonly by: string; readonly [key: string]: unknown }[] = [];
  readonly processes: ClusterProcess[] = [];
  readonly #options: ClusterWorldOptions;
  readonly #buses: MemoryBusHub;
  readonly #random: Random;
  readonly #links = new Map<ClusterProcess, Set<{ break(): void }>>();
  /** Where clients were led last, for when the directory does not answer. */
  readonly #routes = new Map<string, string>();
  #secrets = 0;

  /** @param makeStore what all nodes save in */
  constructor(
    options: ClusterWorldOptions = {},
    makeStore: (clock: ManualClock) => Store = () => new MemoryCheckpointStore() as unknown as Store,
  ) {
    this.#options = options;
    this.#random = options.random ?? seededRandom(1);
    this.hub = new MemoryHub(this.clock, options.directory);
    this.#buses = new MemoryBusHub(this.clock);
    this.store = makeStore(this.clock);
  }

  /** Starts a node, which joins. */
  async start(id: string, ...rooms: readonly RoomDefinition[]): Promise<ClusterProcess> {
    const clock = new ProcessClock(this.clock);
    const directory = this.hub.connect(clock);
    const transport = new MemoryTransport({ clock });
    const { onDirectoryLoss, failover } = this.#options;
    const { part } = await connectCluster(
      {
        directory,
        bus: this.#buses.connect(),
        nodeId: id,
        ...(onDirectoryLoss && { onDirectoryLoss }),
        ...(failover && { failoverOptions: failover }),
      },
      clock,
      () => 0,
      { random: this.#random, probe: (url) => this.#probe(url) },
    );
    const serial = this.processes.length;
    let made = 0;
    const server = new GameServer({
      rooms,
      transport,
      clock,
      clockId: "test",
      scheduler: { spinBelowRooms: 0 },
      cluster: part,
      roomId: () => `${id}-${serial}-r${++made}`,
      secret: () => `secret${++this.#secrets}`,
      seed: () => 7,
      ...(this.#options.maxRooms !== undefined && { limits: { maxRooms: this.#options.maxRooms } }),
      checkpoints: {
        store: new StoreLine(this.store, clock, this.#options.writeMs),
        timeOfDay: () => EPOCH_MS + this.clock.now(),
      },
    });
    const process: ClusterProcess = { id, server, transport, clock, directory, state: "runs" };
    this.#listen(process);
    this.#options.made?.(process);
    await server.listen({ host: "memory", port: 0 });
    this.processes.push(process);
    this.#links.set(process, new Set());
    const joined = server.joinCluster(`ws://${id}`);
    await this.until(joined);
    return process;
  }

  process(id: string): ClusterProcess {
    const found = this.processes.findLast((process) => process.id === id);
    if (found === undefined) throw new Error(`there was never a node ${id}`);
    return found;
  }

  /** As by SIGKILL: nothing of it runs any more, and the kernel closes its connections. */
  crash(id: string): void {
    const process = this.process(id);
    process.clock.kill();
    this.#gone(process);
  }

  /** As by SIGSTOP, and SIGCONT so much later. */
  pause(id: string, ms: number): void {
    this.process(id).clock.pause(ms);
  }

  /** Between a node and the directory. */
  cut(id: string, how: Cut): () => void {
    return this.process(id).directory.cut(how);
  }

  /** As by SIGTERM. */
  async stop(id: string, drainMs = 0): Promise<void> {
    const process = this.process(id);
    const { server } = process;
    await this.until(drainMs === 0 ? server.stop() : server.drain(drainMs));
    this.#gone(process);
  }

  /** @param path `/game` or `/game/room`; `at` is the node that makes the room */
  async connect<G extends GameSpec>(
    game: Game<G>,
    path: string,
    at: string,
    ...rest: ConnectArguments<G>
  ): Promise<ClientRoom<G>> {
    return this.until(this.connecting(game, path, at, ...rest));
  }

  connecting<G extends GameSpec>(
    game: Game<G>,
    path: string,
    at: string,
    ...rest: ConnectArguments<G>
  ): Promise<ClientRoom<G>> {
    const { connect } = connectWith({
      openSocket: (url, listener) => {
        const { pathname, search } = new URL(url);
        const process = this.#route(pathname, at);
        if (process?.state !== "runs") {
          this.clock.soon(() => listener.closed(1006, "nobody answers"));
          return { send: () => {}, close: () => {}, bufferedBytes: 0 };
        }
        const connection = this.#connection(process, listener);
        return openMemorySocket(
          process.transport,
          undefined,
          this.#options.heard,
        )(`ws://memory${pathname}${search}`, connection);
      },
      clock: this.clock,
      clockId: "test",
      random: this.#random,
      page: "ws://memory/",
      ...(this.#options.reconnectWithinMs !== undefined && {
        reconnectWithinMs: this.#options.reconnectWithinMs,
      }),
      report: (error) => this.errors.push(error),
    });
    return connect(game, path, ...rest);
  }

  record(id: string): RoomRecord | undefined {
    const found = this.hub.perform((calls) => calls.room(id));
    return found.ok ? found.value.room : undefined;
  }

  /** The room where it runs, wherever that is. */
  core(id: string): RoomCore | undefined {
    for (const { state, server } of this.processes) {
      const room = state === "runs" ? server.matchmaker.rooms.get(id) : undefined;
      if (room !== undefined) return room;
    }
    return undefined;
  }

  run(ms: number): Promise<void> {
    return this.#time.run(ms);
  }

  /** Lets time pass until a promise settles. */
  until<Result>(pending: Promise<Result>): Promise<Result> {
    return this.#time.until(pending);
  }

  /** Lets time pass until something is so, and says how long that was; throws where it never is. */
  async when(what: string, isSo: () => boolean): Promise<number> {
    const began = this.clock.now();
    await this.#time.until(isSo).catch((cause) => {
      throw new Error(`for a minute it was not so that ${what}`, { cause });
    });
    return this.clock.now() - began;
  }

  of(event: string): (typeof this.told)[number][] {
    return this.told.filter((each) => each.event === event);
  }

  #route(pathname: string, at: string): ClusterProcess | undefined {
    const [, , room = ""] = pathname.split("/");
    const owner = this.hub.stopped ? undefined : this.record(room)?.owner.node;
    if (owner !== undefined) this.#routes.set(room, owner);
    const process = this.process(owner ?? this.#routes.get(room) ?? at);
    // Any of them says that there is no such room.
    const isUnknown = owner === undefined && !this.hub.stopped && process.state === "gone";
    return isUnknown ? this.processes.find(({ state }) => state === "runs") : process;
  }

  /** By the same question as over HTTP. */
  async #probe(url: string): Promise<NodeIncarnation | undefined> {
    const process = this.processes.findLast(({ id }) => url === `ws://${id}`);
    if (process?.state !== "runs" || process.clock.isPaused) return undefined;
    const answer = await process.transport.request(new Request("http://memory/health"));
    const { cluster } = (await answer.json()) as { readonly cluster?: NodeIncarnation };
    return cluster && { node: cluster.node, epoch: cluster.epoch };
  }

  /** A connection that the end of its process breaks. */
  #connection(process: ClusterProcess, { opened, received, closed }: SocketListener): SocketListener {
    let isUp = true;
    const links = this.#links.get(process);
    const link = {
      break: () => {
        isUp = false;
        this.clock.soon(() => closed(1006, ""));
      },
    };
    links?.add(link);
    return {
      opened: () => isUp && opened(),
      received: (bytes: Uint8Array) => isUp && received(bytes),
      closed: (code: number, reason: string) => {
        links?.delete(link);
        if (isUp) closed(code, reason);
      },
    } as SocketListener;
  }

  #gone(process: ClusterProcess): void {
    process.state = "gone";
    for (const link of this.#links.get(process) ?? []) link.break();
    this.#links.get(process)?.clear();
  }

  #listen({ id, server }: ClusterProcess): void {
    const { bus } = server;
    this.ownership.watch(id, bus, () => this.clock.now());
    bus.on("hookFailed", ({ error }) => this.errors.push(error));
    bus.on("listenerFailed", ({ error }) => this.errors.push(error));
    bus.on("transportFailed", ({ error }) => this.errors.push(error));
    for (const event of [
      "checkpointSaved",
      "checkpointFailed",
      "checkpointRefused",
      "roomRestored",
      "roomTakenOver",
      "roomForgotten",
      "roomMoved",
      "roomDisowned",
      "fenceChanged",
      "roomOwned",
      "nodeChanged",
    ] as const)
      bus.on(event, (details: object) => this.told.push({ event, by: id, at: this.clock.now(), ...details }));
  }
}
