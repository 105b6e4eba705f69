import { closeCodes } from "../../shared/protocol/close-codes.ts";
import type { ClusterPart } from "../cluster/cluster-part.ts";
import { metadataLimits } from "../limits.ts";
import type { LoadMeter } from "../load-meter.ts";
import {
  type CreateRequest,
  type Matchmaker,
  type NoRoom,
  TOO_MANY_ROOMS,
} from "../matchmaking/matchmaker.ts";
import type { RoomMetadata } from "../room/room.ts";
import type { RoomCore } from "../room/room-core.ts";
import { askGate, type Gate } from "./ask-gate.ts";
import { json, problem, tooMany } from "./json.ts";

export interface RoomsApiParts {
  readonly matchmaker: Matchmaker;
  readonly load: LoadMeter;
  /** Knows rooms of other servers, too. Absent: there are none. */
  readonly cluster: Pick<ClusterPart, "rooms" | "room"> | undefined;
  /** Where players reach this server. */
  readonly publicUrl: string | undefined;
  readonly gate: Gate;
  /** Asked before a room is made. Seconds after which to try again, where there are too many. */
  readonly tooManyRooms: () => number | undefined;
}

const ROOM_ID = /^[A-Za-z0-9._-]{1,64}$/;

/** `GET /rooms`, `GET /rooms/<id>`, `POST /rooms`. */
export async function roomsApi(
  parts: RoomsApiParts,
  request: Request,
  url: URL,
  remoteAddress: string,
): Promise<Response> {
  const reads = request.method === "GET" || request.method === "HEAD";
  const id = url.pathname.slice("/rooms/".length);
  if (id !== "") {
    if (!reads) return notAllowed("GET, HEAD");
    const room = parts.matchmaker.rooms.get(id);
    if (room !== undefined) return json(describeRoom(room, parts.load));
    const elsewhere = ROOM_ID.test(id) ? await parts.cluster?.room(id) : undefined;
    return elsewhere === undefined
      ? problem(404, "no-such-room", closeCodes["no-such-room"].sentence)
      : json(elsewhere);
  }
  if (reads && parts.cluster !== undefined) return listCluster(parts, parts.cluster, url.searchParams);
  if (reads) return json({ rooms: listRooms(parts, url.searchParams.get("game")) });
  if (request.method === "POST")
    return askGate(parts.gate, request, url, remoteAddress) ?? createRoom(parts, request);
  return notAllowed("GET, HEAD, POST");
}

/**
 * Listed rooms of all servers: of one game by pages (`?game=arena&after=<next>`, `&joinable` for those that have a seat),
 * else the first page of each.
 */
async function listCluster(
  { matchmaker }: RoomsApiParts,
  cluster: Pick<ClusterPart, "rooms">,
  query: URLSearchParams,
): Promise<Response> {
  const game = query.get("game");
  const after = query.get("after") ?? undefined;
  if (after !== undefined && (game === null || !ROOM_ID.test(after)))
    return problem(400, "bad-request", '"after" goes with "game", and is the "next" of the page before.');
  const games = [...matchmaker.games].filter((name) => game === null || name === game);
  const joinable = query.has("joinable");
  const pages = await Promise.all(games.map((name) => cluster.rooms({ game: name, after, joinable })));
  const rooms = [];
  for (const page of pages) {
    if (page === undefined)
      return problem(
        503,
        "server-busy",
        "The directory of the cluster does not answer. Ask again in a moment.",
        {
          "retry-after": "1",
        },
      );
    rooms.push(...page.rooms);
  }
  return json({ rooms, ...(game !== null && { next: pages[0]?.next }) });
}

function listRooms({ matchmaker, load }: RoomsApiParts, game: string | null): object[] {
  // Whoever sees a room there could not join it.
  if (!matchmaker.takesPlayers) return [];
  return [...matchmaker.rooms.values()]
    .filter((room) => room.visibility === "public" && (game === null || room.name.game === game))
    .map((room) => describeRoom(room, load));
}

