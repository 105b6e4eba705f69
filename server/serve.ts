import { randomBytes, randomInt } from "node:crypto";
import { fileURLToPath } from "node:url";
import { clockId, NodeClock } from "../shared/platform/node-clock.ts";
import type { Release } from "../shared/tick/clock.ts";
import { clientAddress, isAmong, type ProxyHeader } from "./access/client-address.ts";
import { originGate } from "./access/origin-gate.ts";
import { Admin } from "./admin/admin.ts";
import { tokenProblem } from "./admin/admin-token.ts";
import { nodeProcess } from "./admin/process-readings.ts";
import { Bus } from "./bus.ts";
import type { CheckpointOptions } from "./checkpoint/checkpoint-options.ts";
import type { CheckpointStore } from "./checkpoint/checkpoint-store.ts";
import { FileCheckpointStore } from "./checkpoint/file-store.ts";
import { MemoryCheckpointStore } from "./checkpoint/memory-store.ts";
import type { ClusterOptions } from "./cluster/cluster-options.ts";
import { BotLauncher } from "./development/bot-launcher.ts";
import type { EventExchange } from "./events/event-hub.ts";
import { GameServer } from "./game-server.ts";
import type { HttpHandler } from "./game-server-parts.ts";
import { publicUrlOf } from "./http/join-api.ts";
import { Pages } from "./http/pages.ts";
import { defaultLimits, type ServerLimits, validateLimits } from "./limits.ts";
import { randomRoomId } from "./matchmaking/room-id.ts";
import type { RecordOptions } from "./recording/record-options.ts";
import type { Recordings, RoomRecording } from "./recording/recordings.ts";
import { Releases } from "./releases.ts";
import type { RoomDefinition } from "./room/define-room.ts";
import { lonelyNode, type NodeIdentity } from "./tickets/node-identity.ts";
import type { TicketMode, Tickets, TicketsOptions } from "./tickets/tickets.ts";
import { CertificateError, type CertificateFiles, watchCertificate } from "./tls/certificate.ts";
import type { Transport } from "./transport/transport.ts";
import { UwsTransport } from "./transport/uws/uws-transport.ts";
import { provideFolder } from "./unusable-folder.ts";
import { startWatchdog } from "./watchdog/watchdog.ts";

/** What a server hosts: the part that an author writes. */
export interface ServerApp {
  readonly rooms: readonly RoomDefinition[];
  /** Pages that the server also serves: URL prefix → folder with an `index.html`. */
  readonly pages?: Readonly<Record<string, string>>;
  /** Which of the pages play recordings: game → path of a page below one of `pages`. */
  readonly replays?: Readonly<Record<string, string>>;
  /** Answers any other HTTP request; `undefined` passes it on to the pages. */
  readonly http?: HttpHandler;
}

/** How and where to serve. */
export interface ServeOptions extends ServerApp {
  /** Default 3000; 0 picks a free port. */
  readonly port?: number;
  /** Default `127.0.0.1`: this machine alone. `0.0.0.0` serves the network. */
  readonly host?: string;
  /** `development` (the default) adds `/dev/bots` and reads pages anew at each request. */
  readonly mode?: "development" | "production";
  readonly limits?: Partial<ServerLimits>;
  /** Serves `https:` and `wss:`, and nothing else, with these files; they are read again when they change. */
  readonly tls?: CertificateFiles;
  /** Pages of which origins may connect, the server's own included. Absent: any. Development adds this machine's. */
  readonly origins?: readonly string[];
  /** Proxies that are believed about whom they speak for: addresses and ranges such as `10.0.0.0/8`. Default: none. */
  readonly trustedProxies?: readonly string[];
  /** Where they say it. Default `x-forwarded-for`. */
  readonly proxyHeader?: ProxyHeader;
  /** `/metrics` for Prometheus. Default `off`, which loads nothing of it. */
  readonly metrics?: "on" | "off";
  /** Who brings it (`Authorization: Bearer …`) sees `/metrics` from anywhere. Absent: this machine alone. */
  readonly metricsToken?: string;
  /**
   * Milliseconds without a turn of the event loop, as where a game loops for ever. Beyond: a sentence that names the
   * room, and the process ends with exit code 70. 0: never. Default 10,000 in production, else 0.
   */
  readonly watchdogMs?: number;
  /** Opens the dashboard at `/admin/`: at least 16 characters. Without one there is no dashboard. */
  readonly adminToken?: string;
  /**
   * Keeps rooms and seats over a restart: in a folder, or by a store of your own; `memory` keeps them as long as the
   * process, to see what it costs. Absent: rooms end with the process.
   */
  readonly checkpoints?: "memory" | (string & {}) | CheckpointStore;
  /** How often, and how much of it. */
  readonly checkpointOptions?: Partial<CheckpointOptions>;
  /**
   * Who needs a join ticket: see `TicketMode`. Default: `accepted` with `ticketSecrets`, else `off`, which loads nothing
   * of it.
   */
  readonly tickets?: "off" | TicketMode;
  /** At least 32 bytes each. The first signs, all are accepted, so that they can be exchanged. */
  readonly ticketSecrets?: readonly string[];
  /** How long a ticket of `POST /join` lives, and its seat is kept. Default 15, at most 120. */
  readonly ticketSeconds?: number;
  /** Where players reach this server: `https://play-3.example.com`. Absent: where they asked matchmaking. */
  readonly publicUrl?: string;
  /** Makes this server one of several that share their rooms. Absent: it is alone, and loads nothing of it. */
  readonly cluster?: ClusterOptions;
  /** Which server this is. Absent: the node of the cluster, or else a random name, with its start as epoch. Read anew for each ticket. */
  readonly node?: NodeIdentity;
  /** Records rooms to files, with all that players do and write in them. Absent: none, and nothing of it is loaded. */
  readonly record?: RecordOptions;
  /** Where events go; make it yourself to listen from the first one on. */
  readonly bus?: Bus;
}

