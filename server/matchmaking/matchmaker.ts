import type { CloseName } from "../../shared/protocol/close-codes.ts";
import { notPlain } from "../plain-value.ts";
import type { RoomDefinition } from "../room/define-room.ts";
import type { RoomPast } from "../room/image/room-image.ts";
import type { RoomMetadata } from "../room/room.ts";
import type { RoomCore } from "../room/room-core.ts";
import { validate } from "../room/validate.ts";
import { canonicalOptions } from "./canonical-options.ts";

/** No room, and why: a close code for sessions, a status for HTTP. */
export interface NoRoom {
  readonly refused: CloseName;
  /** More than the code's own sentence, where there is more to say. */
  readonly message?: string;
}

/** A room with a seat kept in it until `release`. */
export interface Acquired {
  readonly room: RoomCore;
  readonly release: () => void;
}

/** Told to those whose address makes more rooms than it may. */
export const TOO_MANY_ROOMS =
  "Too many rooms were made from this address. Wait a minute, or join one of them.";

/** The end of a sentence to the game's author. */
const OPTIONS_ARE_JSON =
  "which matchmaking cannot compare: a room's options must be JSON. Let the schema give a list, a text or a number, and make more of it in load or data.";

/** Why a room is not opened again; `message` is the end of a sentence. */
export interface NotRestored {
  readonly why: "full" | "not-ours" | "failed";
  readonly message: string;
}

/** How a room is to be made. */
export interface CreateRequest {
  readonly game: string;
  /** As the peer gave them: parsed by the room's schema. */
  readonly options: unknown;
  readonly metadata?: RoomMetadata;
  readonly visibility?: "public" | "private";
  /** Where it has one already, in a cluster. Absent: a new one. */
  readonly id?: string;
}

type Order = Pick<CreateRequest, "metadata" | "visibility" | "id">;

/** What somebody asks for, as the game's schema parsed it. */
interface Wish {
  readonly definition: RoomDefinition;
  readonly options: unknown;
  /** Where rooms stand that would do. */
  readonly bucket: string;
}

/** A room that would be made for somebody, for a cluster to find or place it. */
export interface RoomOutline {
  /** The hash of the game's definition. */
  readonly build: string;
  /** As the room's schema parsed them. */
  readonly options: unknown;
  readonly maxSeats: number;
  readonly metadata: RoomMetadata;
}

export interface MatchmakerParts {
  readonly definitions: readonly RoomDefinition[];
  readonly maxRooms: number;
  /** Makes a room, not yet open. */
  readonly build: (
    definition: RoomDefinition,
    options: unknown,
    loaded: unknown,
    named?: { readonly id: string; readonly past?: RoomPast },
  ) => RoomCore;
  /** Opens it: false where the game's `create` failed. */
  readonly open: (room: RoomCore) => boolean;
  readonly onLoadFailed: (game: string, error: unknown) => void;
}

/**
 * Brings players to rooms: finds one of the game with equal options and a free seat, or creates it. Rooms of
 * equal game and options stand in one bucket; while one loads, all who would need another wait for it.
 */
export class Matchmaker {
  readonly #parts: MatchmakerParts;
  readonly #definitions: ReadonlyMap<string, RoomDefinition>;
  readonly #rooms = new Map<string, RoomCore>();
  readonly #buckets = new Map<string, Set<RoomCore>>();
  /** Where each room stands, whatever the game does to its options later. */
  readonly #bucketOf = new Map<RoomCore, string>();
  readonly #loading = new Map<string, Promise<RoomCore | NoRoom>>();
  /** Rooms whose `load` has not ended. */
  #underWay = 0;
  #stopped = false;
  #paused = false;

  /** @throws RangeError where two definitions have the same name */
  constructor(parts: MatchmakerParts) {
    this.#parts = parts;
    const definitions = new Map<string, RoomDefinition>();
    for (const definition of parts.definitions) {
      const { name } = definition.game.spec;
      if (definitions.has(name)) throw new RangeError(`two games are named "${name}"; rename one`);
      definitions.set(name, definition);
    }
    this.#definitions = definitions;
  }

