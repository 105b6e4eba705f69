import type { Clock } from "../../../../shared/tick/clock.ts";
import type { DirectoryOptions } from "../directory-options.ts";
import type { NodeIncarnation, NodeRecord, ServedGame } from "../node-record.ts";
import { filterOf, tagsOf } from "../room-index.ts";
import type { RoomRecord } from "../room-record.ts";
import { ChangeLog } from "./change-log.ts";

/** A room as it is kept: with its places in indexes, the holds on its seats, and what a claim's repetition asks. */
export interface KeptRoom {
  readonly record: RoomRecord;
  readonly filter: string;
  readonly tags: readonly string[];
  /** When each hold ends. */
  readonly holds: Map<string, number>;
  /** The epoch before the last change of owner. */
  readonly formerEpoch: number;
  /** When it is forgotten unless its owner looks after it; of a claim, when that is over. */
  keptUntil: number;
}

export interface KeptNode {
  record: NodeRecord;
  leaseUntil: number;
  pressure: number;
}

/** An incarnation whose lease is over, since when. */
interface Dead extends NodeIncarnation {
  readonly since: number;
}

/** All that a directory in memory knows. Every method leaves it whole, so a call is as atomic as a script in Redis. */
export class MemoryState {
  readonly options: DirectoryOptions;
  readonly changes: ChangeLog;
  readonly nodes = new Map<string, KeptNode>();
  readonly rooms = new Map<string, KeptRoom>();
  /** Epochs of nodes whose lease is over, so that the next is higher. */
  readonly #epochs = new Map<string, number>();
  readonly #buckets = new Map<string, Set<string>>();
  readonly #owned = new Map<string, Set<string>>();
  readonly #dead = new Map<string, Dead>();
  readonly #clock: Clock;

  constructor(clock: Clock, options: DirectoryOptions, birth: string) {
    this.#clock = clock;
    this.options = options;
    this.changes = new ChangeLog(birth, options.changesKept);
  }

  get now(): number {
    return Math.floor(this.#clock.now());
  }

  epochAfter(stored = 0, former = 0): number {
    return Math.max(stored + 1, former + 1, this.now);
  }

  /** The node, where this incarnation of it holds a lease. */
  alive({ node, epoch }: NodeIncarnation): KeptNode | undefined {
    const kept = this.nodes.get(node);
    return kept?.record.epoch === epoch && kept.leaseUntil > this.now ? kept : undefined;
  }

  addNode(node: Omit<NodeRecord, "epoch">, formerEpoch: number | undefined): NodeRecord {
    const before = this.nodes.get(node.id);
    if (before !== undefined) this.bury(before);
    const record = { ...node, epoch: this.epochAfter(this.#epochs.get(node.id), formerEpoch) };
    this.#epochs.set(node.id, record.epoch);
    this.nodes.set(node.id, { record, leaseUntil: this.now + this.options.leaseMs, pressure: 0 });
    this.changes.add({ kind: "node-up", id: node.id });
    return record;
  }

  bury({ record: { id, epoch } }: KeptNode): void {
    this.nodes.delete(id);
    const name = nameOf({ node: id, epoch });
    if (this.#owned.has(name)) this.#dead.set(name, { node: id, epoch, since: this.now });
    this.changes.add({ kind: "node-down", id, epoch });
  }

  /** Leases end by time; whoever comes by sees to it, and forgets what nobody has looked after. */
  buryTheDead(): void {
    const { now } = this;
    for (const node of [...this.nodes.values()]) if (node.leaseUntil <= now) this.bury(node);
    for (const { node, epoch, since } of [...this.#dead.values()])
      if (since + this.options.recordMs <= now)
        for (const id of this.ownedBy({ node, epoch })) this.#forget(id);
  }

  room(id: string): KeptRoom | undefined {
    const kept = this.rooms.get(id);
    if (kept === undefined || kept.keptUntil > this.now) return kept;
    this.#forget(id);
    return undefined;
  }

  /** Writes a room and its places; those who watch are told, if they may know of it. */
  save(record: RoomRecord, formerEpoch?: number): RoomRecord {
    const before = this.rooms.get(record.id);
    const { claimMs, recordMs } = this.options;
    const isClaim = record.state === "creating";
    if (before !== undefined) this.#leave(before.record, before.filter);
    const filter = before?.filter ?? filterOf(record.options);
    this.rooms.set(record.id, {
      record,
      filter,
      tags: tagsOf(record.metadata),
      holds: before?.holds ?? new Map(),
      formerEpoch: formerEpoch ?? before?.formerEpoch ?? 0,
      // A claim's time is not prolonged by what is written meanwhile.
      keptUntil:
        isClaim && before !== undefined ? before.keptUntil : this.now + (isClaim ? claimMs : recordMs),
    });
    enter(this.#buckets, bucketOf(record, filter), record.id);
    enter(this.#owned, nameOf(record.owner), record.id);
    if (!isClaim) {
      const isNew = before === undefined || before.record.state === "creating";
      this.changes.add({ kind: isNew ? "room-added" : "room-changed", id: record.id });
    }
    return record;
  }

  drop({ record }: KeptRoom): void {
    this.#forget(record.id);
    if (record.state !== "creating")
      this.changes.add({ kind: "room-removed", id: record.id, game: record.game });
  }

  /** Rooms of one game, build and options, whatever their state. */
  bucket(room: ServedGame, filter: string): readonly KeptRoom[] {
    return this.#kept(this.#buckets.get(bucketOf(room, filter)));
  }

  ownedBy(owner: NodeIncarnation): readonly string[] {
    return [...(this.#owned.get(nameOf(owner)) ?? [])];
  }

  /** Rooms of the dead, the longest dead first. */
  orphans(): readonly KeptRoom[] {
    return [...this.#dead.keys()].flatMap((name) => this.#kept(this.#owned.get(name)));
  }

  heldSeats({ holds }: KeptRoom): number {
    const { now } = this;
    for (const [hold, until] of holds) if (until <= now) holds.delete(hold);
    return holds.size;
  }

  #kept(ids: ReadonlySet<string> = new Set()): KeptRoom[] {
    return [...ids].map((id) => this.room(id)).filter((room) => room !== undefined);
  }

  #forget(id: string): void {
    const kept = this.rooms.get(id);
    if (kept === undefined) return;
    this.rooms.delete(id);
    this.#leave(kept.record, kept.filter);
  }

  #leave(record: RoomRecord, filter: string): void {
    leave(this.#buckets, bucketOf(record, filter), record.id);
    const owner = nameOf(record.owner);
    if (leave(this.#owned, owner, record.id) === "empty") this.#dead.delete(owner);
  }
}

const nameOf = ({ node, epoch }: NodeIncarnation): string => `${node}@${epoch}`;

const bucketOf = ({ game, build }: ServedGame, filter: string): string => `${game}:${build}:${filter}`;

function enter(index: Map<string, Set<string>>, key: string, id: string): void {
  const ids = index.get(key);
  if (ids === undefined) index.set(key, new Set([id]));
  else ids.add(id);
}

function leave(index: Map<string, Set<string>>, key: string, id: string): "empty" | "others" {
  const ids = index.get(key);
  if (ids === undefined) return "empty";
  ids.delete(id);
  if (ids.size > 0) return "others";
  index.delete(key);
  return "empty";
}
