import { closeCodes } from "../../shared/protocol/close-codes.ts";
import type { GameServer } from "../game-server.ts";
import { json, problem } from "../http/json.ts";
import type { RoomCore } from "../room/room-core.ts";
import type { EventsAnswer, OverviewAnswer, RoomAnswer, RowAnswer } from "./answers.ts";
import { describeRoom, playersByState } from "./describe-room.ts";
import type { EventFeed } from "./event-feed.ts";
import { excerptOf, wholeNumber } from "./excerpt.ts";
import { listPlayers } from "./list-players.ts";
import type { OperatorActions } from "./operator-actions.ts";
import { readDefinition, readMap, readRow, readRows } from "./read-state.ts";
import type { ServerSeries } from "./server-series.ts";
import type { TickCollector } from "./tick-collector.ts";

export interface AdminApiParts {
  readonly server: Pick<GameServer, "matchmaker" | "sessions">;
  readonly collector: TickCollector;
  readonly feed: EventFeed;
  readonly series: ServerSeries;
  readonly actions: OperatorActions;
  readonly timeOfDay: () => number;
  readonly facts: () => OverviewAnswer["server"];
}

/**
 * What the dashboard asks, once it has shown its token. News come by polling: each answer is what happened after a
 * cursor that the page names.
 *
 * | GET                           |                                                       |
 * | ----------------------------- | ----------------------------------------------------- |
 * | `overview?since=<time>`       | rooms, players, the server's figures second by second |
 * | `events?since=<sequence>`     | what happened                                         |
 * | `rooms/<id>?since=<tick>`     | one room, its ticks and what happened in them         |
 * | `rooms/<id>/definition`       | its game as plain data                                |
 * | `rooms/<id>/players`          | who has a seat: `search`, `offset`, `limit`           |
 * | `rooms/<id>/map`              | where everything is                                   |
 * | `rooms/<id>/rows/<table>`     | its state: `search`, `offset`, `limit`                |
 * | `rooms/<id>/rows/<table>/<n>` | one row                                               |
 *
 * `POST rooms/<id>/lock`, `unlock`, `close`, `kick`, `announce`, `bots`: see {@link OperatorActions}.
 */
export class AdminApi {
  readonly #parts: AdminApiParts;

  constructor(parts: AdminApiParts) {
    this.#parts = parts;
  }

  async respond(request: Request, path: string, query: URLSearchParams, address: string): Promise<Response> {
    const reads = request.method === "GET" || request.method === "HEAD";
    const [subject = "", id = "", ...rest] = path.split("/");
    if (subject === "rooms" && id !== "") {
      const room = this.#parts.server.matchmaker.rooms.get(id);
      if (room === undefined) return problem(404, "no-such-room", closeCodes["no-such-room"].sentence);
      if (reads) return this.#readRoom(room, rest, query) ?? nothingThere();
      if (request.method !== "POST") return notAllowed("GET, HEAD, POST");
      const body = await bodyOf(request);
      if (body === undefined) return problem(400, "bad-request", "Send a JSON object.");
      return this.#parts.actions.act(room, rest.join("/"), body, address) ?? nothingThere();
    }
    if (!reads) return notAllowed("GET, HEAD");
    if (path === "overview") return json(this.#overview(wholeNumber(query.get("since"), 0)));
    if (path === "events") return json(this.#events(wholeNumber(query.get("since"), 0)));
    return nothingThere();
  }

  #overview(since: number): OverviewAnswer {
    const { server, collector, series, timeOfDay, facts } = this.#parts;
    const rooms = [...server.matchmaker.rooms.values()];
    return {
      now: timeOfDay(),
      server: facts(),
      players: playersByState(rooms),
      rooms: rooms.map((room) => describeRoom(room, collector.of(room.name.id))),
      series: series.since(since),
    };
  }

  #events(since: number): EventsAnswer {
    return { now: this.#parts.timeOfDay(), events: this.#parts.feed.since(since) };
  }

  #readRoom(
    room: RoomCore,
    [part, name = "", row]: readonly string[],
    query: URLSearchParams,
  ): Response | undefined {
    switch (part) {
      case undefined:
        return json(this.#room(room, wholeNumber(query.get("since"), 0)));
      case "definition": {
        const { interest } = this.#parts.server.matchmaker.definition(room.name.game)?.config ?? {};
        return json(readDefinition(room, interest?.cellSize));
      }
      case "players":
        return json(listPlayers(room, excerptOf(query)));
      case "map":
        return json(readMap(room));
      case "rows": {
        const table = room.state.layout.tableByName.get(name);
        if (table === undefined) return undefined;
        if (row === undefined) return json(readRows(room, table, excerptOf(query)));
        const found = room.state.committed(table, wholeNumber(row, 0));
        const answer: RowAnswer = { row: found?.sent ? readRow(found) : null };
        return json(answer);
      }
      default:
        return undefined;
    }
  }

  #room(room: RoomCore, since: number): RoomAnswer {
    const { collector, actions, timeOfDay, facts } = this.#parts;
    const collected = collector.opened(room.name.id);
    return {
      now: timeOfDay(),
      room: describeRoom(room, collected),
      options: room.options ?? null,
      metadata: room.metadata,
      announces: actions.announces(room),
      bots: facts().bots,
      ...collected.since(since),
    };
  }
}

/** The object in a body; an empty body is an empty object. */
async function bodyOf(request: Request): Promise<Readonly<Record<string, unknown>> | undefined> {
  const text = await request.text();
  if (text === "") return {};
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === "object" && body !== null && !Array.isArray(body)
      ? (body as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function nothingThere(): Response {
  return problem(404, "not-found", "There is nothing at this address.");
}

function notAllowed(allow: string): Response {
  return problem(405, "method-not-allowed", `This address answers ${allow}.`, { allow });
}
