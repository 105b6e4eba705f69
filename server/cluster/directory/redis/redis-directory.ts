import type { Clock, Release } from "../../../../shared/tick/clock.ts";
import { type Answer, type DirectoryCode, refusal, unavailable, value } from "../answer.ts";
import type { ChangePage, ChangePosition, DirectoryChange } from "../change.ts";
import { ChangeWatcher } from "../change-watcher.ts";
import type { Directory, NodeReport } from "../directory.ts";
import type { DirectoryOptions } from "../directory-options.ts";
import type { DirectoryHealth, HealthState } from "../health.ts";
import {
  idle,
  type NodeIncarnation,
  type NodeLease,
  type NodeRecord,
  type NodeRegistration,
} from "../node-record.ts";
import { filterOf, tagsOf } from "../room-index.ts";
import type {
  KnownRoom,
  NewRoom,
  PlacedRoom,
  RoomChanges,
  RoomKey,
  RoomPage,
  RoomPlan,
  RoomQuery,
  RoomRecord,
  RoomSearch,
} from "../room-record.ts";
import {
  validateEpoch,
  validateExcept,
  validateGame,
  validateId,
  validateNode,
  validateOrphans,
  validatePage,
  validateReport,
  validateRoom,
  validateSettled,
} from "../validate-requests.ts";
import { readChangePage, readNode, readRoom, wiredMetadata, wiredRoom } from "./record-wire.ts";
import type { RedisLink } from "./redis-link.ts";
import type { ScriptName } from "./scripts/all-scripts.ts";

/** Changes that are read at once: what a script may take of Redis' time. */
const CHANGES_A_PAGE = 500;

/** The directory in Redis or Valkey: each method is one script there. See docs/cluster.md for keys and guarantees. */
export class RedisDirectory implements Directory {
  readonly #link: RedisLink;
  readonly #health: HealthState;
  readonly #options: DirectoryOptions;
  readonly #watcher: ChangeWatcher;

  constructor(link: RedisLink, clock: Clock, health: HealthState, options: DirectoryOptions) {
    this.#link = link;
    this.#health = health;
    this.#options = options;
    this.#watcher = new ChangeWatcher(clock, options.pollMs, (since) => this.#changes(since));
  }

  get health(): DirectoryHealth {
    return this.#health.current;
  }

  onHealth(listener: (health: DirectoryHealth) => void): Release {
    return this.#health.on(listener);
  }

