import type { LimitName } from "../limits.ts";
import { type Matchmaker, TOO_MANY_ROOMS } from "../matchmaking/matchmaker.ts";
import type { Tickets } from "../tickets/tickets.ts";
import type { HandshakeRequest, HandshakeVerdict } from "../transport/transport.ts";
import { json, problem, tooMany } from "./json.ts";
import { refusal } from "./rooms-api.ts";

export interface JoinApiParts {
  readonly matchmaker: Matchmaker;
  readonly tickets: Tickets | undefined;
  readonly publicUrl: string | undefined;
  /** Asked as for a handshake: pages that may not connect get no seat either. */
  readonly gate: (request: HandshakeRequest) => HandshakeVerdict | undefined;
  /** Seconds after which to try again, where an address asks for too many seats. */
  readonly tooManyJoins: () => number | undefined;
  readonly mayMakeRoom: () => boolean;
  readonly full: (limit: LimitName) => void;
}

const PATH = /^\/join\/([^/]+)(?:\/([^/]+))?\/?$/;

/** What `admit` is to judge goes along inside of the ticket, which has to fit into a hello. */
const MAX_PRESENTED_LETTERS = 4_096;

const RETRY_AFTER_SECONDS = 5;
const TOO_MANY_JOINS = "Too many seats are asked for from this address. Wait a moment, then ask again.";
const TOO_MANY_TICKETS = "As many tickets are out as may be. Ask again in a moment.";

/** Somebody who asks where to join. */
export interface JoinRequest {
  readonly request: Request;
  readonly url: URL;
  readonly game: string;
  /** Absent: any room that fits. */
  readonly roomId: string | undefined;
}

/** What a request asks of matchmaking; `undefined` for one that is for somebody else, such as a page below `/join/`. */
export function joinRequest(request: Request, url: URL): JoinRequest | undefined {
  if (request.method !== "POST") return undefined;
  const [, game, roomId] = (PATH.exec(url.pathname) ?? []).map(decoded);
  return game === undefined ? undefined : { request, url, game, roomId };
}

/**
 * `POST /join/<game>` and `POST /join/<game>/<room>`, the query as in the game's own address: where to connect, and a
 * ticket for there. A body `{ "ticket": "…" }` holds what `admit` is to judge. Pages of other origins may ask without
 * a preflight, so whatever content type they send.
 */
export async function joinApi(
  parts: JoinApiParts,
  asking: JoinRequest,
  remoteAddress: string,
): Promise<Response> {
  const { request, url } = asking;
  const origin = request.headers.get("origin") ?? undefined;
  const asked = { path: url.pathname, query: url.searchParams, origin, remoteAddress, userAgent: undefined };
  const verdict = parts.gate(asked);
  if (verdict?.verdict === "refuse") return problem(verdict.status, "not-allowed", verdict.reason);
  const answer = await join(parts, asking);
  if (origin !== undefined) {
    answer.headers.set("access-control-allow-origin", origin);
    answer.headers.set("access-control-expose-headers", "retry-after");
    answer.headers.set("vary", "origin");
  }
  return answer;
}

async function join(parts: JoinApiParts, { request, url, game, roomId }: JoinRequest): Promise<Response> {
  const { matchmaker, tickets, publicUrl } = parts;
  const presented = await presentedIn(request);
  if (presented === "malformed")
    return problem(
      400,
      "bad-request",
      `Send nothing, or { "ticket": "…" } of at most ${MAX_PRESENTED_LETTERS} letters.`,
    );
  const retryAfter = parts.tooManyJoins();
  if (retryAfter !== undefined) return tooMany(TOO_MANY_JOINS, retryAfter);
  if (tickets?.isFull) {
    parts.full("maxTickets");
    return problem(503, "server-busy", TOO_MANY_TICKETS, { "retry-after": String(RETRY_AFTER_SECONDS) });
  }
  const acquired =
    roomId === undefined
      ? await matchmaker.acquire(game, Object.fromEntries(url.searchParams), parts.mayMakeRoom)
      : matchmaker.acquireById(game, roomId);
  if ("refused" in acquired)
    return acquired.refused === "rate-limited"
      ? tooMany(acquired.message ?? TOO_MANY_ROOMS, RETRY_AFTER_SECONDS)
      : refusal(acquired);
  const place = { url: addressOf(publicUrl, url, game, acquired.room.name.id), room: acquired.room.name.id };
  if (tickets === undefined) {
    acquired.release();
    return json(place);
  }
  return json({ ...place, ...(await tickets.issue(acquired, presented.ticket)) });
}

/**
 * An address that players can be sent to.
 *
 * @throws RangeError for what is none
 */
export function publicUrlOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^(https?|wss?):$/.test(url.protocol) || url.search + url.hash !== "")
    throw new RangeError(
      `publicUrl is ${JSON.stringify(text)}; it must be like "https://play-3.example.com"`,
    );
  return text.replace(/\/$/, "");
}

/** The room's address; without a public one relative to what was asked, for a proxy may stand in front. */
function addressOf(publicUrl: string | undefined, asked: URL, game: string, room: string): string {
  const path = `${encodeURIComponent(game)}/${encodeURIComponent(room)}`;
  if (publicUrl !== undefined) return `${publicUrl}/${path}`;
  return "../".repeat(asked.pathname.split("/").length - 2) + path;
}

function decoded(part: string | undefined): string | undefined {
  try {
    return part === undefined ? undefined : decodeURIComponent(part);
  } catch {
    return part;
  }
}

async function presentedIn(request: Request): Promise<{ readonly ticket?: string } | "malformed"> {
  const text = await request.text();
  if (text === "") return {};
  let sent: unknown;
  try {
    sent = JSON.parse(text);
  } catch {
    return "malformed";
  }
  if (typeof sent !== "object" || sent === null) return "malformed";
  const { ticket } = sent as Record<string, unknown>;
  if (ticket === undefined || ticket === null) return {};
  return typeof ticket === "string" && ticket.length <= MAX_PRESENTED_LETTERS ? { ticket } : "malformed";
}
