import { connect } from "../../client/node.ts";
import type { Bus } from "../../server/bus.ts";
import type { ServerLimits } from "../../server/limits.ts";
import type { RoomDefinition } from "../../server/room/define-room.ts";
import { type RunningServer, type ServeOptions, serve } from "../../server/serve.ts";
import { probe, probeRoom } from "./probe-game.ts";

interface Health {
  readonly connections: number;
  readonly rooms: number;
  readonly players: number;
}

/** How long what has gone may take to be noticed, and how often is looked. */
const SETTLES_WITHIN_MS = 5_000;
const LOOK_EVERY_MS = 20;

/**
 * A real server on real sockets, with one well-behaved player in a room: whatever others do, that one misses no tick,
 * and when the others have gone nothing of them is left.
 */
export class Besieged {
  readonly port: number;
  readonly bus: Bus;
  /** What the server called a fault of its own or of the game: there must be none. */
  readonly faults: unknown[] = [];
  /** Ends of sessions so far, by name. */
  readonly ends: string[] = [];
  /** Limits that were hit so far. */
  readonly limited: string[] = [];
  readonly #server: RunningServer;
  readonly #healthy: Awaited<ReturnType<typeof join>>;
  readonly #timersBefore: number;

  private constructor(
    server: RunningServer,
    healthy: Awaited<ReturnType<typeof join>>,
    timersBefore: number,
  ) {
    this.#server = server;
    this.#healthy = healthy;
    this.#timersBefore = timersBefore;
    this.port = server.port;
    this.bus = server.bus;
    const { bus } = server;
    bus.on("sessionClosed", ({ name }) => this.ends.push(name));
    bus.on("limited", ({ limit }) => this.limited.push(limit));
    bus.on("hookFailed", (event) => this.faults.push(event));
    bus.on("listenerFailed", (event) => this.faults.push(event));
    bus.on("transportFailed", (event) => this.faults.push(event));
  }

  static async start(
    limits: Partial<ServerLimits> = {},
    others: readonly RoomDefinition[] = [],
    options: Pick<ServeOptions, "origins" | "tickets" | "ticketSecrets" | "ticketSeconds" | "node"> = {},
  ): Promise<Besieged> {
    const timersBefore = timers();
    const server = await serve({
      rooms: [probeRoom, ...others],
      port: 0,
      mode: "production",
      limits,
      watchdogMs: 0,
      ...options,
    });
    return new Besieged(server, await join(server.url), timersBefore);
  }

  get url(): string {
    return this.#server.url.replace("http", "ws");
  }

  /** The healthy player's room. */
  get roomId(): string {
    return this.#healthy.id;
  }

  get tick(): number {
    return this.#healthy.tick;
  }

  async health(): Promise<Health> {
    return (await fetch(`${this.#server.url}/health`)).json() as Promise<Health>;
  }

  /** Whether the healthy player has seen every tick so far, and nothing failed. */
  get unharmed(): boolean {
    const { statistics, connection } = this.#healthy;
    const { ticksMissed, resyncs, pauses } = statistics;
    return connection.state === "joined" && ticksMissed + resyncs + pauses + this.faults.length === 0;
  }

  /** Waits until only the healthy player is there, for a whole tick more, and says what became of that one. */
  async afterwards() {
    const alone = { connections: 1, rooms: 1, players: 1 };
    let { connections, rooms, players } = await this.health();
    for (let waited = 0; waited < SETTLES_WITHIN_MS; waited += LOOK_EVERY_MS) {
      if (connections === alone.connections && rooms === alone.rooms && players === alone.players) break;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      ({ connections, rooms, players } = await this.health());
    }
    const until = this.tick + 1;
    await new Promise<void>((resolve) => {
      const release = this.#healthy.onTick((tick) => {
        if (tick < until) return;
        release();
        resolve();
      });
    });
    const { ticksMissed, resyncs, pauses } = this.#healthy.statistics;
    const { faults } = this;
    const { state } = this.#healthy.connection;
    return { connections, rooms, players, ticksMissed, resyncs, pauses, state, faults };
  }

  /** Stops everything. How many timers there are more than before; the test runner may have fewer of its own. */
  async stop(): Promise<number> {
    await this.#healthy.leave();
    await this.#server.stop();
    return timers() - this.#timersBefore;
  }
}

/** What {@link Besieged.afterwards} says where all is well. */
export const UNHARMED = {
  connections: 1,
  rooms: 1,
  players: 1,
  ticksMissed: 0,
  resyncs: 0,
  pauses: 0,
  state: "joined",
  faults: [],
};

/** Through matchmaking, so that it gets in where tickets are asked for, too. */
function join(url: string) {
  return connect(probe, `${url}/join/probe`, { name: "ada" });
}

function timers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === "Timeout" || name === "Immediate").length;
}