  async registerNode(node: NodeRegistration): Promise<Answer<NodeLease>> {
    validateNode(node);
    const { formerEpoch, ...rest } = node;
    const askedAt = this.#link.now;
    const registration = { ...rest, load: idle, draining: false };
    return this.#ask("registerNode", { id: node.id, formerEpoch, registration }, ([epoch]) => ({
      node: node.id,
      epoch: Number(epoch),
      validUntil: askedAt + this.#options.leaseMs,
    }));
  }

  async renewNode(lease: NodeIncarnation, report: NodeReport): Promise<Answer<NodeLease, "lease-lost">> {
    validateReport(report);
    const askedAt = this.#link.now;
    return this.#ask("renewNode", { draining: false, ...report, ...owner(lease) }, () => ({
      node: lease.node,
      epoch: lease.epoch,
      validUntil: askedAt + this.#options.leaseMs,
    }));
  }

  async releaseNode(lease: NodeIncarnation): Promise<Answer<undefined>> {
    return this.#ask("releaseNode", owner(lease), () => undefined);
  }

  async nodes(): Promise<Answer<readonly NodeRecord[]>> {
    return this.#ask("listNodes", {}, (nodes) => nodes.map(readNode));
  }

  async findOrCreate({
    create,
    ...search
  }: RoomSearch): Promise<Answer<PlacedRoom, "no-node" | "room-exists">> {
    const { except = [], hold } = search;
    validateExcept(except);
    validateId("a hold", hold);
    return this.#place({ ...search, ...create }, { find: true, except, holdId: hold });
  }

  async placeRoom(
    room: Pick<RoomRecord, "game" | "build" | "options"> & RoomPlan,
  ): Promise<Answer<PlacedRoom, "no-node" | "room-exists">> {
    return this.#place(room, { find: false });
  }

  async createRoom(
    lease: NodeIncarnation,
    room: NewRoom,
  ): Promise<Answer<RoomRecord, "lease-lost" | "room-exists">> {
    validateGame(room);
    validateRoom(room);
    validateEpoch(room.formerEpoch);
    const { formerEpoch, ...rest } = room;
    const wired = wiredRoom({
      metadata: {},
      listed: true,
      locked: false,
      seats: 0,
      timeline: 0,
      ...rest,
      state: "open",
    });
    return this.#ask("createRoom", { ...owner(lease), formerEpoch, room: wired }, roomOf);
  }

  async updateRoom(
    lease: NodeIncarnation,
    { id, epoch }: RoomKey,
    changes: RoomChanges,
  ): Promise<Answer<RoomRecord, "lease-lost" | "stale-owner" | "no-such-room">> {
    const { settled = [], metadata, ...rest } = changes;
    validateRoom({ ...changes, id });
    validateSettled(settled);
    const wired = { ...rest, ...(metadata && wiredMetadata(metadata)) };
    return this.#ask("updateRoom", { ...owner(lease), id, epoch, changes: wired, settled }, roomOf);
  }

  async removeRoom(
    lease: NodeIncarnation,
    { id, epoch }: RoomKey,
  ): Promise<Answer<undefined, "lease-lost" | "stale-owner">> {
    return this.#ask("removeRoom", { ...owner(lease), id, epoch }, () => undefined);
  }

  async transferRoom(
    lease: NodeIncarnation,
    { id, epoch }: RoomKey,
    to: NodeIncarnation,
  ): Promise<Answer<RoomRecord, "lease-lost" | "stale-owner" | "no-such-room" | "no-node">> {
    return this.#ask("transferRoom", { ...owner(lease), id, epoch, to: to.node, toEpoch: to.epoch }, roomOf);
  }

  async room(id: string): Promise<Answer<KnownRoom, "no-such-room">> {
    validateId("a room", id);
    return this.#ask("readRoom", { id }, ([room = "", node]) => ({
      room: readRoom(room),
      node: node ? readNode(node) : undefined,
    }));
  }

  async rooms(query: RoomQuery): Promise<Answer<RoomPage>> {
    const limit = validatePage(query);
    const { game, metadata = {}, joinable, after } = query;
    // Options that are given as undefined are those of games without: not "any".
    const filter = "options" in query ? filterOf(query.options) : undefined;
    const payload = { game, filter, tags: tagsOf(metadata), joinable, limit, after };
    return this.#ask("listRooms", payload, ([next, ...rooms]) => ({
      rooms: rooms.map(readRoom),
      next: next || undefined,
    }));
  }

  async orphans(limit = 100): Promise<Answer<readonly RoomRecord[]>> {
    return this.#askAgain("listOrphans", { limit: validateOrphans(limit) }, (rooms) => rooms.map(readRoom));
  }

  async claimRoom(
    lease: NodeIncarnation,
    { id, epoch }: RoomKey,
  ): Promise<Answer<RoomRecord, "lease-lost" | "room-taken" | "no-such-room">> {
    return this.#ask("claimRoom", { ...owner(lease), id, epoch }, roomOf);
  }

  watch(listener: (change: DirectoryChange) => void, only?: { readonly game: string }): Release {
    return this.#watcher.watch(listener, only);
  }

  async close(): Promise<void> {
    this.#watcher.close();
    this.#link.close();
  }

  async #place(
    {
      game,
      build,
      options,
      id,
      maxSeats,
      metadata = {},
      listed = true,
    }: Parameters<Directory["placeRoom"]>[0],
    how: { readonly find: boolean; readonly except?: readonly string[]; readonly holdId?: string },
  ): Promise<Answer<PlacedRoom, "no-node" | "room-exists">> {
    validateGame({ game, build });
    validateRoom({ id, maxSeats, metadata });
    const room = wiredRoom({
      ...{ id, game, build, options, metadata, listed, maxSeats },
      ...{ locked: false, seats: 0, timeline: 0, state: "creating" },
    });
    return this.#askAgain<PlacedRoom, "no-node" | "room-exists">(
      "findOrCreate",
      { except: [], ...how, room },
      ([outcome, found = "", node = ""]) => ({
        outcome: outcome as PlacedRoom["outcome"],
        room: readRoom(found),
        node: readNode(node),
      }),
    );
  }

  #changes(since: ChangePosition | undefined): Promise<Answer<ChangePage>> {
    return this.#ask("readChanges", { ...since, limit: CHANGES_A_PAGE }, readChangePage);
  }

  /** As {@link #ask}, until the script is through; each `again` has left it less to do, so there is a last one. */
  async #askAgain<Value, Code extends DirectoryCode = never>(
    name: ScriptName,
    payload: object,
    read: (values: readonly string[]) => Value,
  ): Promise<Answer<Value, Code>> {
    const until = this.#link.now + this.#options.deadlineMs;
    while (this.#link.now < until) {
      const reply = await this.#reply(name, payload);
      if (!reply.ok) return reply;
      if (reply.value[0] !== "again") return answerOf(reply.value, read);
    }
    return unavailable("too many rooms of this kind are gone");
  }

  /** One script: its values as `read` reads them, its code as a refusal. */
  async #ask<Value, Code extends DirectoryCode = never>(
    name: ScriptName,
    payload: object,
    read: (values: readonly string[]) => Value,
  ): Promise<Answer<Value, Code>> {
    const reply = await this.#reply(name, payload);
    return reply.ok ? answerOf(reply.value, read) : reply;
  }

  #reply(name: ScriptName, payload: object): Promise<Answer<readonly string[]>> {
    const { leaseMs, holdMs, claimMs, recordMs, changesKept } = this.#options;
    const times = { lease: leaseMs, hold: holdMs, claim: claimMs, record: recordMs, kept: changesKept };
    return this.#link.ask(name, { ...payload, ...times });
  }
}

function answerOf<Value, Code extends DirectoryCode>(
  [code, ...values]: readonly string[],
  read: (values: readonly string[]) => Value,
): Answer<Value, Code> {
  return code === "ok" ? value(read(values)) : refusal(code as Code);
}

const owner = ({ node, epoch }: NodeIncarnation): object => ({ node, nodeEpoch: epoch });

const roomOf = ([room = ""]: readonly string[]): RoomRecord => readRoom(room);