  get rooms(): ReadonlyMap<string, RoomCore> {
    return this.#rooms;
  }

  /** Names of the games that are hosted. */
  get games(): IterableIterator<string> {
    return this.#definitions.keys();
  }

  /** For who asks for another game: a name is soon misspelt. */
  get notHosted(): NoRoom & { readonly refused: "no-such-game"; readonly message: string } {
    const games = [...this.#definitions.keys()].join(", ") || "none";
    return { refused: "no-such-game", message: `This server does not host that game. It hosts ${games}.` };
  }

  definition(game: string): RoomDefinition | undefined {
    return this.#definitions.get(game);
  }

  /** Whether there may be new rooms and seats. */
  get takesPlayers(): boolean {
    return !this.#stopped;
  }

  /** From now on there are no new rooms and no new seats. */
  stop(): void {
    this.#stopped = true;
  }

  /** For now there are no new rooms and no new seats, and nobody returns to one. */
  get paused(): boolean {
    return this.#paused;
  }

  pause(whether: boolean): void {
    this.#paused = whether;
  }

  /** Keeps a seat in the room of that id. */
  acquireById(game: string, id: string): Acquired | NoRoom {
    if (this.#shut !== undefined) return { refused: this.#shut };
    if (!this.#definitions.has(game)) return this.notHosted;
    const room = this.#rooms.get(id);
    if (room === undefined || room.name.game !== game) return { refused: "no-such-room" };
    if (room.shut !== undefined) return { refused: room.shut };
    const release = room.reserve();
    return release === undefined ? { refused: "room-full" } : { room, release };
  }

  /**
   * Keeps a seat in a public room with these options, creating one where none has a seat left.
   *
   * @param mayMakeRoom asked before a room is made for this one, not where somebody else's is waited for
   */
  async acquire(
    game: string,
    options: unknown,
    mayMakeRoom: () => boolean = () => true,
  ): Promise<Acquired | NoRoom> {
    const wish = this.#parse(game, options);
    if ("refused" in wish) return wish;
    for (;;) {
      const found = this.#find(wish.bucket);
      if (found !== undefined) return found;
      // Whoever finds no seat in the room that was just loaded loads the next.
      if (!this.#loading.has(wish.bucket) && !mayMakeRoom())
        return { refused: "rate-limited", message: TOO_MANY_ROOMS };
      const room = await this.#load(wish);
      if ("refused" in room) return room;
      // A game that closes, locks or hides its rooms in `create` would do so with the next one, too.
      if (room.shut !== undefined) return { refused: room.shut };
      if (room.visibility === "private") return { refused: "room-locked" };
    }
  }

  async create({ game, options, ...order }: CreateRequest): Promise<RoomCore | NoRoom> {
    const wish = this.#parse(game, options);
    return "refused" in wish ? wish : this.#make(wish, order);
  }

  /** What {@link acquire} would look for, or make. */
  plan(game: string, given: unknown): RoomOutline | NoRoom {
    const parsed = this.#parse(game, given);
    if ("refused" in parsed) return parsed;
    const { definition, options } = parsed;
    const { maxPlayers, metadata = {} } = definition.config;
    return { build: definition.game.hash, options, maxSeats: maxPlayers, metadata };
  }

  /**
   * Opens a room that was saved, under the id that it had.
   *
   * @param ready asked behind `load`, before the room ticks: false gives it up
   */
  async restore(
    definition: RoomDefinition,
    id: string,
    past: RoomPast,
    ready: () => Promise<boolean>,
  ): Promise<RoomCore | NotRestored> {
    if (this.#rooms.size + this.#underWay >= this.#parts.maxRooms)
      return { why: "full", message: "there are maxRooms rooms already." };
    const { options } = past.image;
    const bucket = bucketKey(definition.game.spec.name, options);
    this.#underWay += 1;
    try {
      const loaded: unknown = await definition.config.load?.(options as never);
      if (!(await ready())) return { why: "not-ours", message: "it is not ours any more." };
      const room = this.#add(this.#parts.build(definition, options, loaded, { id, past }), bucket);
      return this.#parts.open(room) ? room : { why: "failed", message: "the game's restore threw." };
    } catch (error) {
      this.#parts.onLoadFailed(definition.game.spec.name, error);
      return { why: "failed", message: `it could not be loaded: ${(error as Error).message}.` };
    } finally {
      this.#underWay -= 1;
    }
  }

  /** A room that has closed is found no more. */
  forget(room: RoomCore): void {
    this.#rooms.delete(room.name.id);
    const key = this.#bucketOf.get(room);
    if (key === undefined) return;
    this.#bucketOf.delete(room);
    const bucket = this.#buckets.get(key);
    if (bucket?.delete(room) && bucket.size === 0) this.#buckets.delete(key);
  }

  #parse(game: string, given: unknown): Wish | NoRoom {
    const definition = this.#definitions.get(game);
    if (definition === undefined) return this.notHosted;
    const schema = definition.config.options;
    if (schema === undefined) return { definition, options: undefined, bucket: bucketKey(game, undefined) };
    const parsed = validate(schema, given);
    if (!parsed.ok) return { refused: "bad-join", message: parsed.message };
    const options = parsed.value;
    const problem = notPlain("options", options, "json");
    if (problem === undefined) return { definition, options, bucket: bucketKey(game, options) };
    this.#parts.onLoadFailed(game, new TypeError(`${problem}, ${OPTIONS_ARE_JSON}`));
    return { refused: "load-failed" };
  }

  get #shut(): CloseName | undefined {
    return this.#stopped ? "server-stopping" : this.#paused ? "server-busy" : undefined;
  }

  #find(bucket: string): Acquired | NoRoom | undefined {
    if (this.#shut !== undefined) return { refused: this.#shut };
    for (const room of this.#buckets.get(bucket) ?? []) {
      if (room.visibility === "private") continue;
      const release = room.reserve();
      if (release !== undefined) return { room, release };
    }
    return undefined;
  }

  #load(wish: Wish): Promise<RoomCore | NoRoom> {
    const { bucket } = wish;
    let loading = this.#loading.get(bucket);
    if (loading === undefined) {
      loading = this.#make(wish, {}).finally(() => this.#loading.delete(bucket));
      this.#loading.set(bucket, loading);
    }
    return loading;
  }

  async #make(wish: Wish, order: Order): Promise<RoomCore | NoRoom> {
    const { definition, options } = wish;
    if (this.#shut !== undefined) return { refused: this.#shut };
    if (this.#rooms.size + this.#underWay >= this.#parts.maxRooms) return { refused: "server-busy" };
    this.#underWay += 1;
    let loaded: unknown;
    try {
      loaded = await definition.config.load?.(options as never);
    } catch (error) {
      this.#parts.onLoadFailed(definition.game.spec.name, error);
      return { refused: "load-failed" };
    } finally {
      this.#underWay -= 1;
    }
    if (this.#shut !== undefined) return { refused: this.#shut };
    return this.#open(wish, loaded, order);
  }

  #open(
    { definition, options, bucket }: Wish,
    loaded: unknown,
    { metadata, visibility, id }: Order,
  ): RoomCore | NoRoom {
    let room: RoomCore;
    try {
      room = this.#parts.build(definition, options, loaded, id === undefined ? undefined : { id });
    } catch (error) {
      this.#parts.onLoadFailed(definition.game.spec.name, error);
      return { refused: "load-failed" };
    }
    if (metadata !== undefined) room.metadata = metadata;
    if (visibility !== undefined) room.visibility = visibility;
    return this.#parts.open(this.#add(room, bucket)) ? room : { refused: "room-failed" };
  }

  #add(room: RoomCore, key: string): RoomCore {
    this.#rooms.set(room.name.id, room);
    this.#bucketOf.set(room, key);
    const bucket = this.#buckets.get(key) ?? new Set();
    this.#buckets.set(key, bucket.add(room));
    return room;
  }
}

/** Equal for rooms that players may be brought together in. */
function bucketKey(game: string, options: unknown): string {
  return `${game} ${canonicalOptions(options)}`;
}