/** What {@link serve} started. */
export interface RunningServer {
  readonly host: string;
  readonly port: number;
  /** As a browser on this machine reaches it. */
  readonly url: string;
  readonly bus: Bus;
  /** Events between rooms and servers; see `defineClusterEvents`. */
  readonly events: EventExchange;
  /**
   * Records a room that is there, from its next tick on, to a new file. What began in mid-game can be watched and
   * drive bots, but not be run again.
   *
   * @throws RangeError for bounds that make no sense or where there is no such room, Error where it is recorded already
   */
  record(
    room: string,
    file: string,
    bounds?: Pick<RecordOptions, "maxBytes" | "maxSeconds">,
  ): Promise<RoomRecording>;
  /** Stops when everybody has left, or after so many seconds; until then nobody new comes in. */
  drain(seconds: number): Promise<void>;
  /** Closes the rooms, tells the players and frees the port, also while it drains. Safe to call twice. */
  stop(): Promise<void>;
}

/** 128 bits: nobody guesses one. */
const SECRET_BYTES = 16;

/** Far above the longest pause of a healthy process: a collection of garbage, a page of code that is compiled. */
export const DEFAULT_WATCHDOG_MS = 10_000;

const LARGEST_SEED = 2 ** 48 - 1;

/** The dashboard's page, as Vite builds it. */
const ADMIN_PAGE = fileURLToPath(new URL("./admin/page/", import.meta.url));

/**
 * Serves games over WebSocket and HTTP on one port.
 *
 * @throws RangeError for limits, tokens, ticket secrets and bounds that make no sense, UwsLoadError where uWebSockets.js cannot run here, MissingPagesError for pages that are not built,
 * ListenError for an address that is taken or not ours, UnusableFolderError for a folder that cannot be written, Complaint
 * for a directory that does not answer; each with a sentence that says what to do
 * @example
 * const server = await serve({ rooms: [arenaRoom], port: 3000 });
 */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const begun = new Releases();
  try {
    return await begin(options, begun);
  } catch (error) {
    // A connection or a timer that is left would hold a process that can do nothing.
    await begun.release();
    throw error;
  }
}

