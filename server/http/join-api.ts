import type { ClusterPart } from "../cluster/cluster-part.ts";
import type { PlacedSeat } from "../cluster/placement/placement.ts";
import type { LimitName } from "../limits.ts";
import { type Matchmaker, type NoRoom, TOO_MANY_ROOMS } from "../matchmaking/matchmaker.ts";
import { MAX_PRESENTED_BYTES } from "../tickets/ticket-size.ts";
import type { Tickets } from "../tickets/tickets.ts";
import { askGate, type Gate } from "./ask-gate.ts";
import { json, problem, tooMany } from "./json.ts";
import { refusal } from "./rooms-api.ts";

export interface JoinApiParts {
  readonly matchmaker: Matchmaker;
  readonly tickets: Tickets | undefined;
  /** Finds seats on other servers, too. Absent: there are none. */
  readonly cluster: Pick<ClusterPart, "place" | "find"> | undefined;
  /** Whether this address may have a room made; it takes nothing. */
  readonly mayMakeRooms: () => boolean;
  readonly publicUrl: string | undefined;
  readonly gate: Gate;
  /** Seconds after which to try again, where an address asks for too many seats. */
  readonly tooManyJoins: () => number | undefined;
  readonly mayMakeRoom: () => boolean;
  readonly full: (limit: LimitName) => void;
}

const PATH = /^\/join\/([^/]+)(?:\/([^/]+))?\/?$/;

/** A node's name and epoch. */
const MAX_OWNER_LETTERS = 128;

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
 * ticket for there. A body `{ "ticket": "…" }` holds what `admit` is to judge; with `{ "returning": true }` somebody who
 * has a seat asks where their room is by now: there is neither ticket nor seat. With the answer's `owner` as `unreachable` they
 * say that nobody answers there. Pages of other origins may ask without a preflight, so whatever content type they send.
 */
export async function joinApi(
  parts: JoinApiParts,
  asking: JoinRequest,
  remoteAddress: string,
): Promise<Response> {
  const { request, url } = asking;
  const refused = askGate(parts.gate, request, url, remoteAddress);
  if (refused !== undefined) return refused;
  const answer = await join(parts, asking);
  const origin = request.headers.get("origin");
  if (origin !== null) {
    answer.headers.set("access-control-allow-origin", origin);
    answer.headers.set("access-control-expose-headers", "retry-after");
    answer.headers.set("vary", "origin");
  }
  return answer;
}

async function join(parts: JoinApiParts, asking: JoinRequest): Promise<Response> {
  const { tickets } = parts;
  const { game, roomId } = asking;
  const presented = await presentedIn(asking.request);
  if (presented === "malformed")
    return problem(
      400,
      "bad-request",
      `Send nothing, or { "ticket": "…" } of at most ${MAX_PRESENTED_BYTES} bytes.`,
    );
  if (presented.returning && roomId !== undefined)
    return answered(parts, asking, await find(parts, game, roomId, presented.unreachable));
  const retryAfter = parts.tooManyJoins();
  if (retryAfter !== undefined) return tooMany(TOO_MANY_JOINS, retryAfter);
  if (tickets?.isFull) {
    parts.full("maxTickets");
    return problem(503, "server-busy", TOO_MANY_TICKETS, { "retry-after": String(RETRY_AFTER_SECONDS) });
  }
  const placed =
    parts.cluster === undefined
      ? await seatHere(parts, asking, presented.ticket)
      : await parts.cluster.place({
          ...{ game, roomId, presented: presented.ticket },
          options: Object.fromEntries(asking.url.searchParams),
          mayMakeRoom: parts.mayMakeRooms,
          madeRoom: () => void parts.mayMakeRoom(),
        });
  return answered(parts, asking, placed);
}

/** A seat on this server, which is all that there is. */
async function seatHere(
  { matchmaker, tickets, mayMakeRoom }: JoinApiParts,
  { url, game, roomId }: JoinRequest,
  presented: string | undefined,
): Promise<PlacedSeat | NoRoom> {
  const acquired =
    roomId === undefined
      ? await matchmaker.acquire(game, Object.fromEntries(url.searchParams), mayMakeRoom)
      : matchmaker.acquireById(game, roomId);
  if ("refused" in acquired) return acquired;
  const room = acquired.room.name.id;
  if (tickets !== undefined) return { room, url: undefined, seat: await tickets.issue(acquired, presented) };
  acquired.release();
  return { room, url: undefined, seat: undefined };
}

/** Where a room is, for somebody who has a seat in it. */
async function find(
  { matchmaker, cluster }: JoinApiParts,
  game: string,
  roomId: string,
  unreachable: string | undefined,
): Promise<PlacedSeat | NoRoom> {
  if (cluster !== undefined) return cluster.find(game, roomId, unreachable);
  return matchmaker.rooms.get(roomId)?.name.game === game
    ? { room: roomId, url: undefined, seat: undefined }
    : { refused: "no-such-room" };
}

function answered(
  { publicUrl }: JoinApiParts,
  { url: asked, game }: JoinRequest,
  placed: PlacedSeat | NoRoom,
): Response {
  if ("refused" in placed)
    return placed.refused === "rate-limited"
      ? tooMany(placed.message ?? TOO_MANY_ROOMS, RETRY_AFTER_SECONDS)
      : refusal(placed);
  const { room, owner, seat } = placed;
  const url = addressOf(placed.url ?? publicUrl, asked, game, room);
  return json({ url, room, ...(owner !== undefined && { owner }), ...seat });
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

/** The room's address; without one of its server relative to what was asked, for a proxy may stand in front. */
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

interface Presented {
  readonly ticket?: string;
  readonly returning?: boolean;
  readonly unreachable?: string;
}

async function presentedIn(request: Request): Promise<Presented | "malformed"> {
  const text = await request.text();
  if (text === "") return {};
  let sent: unknown;
  try {
    sent = JSON.parse(text);
  } catch {
    return "malformed";
  }
  if (typeof sent !== "object" || sent === null) return "malformed";
  const { ticket, returning, unreachable } = sent as Record<string, unknown>;
  if (returning === true) {
    if (typeof unreachable !== "string") return { returning };
    return unreachable.length <= MAX_OWNER_LETTERS ? { returning, unreachable } : "malformed";
  }
  if (ticket === undefined || ticket === null) return {};
  return typeof ticket === "string" && Buffer.byteLength(JSON.stringify(ticket)) <= MAX_PRESENTED_BYTES
    ? { ticket }
    : "malformed";
}
