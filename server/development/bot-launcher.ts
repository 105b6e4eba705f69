import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { json, problem } from "../http/json.ts";

/** Bots that one request may start, and that may run in all: a demonstration, no load test. */
const MAX_PER_REQUEST = 100;
const MAX_RUNNING = 500;
const SECONDS = 600;

/** The package's one binary, beside this file's folder in the build. */
const BINARY = fileURLToPath(new URL("../../bin/tickcast.js", import.meta.url));

/**
 * `POST /dev/bots` fills a room with bots. They run in a process of their own, started by the package's
 * binary: the server never imports them. For development alone, and for requests from this machine and by its
 * own pages: a browser would carry those of any website here, too.
 */
export class BotLauncher {
  readonly #children = new Map<ChildProcess, number>();
  #serverUrl: string | undefined;

  /** Where bots connect to. Until it is known there are none. */
  serveAt(serverUrl: string): void {
    this.#serverUrl = serverUrl;
  }

  /** Answers `/dev/bots`; passes everything else on. */
  async respond(request: Request, remoteAddress: string): Promise<Response | undefined> {
    if (new URL(request.url).pathname !== "/dev/bots") return undefined;
    if (!isLoopback(remoteAddress) || !isLocalPage(request.headers.get("origin")))
      return problem(403, "local-only", "Bots can be added from this machine only.");
    if (request.method === "GET") return json({ running: this.#running, most: MAX_RUNNING });
    if (request.method !== "POST")
      return problem(405, "method-not-allowed", "This address answers GET, POST.", { allow: "GET, POST" });
    return this.start(await request.json().catch(() => undefined));
  }

  stop(): void {
    for (const child of this.#children.keys()) child.kill("SIGTERM");
  }

  get #running(): number {
    return [...this.#children.values()].reduce((sum, bots) => sum + bots, 0);
  }

  /** Starts `bots` bots of `game` in `room`, as a body says, or answers what is wrong with it. */
  start(body: unknown): Response {
    const { game, room, bots } = (typeof body === "object" && body !== null ? body : {}) as Record<
      string,
      unknown
    >;
    if (typeof game !== "string" || !/^[a-z0-9-]+$/.test(game))
      return problem(400, "bad-request", '"game" is missing: name the game that the bots shall play.');
    if (room !== undefined && (typeof room !== "string" || !/^[A-Za-z0-9]+$/.test(room)))
      return problem(400, "bad-request", '"room" is the id of a room.');
    if (typeof bots !== "number" || !Number.isInteger(bots) || bots < 1 || bots > MAX_PER_REQUEST)
      return problem(400, "bad-request", `"bots" is a whole number from 1 to ${MAX_PER_REQUEST}.`);
    if (this.#running + bots > MAX_RUNNING)
      return problem(409, "too-many-bots", `${this.#running} bots play already; ${MAX_RUNNING} is the most.`);
    if (this.#serverUrl === undefined) return problem(503, "not-ready", "The server is just starting.");

    const url = `${this.#serverUrl}/${game}${room === undefined ? "" : `/${room}`}`;
    const child = spawn(
      process.execPath,
      [BINARY, "bots", "--url", url, "--bots", String(bots), "--seconds", String(SECONDS), "--quiet"],
      { stdio: ["ignore", "ignore", "inherit"] },
    );
    this.#children.set(child, bots);
    const forget = (): void => void this.#children.delete(child);
    child.once("exit", forget);
    child.once("error", forget);
    return json({ started: bots, running: this.#running, seconds: SECONDS }, 202);
  }
}

function isLocalPage(origin: string | null): boolean {
  if (origin === null) return true;
  if (!URL.canParse(origin)) return false;
  const { hostname } = new URL(origin);
  return hostname === "localhost" || hostname === "[::1]" || /^127\.[\d.]+$/.test(hostname);
}

function isLoopback(address: string): boolean {
  return address === "::1" || /^(::ffff:)?127\.[\d.]+$/.test(address);
}