/** Adds to `begun` whatever holds the process, as soon as it is there. */
async function begin(options: ServeOptions, begun: Releases): Promise<RunningServer> {
  const { rooms, pages: folders = {}, http, host = "127.0.0.1", port = 3000, mode = "development" } = options;
  const limits = validateLimits({ ...defaultLimits, ...options.limits });
  const { adminToken } = options;
  const weakness = adminToken === undefined ? undefined : tokenProblem("adminToken", adminToken);
  if (weakness !== undefined) throw new RangeError(weakness);
  const allFolders = adminToken === undefined ? folders : { ...folders, "/admin/": ADMIN_PAGE };
  const pages = new Pages(allFolders, mode === "development" ? "each-time" : "once");
  const { watchdogMs = mode === "production" ? DEFAULT_WATCHDOG_MS : 0 } = options;
  if (!(Number.isFinite(watchdogMs) && watchdogMs >= 0))
    throw new RangeError(`watchdogMs is ${watchdogMs}; it must be 0 or a number above`);
  for (const [setting, folder] of foldersOf(options)) await provideFolder(setting, folder);
  const launcher = mode === "development" ? new BotLauncher() : undefined;
  const id = clockId();
  const clock = new NodeClock();
  const bus = options.bus ?? new Bus();
  const refused = (origin: string): void => bus.emit("originRefused", { origin });
  const gates = options.origins === undefined ? [] : [originGate(options.origins, mode, refused)];
  const proxies = options.trustedProxies ?? [];
  const native = new UwsTransport(limits, {
    ...(options.tls && { tls: options.tls }),
    ...(proxies.length > 0 && {
      clientAddress: clientAddress(proxies, options.proxyHeader),
      isProxy: isAmong(proxies),
    }),
  });
  const metered = options.metrics === "on" ? await meter(native, bus, options.metricsToken) : undefined;
  if (metered !== undefined) begun.add(metered.release);
  const recorder = async (order: RecordOptions | undefined): Promise<Recordings> => {
    const made = await recordingsOf(bus, limits, order);
    begun.add(() => made.stop());
    return made;
  };
  let recordings = options.record === undefined ? undefined : await recorder(options.record);
  const watchdog =
    watchdogMs === 0
      ? undefined
      : startWatchdog({ afterMs: watchdogMs, whileInspected: mode === "production" ? "watch" : "sleep" });
  if (watchdog !== undefined) begun.add(watchdog.release);
  const secret = (): string => randomBytes(SECRET_BYTES).toString("base64url");
  const cluster = options.cluster && (await connectCluster(options.cluster, clock));
  if (cluster !== undefined) begun.add(() => cluster.close());
  const tickets = await makeTickets(
    { ...(cluster && { node: cluster.identity }), ...options },
    { clock, bus, id: secret, maxTickets: limits.maxTickets },
  );
  const { store, close: closeStore } = await storeOf(options, clock);
  begun.add(closeStore);
  const server: GameServer = new GameServer({
    rooms,
    ...(tickets && { tickets }),
    ...(options.publicUrl !== undefined && { publicUrl: publicUrlOf(options.publicUrl) }),
    ...(watchdog && { watch: watchdog }),
    ...(recordings && { watchNewRoom: recordings.watchNewRoom }),
    transport: metered?.transport ?? native,
    clock,
    ...(id !== undefined && { clockId: id }),
    bus,
    checkpoints: store && { store, timeOfDay: Date.now, ...options.checkpointOptions },
    cluster: cluster?.part,
    limits,
    gates,
    roomId: randomRoomId,
    secret,
    seed: () => randomInt(LARGEST_SEED),
    http: [
      ...(metered ? [metered.respond] : []),
      (request, address) => admin?.respond(request, address),
      ...(launcher ? [(request: Request, address: string) => launcher.respond(request, address)] : []),
      ...(http ? [http] : []),
      (request) => pages.respond(request, new URL(request.url)),
    ],
  });
  const admin =
    adminToken === undefined
      ? undefined
      : new Admin({
          token: adminToken,
          server,
          clock,
          timeOfDay: Date.now,
          process: nodeProcess(),
          mode,
          bots: launcher,
        });
  if (admin !== undefined) begun.add(() => admin.stop());
  // Whoever comes back is to find the room, so there is no port before.
  const listening = await server
    .restore()
    .then(() => server.listen({ host, port }))
    .catch(async (error: unknown) => {
      // Rooms that were opened are handed back as they were.
      if (server.matchmaker.rooms.size > 0) await server.stop();
      throw error;
    });
  begun.add(() => server.stop());
  if (options.tls !== undefined) begun.add(keepCertificate(options.tls, native, bus));
  const url = `${options.tls === undefined ? "http" : "https"}://${reachable(listening.host)}:${listening.port}`;
  launcher?.serveAt(url.replace("http", "ws"));
  await server.joinCluster(options.publicUrl ?? url.replace("http", "ws"));
  const release = () => begun.release();
  return {
    host: listening.host,
    port: listening.port,
    url,
    bus: server.bus,
    events: server.events,
    async record(id, file, bounds) {
      const room = server.matchmaker.rooms.get(id);
      if (room === undefined) throw new RangeError(`there is no room "${id}"`);
      recordings ??= await recorder(undefined);
      return recordings.record(room, file, bounds);
    },
    drain: (seconds) => {
      launcher?.stop();
      return server.drain(seconds * 1000).finally(release);
    },
    stop: () => {
      launcher?.stop();
      return server.stop().finally(release);
    },
  };
}

