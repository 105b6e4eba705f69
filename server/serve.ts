import { randomBytes, randomInt } from "node:crypto";
import { fileURLToPath } from "node:url";
import { clockId, NodeClock } from "../shared/platform/node-clock.ts";
import { Admin } from "./admin/admin.ts";
import { nodeProcess } from "./admin/process-readings.ts";
import { Bus } from "./bus.ts";
import { BotLauncher } from "./development/bot-launcher.ts";
import { GameServer, type HttpHandler } from "./game-server.ts";
import { Pages } from "./http/pages.ts";
import { defaultLimits, type ServerLimits, validateLimits } from "./limits.ts";
import { randomRoomId } from "./matchmaking/room-id.ts";
import type { RoomDefinition } from "./room/define-room.ts";
import { UwsTransport } from "./transport/uws/uws-transport.ts";

/** What a server hosts: the part that an author writes. */
export interface ServerApp {
  readonly rooms: readonly RoomDefinition[];
  /** Pages that the server also serves: URL prefix → folder with an `index.html`. */
  readonly pages?: Readonly<Record<string, string>>;
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
  /** Opens the dashboard at `/admin/`: at least 16 characters. Without one there is no dashboard. */
  readonly adminToken?: string;
  /** Where events go; make it yourself to listen from the first one on. */
  readonly bus?: Bus;
}

export interface RunningServer {
  readonly host: string;
  readonly port: number;
  /** As a browser on this machine reaches it. */
  readonly url: string;
  readonly bus: Bus;
  /** Closes the rooms, tells the players and frees the port. Safe to call twice. */
  stop(): Promise<void>;
}

/** 128 bits: nobody guesses one. */
const SECRET_BYTES = 16;

const LARGEST_SEED = 2 ** 48 - 1;

/** The dashboard's page, as Vite builds it. */
const ADMIN_PAGE = fileURLToPath(new URL("./admin/page/", import.meta.url));

/**
 * Serves games over WebSocket and HTTP on one port.
 *
 * @throws RangeError for limits and tokens that make no sense, UwsLoadError where uWebSockets.js cannot run here, MissingPagesError for pages that are not built,
 * ListenError for an address that is taken or not ours; each with a sentence that says what to do
 * @example
 * const server = await serve({ rooms: [arenaRoom], port: 3000 });
 */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const { rooms, pages: folders = {}, http, host = "127.0.0.1", port = 3000, mode = "development" } = options;
  const limits = validateLimits({ ...defaultLimits, ...options.limits });
  const { adminToken } = options;
  const allFolders = adminToken === undefined ? folders : { ...folders, "/admin/": ADMIN_PAGE };
  const pages = new Pages(allFolders, mode === "development" ? "each-time" : "once");
  const launcher = mode === "development" ? new BotLauncher() : undefined;
  const id = clockId();
  const clock = new NodeClock();
  const server: GameServer = new GameServer({
    rooms,
    transport: new UwsTransport(limits),
    clock,
    ...(id !== undefined && { clockId: id }),
    bus: options.bus ?? new Bus(),
    limits,
    roomId: randomRoomId,
    secret: () => randomBytes(SECRET_BYTES).toString("base64url"),
    seed: () => randomInt(LARGEST_SEED),
    http: [
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
  const listening = await server.listen({ host, port });
  const url = `http://${reachable(listening.host)}:${listening.port}`;
  launcher?.serveAt(url.replace("http", "ws"));
  return {
    host: listening.host,
    port: listening.port,
    url,
    bus: server.bus,
    stop: () => {
      launcher?.stop();
      admin?.stop();
      return server.stop();
    },
  };
}

/** Who listens everywhere is reached at loopback; an IPv6 address stands in brackets. */
function reachable(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}