/** A room as HTTP shows it. `microsecondsPerPlayer`: server time per player and tick, up to the flush. */
function describeRoom(room: RoomCore, load: LoadMeter): object {
  return {
    id: room.name.id,
    game: room.name.game,
    players: room.seats.size,
    maxPlayers: room.maxPlayers,
    locked: room.locked,
    visibility: room.visibility,
    options: room.options ?? null,
    metadata: room.metadata,
    tick: room.tick,
    tickMicroseconds: load.tickMicroseconds(room.name.id) ?? null,
    microsecondsPerPlayer: load.microsecondsPerPlayer(room.name.id) ?? null,
  };
}

async function createRoom(
  { matchmaker, load, cluster, publicUrl, tooManyRooms }: RoomsApiParts,
  request: Request,
): Promise<Response> {
  const parsed = parseCreate(await bodyOf(request));
  if (typeof parsed === "string") return problem(400, "bad-request", parsed);
  const retryAfter = tooManyRooms();
  if (retryAfter !== undefined) return tooMany(TOO_MANY_ROOMS, retryAfter);
  const created = await matchmaker.create(parsed);
  if ("refused" in created) return refusal(created);
  const room = describeRoom(created, load);
  const path = `/${parsed.game}/${created.name.id}`;
  // In a cluster whoever stands in front of it may lead elsewhere.
  return json({ ...room, path, ...(cluster && publicUrl !== undefined && { url: publicUrl + path }) }, 201);
}

async function bodyOf(request: Request): Promise<unknown> {
  try {
    return await request.json();
  } catch {
    return undefined;
  }
}

/** The request in a body, or a sentence that says what is wrong with it. */
function parseCreate(body: unknown): CreateRequest | string {
  if (typeof body !== "object" || body === null || Array.isArray(body))
    return 'Send a JSON object, for example { "game": "arena" }.';
  const { game, options, metadata, visibility } = body as Record<string, unknown>;
  if (typeof game !== "string") return '"game" is missing: name the game that the room is for.';
  if (visibility !== undefined && visibility !== "public" && visibility !== "private")
    return '"visibility" is "public" or "private".';
  if (metadata !== undefined && !isMetadata(metadata))
    return '"metadata" is an object of texts, numbers, booleans and nulls.';
  if (metadata !== undefined && !isWithinLimits(metadata)) {
    const { entries, keyLetters, textLetters } = metadataLimits;
    return `"metadata" has at most ${entries} entries, with keys of at most ${keyLetters} letters and texts of at most ${textLetters} letters.`;
  }
  return {
    game,
    options: options ?? {},
    ...(metadata !== undefined && { metadata }),
    ...(visibility !== undefined && { visibility }),
  };
}

function isMetadata(value: unknown): value is RoomMetadata {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every(
      (entry) => entry === null || ["string", "number", "boolean"].includes(typeof entry),
    )
  );
}

function isWithinLimits(metadata: RoomMetadata): boolean {
  const entries = Object.entries(metadata);
  return (
    entries.length <= metadataLimits.entries &&
    entries.every(
      ([key, value]) =>
        key.length <= metadataLimits.keyLetters &&
        (typeof value !== "string" || value.length <= metadataLimits.textLetters),
    )
  );
}

/** Why there is no room, as HTTP says it. */
export function refusal({ refused, message }: NoRoom): Response {
  const { sentence, retry } = closeCodes[refused];
  const text = message ?? sentence;
  if (refused === "no-such-game") return problem(404, refused, text);
  if (refused === "bad-join")
    return problem(400, refused, message ?? "The options are not what the game asks for.");
  return retry === "never"
    ? problem(409, refused, text)
    : problem(503, refused, text, { "retry-after": "5" });
}

function notAllowed(allow: string): Response {
  return problem(405, "method-not-allowed", `This address answers ${allow}.`, { allow });
}
