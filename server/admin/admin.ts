import type { Clock } from "../../shared/tick/clock.ts";
import type { BotLauncher } from "../development/bot-launcher.ts";
import type { GameServer } from "../game-server.ts";
import { problem } from "../http/json.ts";
import { AdminApi } from "./admin-api.ts";
import { AdminToken } from "./admin-token.ts";
import { EventFeed } from "./event-feed.ts";
import { LoginAttempts } from "./login-attempts.ts";
import { OperatorActions } from "./operator-actions.ts";
import type { ProcessReadings } from "./process-readings.ts";
import { Sampler } from "./sampler.ts";
import { TickCollector } from "./tick-collector.ts";
import { WatchWindow } from "./watch-window.ts";

export interface AdminParts {
  readonly token: string;
  readonly server: Pick<GameServer, "matchmaker" | "bus" | "sessions">;
  readonly clock: Clock;
  /** Milliseconds of the time of day. */
  readonly timeOfDay: () => number;
  readonly process: ProcessReadings;
  readonly mode: "development" | "production";
  readonly bots: BotLauncher | undefined;
}

const PREFIX = "/admin/api/";

/**
 * The dashboard's side of the server: it listens to the bus, and answers `/admin/api/…` to whoever has the token. What
 * costs something is collected only while somebody looks.
 */
export class Admin {
  readonly #token: AdminToken;
  readonly #attempts: LoginAttempts;
  readonly #feed: EventFeed;
  readonly #sampler: Sampler;
  readonly #window: WatchWindow;
  readonly #api: AdminApi;

  /** @throws RangeError for a token that is too easy to guess */
  constructor({ token, server, clock, timeOfDay, process, mode, bots }: AdminParts) {
    this.#token = new AdminToken(token);
    this.#attempts = new LoginAttempts(clock);
    const { bus, matchmaker } = server;
    this.#feed = new EventFeed({ bus, timeOfDay, tickOf: (id) => matchmaker.rooms.get(id)?.tick });
    this.#sampler = new Sampler({ bus, clock, timeOfDay, process, rooms: () => matchmaker.rooms.values() });
    const collector = new TickCollector(bus);
    this.#window = new WatchWindow(clock, () => {
      collector.start();
      const stopDelays = process.watchDelays();
      return () => {
        collector.stop();
        stopDelays();
      };
    });
    const startedAt = clock.now();
    this.#api = new AdminApi({
      server,
      collector,
      feed: this.#feed,
      series: this.#sampler.series,
      actions: new OperatorActions({ matchmaker, bus, bots }),
      timeOfDay,
      facts: () => ({
        mode,
        node: process.node,
        uptimeSeconds: Math.round((clock.now() - startedAt) / 1000),
        connections: server.sessions.size,
        bots: bots !== undefined,
      }),
    });
  }

  /** Whether anything is collected that costs something. */
  get watched(): boolean {
    return this.#window.isOpen;
  }

  /** Answers `/admin/api/…`; passes everything else on. */
  async respond(request: Request, address: string): Promise<Response | undefined> {
    const url = new URL(request.url);
    if (!url.pathname.startsWith(PREFIX)) return undefined;
    const waitMs = this.#attempts.waitMs(address);
    if (waitMs > 0) {
      const seconds = Math.ceil(waitMs / 1000);
      return problem(429, "too-many-tries", `Too many wrong tokens: try again in ${seconds} s.`, {
        "retry-after": String(seconds),
      });
    }
    const authorization = request.headers.get("authorization");
    if (!this.#token.isIn(authorization)) {
      if (authorization !== null) this.#attempts.failed(address);
      return problem(401, "wrong-token", "This is not the admin token that the server was started with.", {
        "www-authenticate": "Bearer",
      });
    }
    this.#window.seen();
    return this.#api.respond(request, url.pathname.slice(PREFIX.length), url.searchParams, address);
  }

  stop(): void {
    this.#window.release();
    this.#sampler.release();
    this.#feed.release();
  }
}
