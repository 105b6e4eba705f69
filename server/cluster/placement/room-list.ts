import type { Clock, MonotonicMs } from "../../../shared/tick/clock.ts";
import type { Directory } from "../directory/directory.ts";
import type { RoomRecord } from "../directory/room-record.ts";

/** A room of the cluster as HTTP lists it. */
export interface ListedRoom {
  readonly id: string;
  readonly game: string;
  /** Seats that are taken or kept. */
  readonly players: number;
  readonly maxPlayers: number;
  readonly locked: boolean;
  readonly visibility: "public" | "private";
  readonly options: unknown;
  readonly metadata: object;
  /** Where its owner is reached. Absent while it has none. */
  readonly url: string | undefined;
}

export interface ListQuery {
  readonly game: string;
  readonly after?: string | undefined;
  readonly joinable: boolean;
}

export interface ListPage {
  readonly rooms: readonly ListedRoom[];
  /** `after` of the next page. Absent: this was the last. */
  readonly next: string | undefined;
}

/** A list costs Redis a millisecond: the same one is not asked for again so soon, however many look at it. */
const FRESH_MS = 1_000;

const PAGE = 500;

/** Different lists that are remembered. Beyond: all are asked for anew. */
const MOST_LISTS = 200;

/** The listed rooms of the cluster, as old as a second at most. */
export class RoomList {
  readonly #directory: Directory;
  readonly #clock: Clock;
  readonly #lists = new Map<
    string,
    { readonly at: MonotonicMs; readonly page: Promise<ListPage | undefined> }
  >();

  constructor(directory: Directory, clock: Clock) {
    this.#directory = directory;
    this.#clock = clock;
  }

  /** `undefined` where the directory does not answer. */
  page(query: ListQuery): Promise<ListPage | undefined> {
    const key = JSON.stringify([query.game, query.after, query.joinable]);
    const now = this.#clock.now();
    const kept = this.#lists.get(key);
    if (kept !== undefined && now - kept.at < FRESH_MS) return kept.page;
    if (this.#lists.size >= MOST_LISTS) this.#lists.clear();
    const page = this.#read(query);
    this.#lists.set(key, { at: now, page });
    return page;
  }

  async room(id: string): Promise<ListedRoom | undefined> {
    const known = await this.#directory.room(id);
    return known.ok && known.value.room.state !== "creating"
      ? listed(known.value.room, known.value.node?.url)
      : undefined;
  }

  async #read({ game, after, joinable }: ListQuery): Promise<ListPage | undefined> {
    const query = { game, joinable, limit: PAGE, ...(after !== undefined && { after }) };
    const [found, nodes] = await Promise.all([this.#directory.rooms(query), this.#directory.nodes()]);
    if (!found.ok || !nodes.ok) return undefined;
    const urls = new Map(nodes.value.map(({ id, url }) => [id, url]));
    return {
      rooms: found.value.rooms.map((room) => listed(room, urls.get(room.owner.node))),
      next: found.value.next,
    };
  }
}

function listed(room: RoomRecord, nodeUrl: string | undefined): ListedRoom {
  return {
    id: room.id,
    game: room.game,
    players: room.seats,
    maxPlayers: room.maxSeats,
    locked: room.locked,
    visibility: room.listed ? "public" : "private",
    options: room.options ?? null,
    metadata: room.metadata,
    url: nodeUrl === undefined ? undefined : `${nodeUrl}/${room.game}/${room.id}`,
  };
}