/** Signs and judges tickets, where they are used. */
async function makeTickets(
  { tickets: mode, ticketSecrets: secrets = [], ticketSeconds, node }: ServeOptions,
  parts: Pick<TicketsOptions, "clock" | "bus" | "id" | "maxTickets">,
): Promise<Tickets | undefined> {
  if (mode === "off" || (mode === undefined && secrets.length === 0)) return undefined;
  const { Tickets } = await import("./tickets/tickets.ts");
  return new Tickets({
    ...parts,
    mode: mode ?? "accepted",
    secrets,
    ...(ticketSeconds !== undefined && { seconds: ticketSeconds }),
    node: node ?? lonelyNode(randomRoomId(), Date.now),
    timeOfDay: Date.now,
  });
}

/** Loads what makes a cluster, where this server is to be a part of one. */
async function connectCluster(options: ClusterOptions, clock: NodeClock) {
  const { connectCluster } = await import("./cluster/connect-cluster.ts");
  return connectCluster(options, clock);
}

/** Nodes of a cluster have theirs in common: in the Redis of the directory, unless another place is named. */
async function storeOf(
  { checkpoints, cluster }: ServeOptions,
  clock: NodeClock,
): Promise<{ readonly store: CheckpointStore | undefined; readonly close: Release }> {
  const close: Release = () => {};
  if (checkpoints === "memory") return { store: new MemoryCheckpointStore(), close };
  if (typeof checkpoints === "string") return { store: new FileCheckpointStore(checkpoints), close };
  if (checkpoints !== undefined || typeof cluster?.directory !== "string")
    return { store: checkpoints, close };
  const { directory: url, prefix, directoryOptions } = cluster;
  const { RedisCheckpointStore } = await import("./checkpoint/redis-store.ts");
  const store = new RedisCheckpointStore(
    {
      url,
      ...(prefix !== undefined && { prefix }),
      ...(directoryOptions?.recordMs !== undefined && { keptMs: directoryOptions.recordMs }),
    },
    clock,
  );
  return { store, close: () => store.close() };
}

/** What the server is to keep something in, by the setting that names it. */
function foldersOf({ checkpoints, record }: ServeOptions): readonly (readonly [string, string])[] {
  return [
    ...(typeof checkpoints === "string" && checkpoints !== "memory"
      ? [["checkpoints", checkpoints] as const]
      : []),
    ...(record === undefined ? [] : [["record", record.folder] as const]),
  ];
}

/** Renews the certificate whenever its files change; where they do not fit, the one in use stays. */
function keepCertificate(files: CertificateFiles, transport: UwsTransport, bus: Bus): Release {
  return watchCertificate(files, () => {
    try {
      bus.emit("certificateRenewed", transport.renewCertificate());
    } catch (error) {
      if (error instanceof CertificateError) bus.emit("certificateRefused", { reason: error.message });
      else bus.emit("transportFailed", { where: "certificate", error });
    }
  });
}

/** Counts what goes through a transport and happens on a bus, for `/metrics`. */
async function meter(native: Transport, bus: Bus, token: string | undefined) {
  const [{ MeteredTransport }, { Metrics }, { metricsPage }] = await Promise.all([
    import("./metrics/metered-transport.ts"),
    import("./metrics/metrics.ts"),
    import("./metrics/metrics-page.ts"),
  ]);
  const transport = new MeteredTransport(native);
  const metrics = new Metrics(bus, transport.traffic);
  const respond: HttpHandler = (request, address) => metricsPage(metrics, token, request, address);
  return { transport, respond, release: () => metrics.release() };
}

async function recordingsOf(bus: Bus, limits: ServerLimits, options: RecordOptions | undefined) {
  const { Recordings } = await import("./recording/recordings.ts");
  const writer = `Tickcast on Node ${process.versions.node}`;
  return new Recordings({ bus, limits, timeOfDay: Date.now, writer, ...(options && { options }) });
}

/** Who listens everywhere is reached at loopback; an IPv6 address stands in brackets. */
function reachable(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}
