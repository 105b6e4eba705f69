import type { Clock, Release } from "../../../shared/tick/clock.ts";
import type { Bus } from "../../bus.ts";
import { UNAVAILABLE } from "../directory/answer.ts";
import type { Directory } from "../directory/directory.ts";
import { REMADE_MS } from "../directory/directory-options.ts";
import type { NodeIncarnation } from "../directory/node-record.ts";
import type { RoomRecord } from "../directory/room-record.ts";
import { type HostedRoom, newRoomOf, saidOf, stillHolds, written } from "./hosted-room.ts";
import type { NodeOptions } from "./node-options.ts";
import { RoomEntry } from "./room-entry.ts";

export interface RoomRecordsParts {
  readonly directory: Directory;
  readonly clock: Clock;
  readonly bus: Bus;
  readonly options: NodeOptions;
  readonly rooms: () => ReadonlyMap<string, HostedRoom>;
  /** Whether the store knows of a life of the room behind the one that runs here. */
  readonly hasLaterLife: (room: HostedRoom) => Promise<boolean>;
  /** The directory said so while it was asked about a room. */
  readonly onLeaseLost: (lease: NodeIncarnation) => void;
}

/** Why a room is not this node's any more, or, with `later-life`, not as it is here. */
export type DisownReason = "stale-owner" | "room-taken" | "room-exists" | "later-life";

/** How far this node's clock and the directory's may run apart meanwhile. */
const CLOCKS_APART_MS = 50;

/** The most holds that one write may settle. */
const MOST_SETTLED = 1_000;

/**
 * Keeps the directory's records of this node's rooms: a bus subscriber for rooms that come and go, and a look every `syncMs`
 * at what else is said of them. No tick waits for it. What is not answered is asked again; what is answered twice is as
 * good as once.
 *
 * A room that turns out to be another node's is stopped: its players are told `room-moved`.
 */
export class RoomRecords {
  readonly #parts: RoomRecordsParts;
  readonly #entries = new Map<string, RoomEntry>();
  readonly #releases: readonly Release[];
  /** The incarnation that writes. Absent while there is none. */
  #lease: NodeIncarnation | undefined;
  #lastEpoch: number | undefined;
  #next: Release | undefined;
  #underWay = 0;
  #whenEmpty: (() => void) | undefined;
  #isReleased = false;

  constructor(parts: RoomRecordsParts) {
    this.#parts = parts;
    this.#releases = [
      parts.bus.on("roomCreated", ({ room }) => this.#opened(room.id)),
      parts.bus.on("roomClosed", ({ room }) => this.#closed(room.id)),
    ];
    for (const id of parts.rooms().keys()) this.#opened(id);
  }

  /** The epoch at which a room is this incarnation's; `undefined` where it is not, as far as is known here. */
  epochOf(roomId: string): number | undefined {
    const record = this.#entries.get(roomId)?.record;
    return record?.state === "known" ? record.epoch : undefined;
  }

  /**
   * Whether nobody else can own the room: it is this incarnation's, and where it was made known again behind a loss of
   * everything, the directory has said so again since nobody who owned it later can take it.
   */
  isSettled(roomId: string): boolean {
    const entry = this.#entries.get(roomId);
    return entry?.record.state === "known" && entry.remadeAt === undefined;
  }

  /** The node holds a lease, from now on or again: what it hosts is made known, or claimed again. */
  begin(lease: NodeIncarnation): void {
    const isNew = this.#lastEpoch !== lease.epoch;
    this.#lease = lease;
    this.#lastEpoch = lease.epoch;
    if (isNew) for (const entry of this.#entries.values()) this.#orphan(entry);
    this.#soon();
  }

  /** The lease is over, or nobody knows: nothing is asked until the next one. */
  pause(): void {
    this.#lease = undefined;
    this.#next?.();
    this.#next = undefined;
  }

  /** A room that the directory has given to this node (a claim, a transfer), before it opens here. */
  adopt({ id, epoch }: Pick<RoomRecord, "id" | "epoch">): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) this.#entries.set(id, new RoomEntry(id, known(epoch)));
    else if (entry.record.state !== "closed") entry.become(known(epoch));
    this.#parts.bus.emit("roomOwned", { room: id, epoch });
    this.#soon();
  }

  /** A room whose record is somebody else's by now, or stays for somebody: nothing more is said of it. */
  leaveBehind(roomId: string): void {
    this.#entries.delete(roomId);
    this.#tellIfEmpty();
  }

  /** A seat was kept here for a hold of the directory, or will not be: it counts no more. */
  settle(roomId: string, hold: string): void {
    this.#entries.get(roomId)?.settled.push(hold);
    this.#soon();
  }

  /** Resolves when no room of this node is left in the directory, as far as it answers. */
  emptied(): Promise<void> {
    return new Promise((resolve) => {
      this.#whenEmpty = resolve;
      this.#tellIfEmpty();
    });
  }

  release(): void {
    this.#isReleased = true;
    this.pause();
    for (const release of this.#releases) release();
  }

  #opened(id: string): void {
    const room = this.#parts.rooms().get(id);
    if (room === undefined) return;
    const entry = this.#entries.get(id) ?? new RoomEntry(id, { state: "unknown", formerEpoch: undefined });
    entry.now = { life: "open", room };
    this.#entries.set(id, entry);
    this.#soon();
  }

  #closed(id: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    entry.now = { life: "over" };
    const { record } = entry;
    if (record.state === "known") entry.become({ state: "closed", epoch: record.epoch });
    // What is under way may make it known; its answer sees to the rest.
    else if (record.state === "unknown" && !entry.asking) this.#entries.delete(id);
    this.#soon();
    this.#tellIfEmpty();
  }

  #orphan(entry: RoomEntry): void {
    const { record } = entry;
    // One that has closed is claimed, too: nobody else is to bring it back.
    if (record.state === "known" || record.state === "closed")
      entry.become({ state: "orphaned", epoch: record.epoch });
  }

  #soon(): void {
    this.#look(0);
  }

  #look(delayMs: number): void {
    if (this.#lease === undefined) return;
    this.#next?.();
    this.#next = this.#parts.clock.after(delayMs, () => {
      this.#next = undefined;
      this.#sync();
      this.#look(this.#parts.options.syncMs);
    });
  }

  #sync(): void {
    const { writesAtOnce } = this.#parts.options;
    for (const entry of this.#entries.values()) {
      if (this.#underWay >= writesAtOnce) return;
      if (!entry.asking && (needsWord(entry) || this.#mayConfirm(entry))) void this.#ask(entry);
    }
  }

  /** A room that was made known again, once whoever owned it later cannot take it any more. */
  #mayConfirm({ record, remadeAt }: RoomEntry): boolean {
    if (record.state !== "known" || remadeAt === undefined) return false;
    return this.#parts.clock.now() >= remadeAt + REMADE_MS + CLOCKS_APART_MS;
  }

  async #ask(entry: RoomEntry): Promise<void> {
    const lease = this.#lease;
    if (lease === undefined) return;
    const before = entry.record;
    entry.asking = true;
    this.#underWay += 1;
    try {
      await this.#tell(entry, lease);
    } catch (error) {
      // A record that cannot be written is a fault of ours; the room plays on.
      this.#parts.bus.emit("transportFailed", { where: "cluster", error });
    } finally {
      entry.asking = false;
      this.#underWay -= 1;
    }
    if (entry.now.life === "over" && entry.record.state === "unknown") this.#entries.delete(entry.id);
    this.#tellIfEmpty();
    // At once what follows from an answer, and who waited for it; what was not answered waits for the next look.
    if (entry.record !== before || this.#entries.get(entry.id) !== entry) this.#soon();
  }

  #tell(entry: RoomEntry, lease: NodeIncarnation): Promise<void> {
    const { record } = entry;
    switch (record.state) {
      case "unknown":
        return this.#create(entry, lease, record.formerEpoch);
      case "orphaned":
        return this.#claim(entry, lease, record.epoch);
      case "known":
        return this.#update(entry, lease, record.epoch);
      case "closed":
        return this.#remove(entry, lease, record.epoch);
    }
  }

  async #create(entry: RoomEntry, lease: NodeIncarnation, formerEpoch: number | undefined): Promise<void> {
    const { room } = entry;
    if (room === undefined) return;
    const { directory } = this.#parts;
    const answer = await directory.createRoom(lease, {
      ...newRoomOf(room),
      ...(formerEpoch !== undefined && { formerEpoch }),
    });
    if (answer.ok) this.#isMade(entry, lease, answer.value, formerEpoch);
    else if (answer.code === "lease-lost") this.#parts.onLeaseLost(lease);
    else if (answer.code === "room-exists") {
      // A room that outlived its process has a record of that life.
      const found = await directory.room(entry.id);
      if (found.ok && found.value.node === undefined) await this.#claim(entry, lease, found.value.room.epoch);
      else if (found.ok) this.#disown(entry, "room-exists");
    }
  }

  async #claim(entry: RoomEntry, lease: NodeIncarnation, epoch: number): Promise<void> {
    const answer = await this.#parts.directory.claimRoom(lease, { id: entry.id, epoch });
    if (answer.ok) this.#isOurs(entry, lease, answer.value);
    else if (answer.code === "lease-lost") this.#parts.onLeaseLost(lease);
    else if (answer.code === "room-taken") await this.#contest(entry, lease, epoch);
    else if (answer.code === "no-such-room" && this.#isOf(lease))
      entry.become({ state: "unknown", formerEpoch: epoch });
  }

  /** Another has the room. Where that is an earlier owner who made it known behind a loss of everything, it gives way. */
  async #contest(entry: RoomEntry, lease: NodeIncarnation, formerEpoch: number): Promise<void> {
    const { room } = entry;
    if (room === undefined) return this.#disown(entry, "room-taken");
    const answer = await this.#parts.directory.createRoom(lease, { ...newRoomOf(room), formerEpoch });
    if (answer.ok) this.#isMade(entry, lease, answer.value, formerEpoch);
    else if (answer.code === "lease-lost") this.#parts.onLeaseLost(lease);
    else if (answer.code === "room-exists") this.#disown(entry, "room-taken");
  }

  async #update(entry: RoomEntry, lease: NodeIncarnation, epoch: number): Promise<void> {
    const { room } = entry;
    if (room === undefined) return;
    const said = saidOf(room);
    const confirms = this.#mayConfirm(entry);
    const settled = entry.settled.splice(0, MOST_SETTLED);
    const key = { id: entry.id, epoch };
    const changes = { ...written(said), maxSeats: room.maxPlayers, state: "open" as const, settled };
    const answer = await this.#parts.directory.updateRoom(lease, key, changes);
    if (!answer.ok) entry.settled.unshift(...settled);
    if (answer.ok) {
      if (!this.#isStill(entry, epoch)) return;
      entry.become({ state: "known", epoch, said });
      if (confirms) await this.#settle(entry, room, lease, epoch);
    } else if (answer.code === "lease-lost") this.#parts.onLeaseLost(lease);
    else if (answer.code === "stale-owner") this.#disown(entry, "stale-owner");
    else if (answer.code === "no-such-room" && this.#isStill(entry, epoch))
      entry.become({ state: "unknown", formerEpoch: epoch });
  }

  /**
   * A room that was made known again is this node's for certain. Where it had a later owner, who is gone, it goes on from
   * what that one saved: it stops here, and is opened anew as one that this node was given.
   */
  async #settle(entry: RoomEntry, room: HostedRoom, lease: NodeIncarnation, epoch: number): Promise<void> {
    const { directory, clock, options } = this.#parts;
    const isOutdated = await this.#parts.hasLaterLife(room);
    if (!this.#isStill(entry, epoch)) return;
    entry.remadeAt = undefined;
    if (!isOutdated) return;
    this.#disown(entry, "later-life");
    // With the lease it becomes an orphan, which somebody claims.
    while (this.#isOf(lease) && !this.#isReleased) {
      const answer = await directory.transferRoom(lease, { id: entry.id, epoch }, lease);
      if (answer.ok || answer.code !== UNAVAILABLE) return;
      await new Promise<void>((resolve) => clock.after(options.retryMs, resolve));
    }
  }

  async #remove(entry: RoomEntry, lease: NodeIncarnation, epoch: number): Promise<void> {
    const answer = await this.#parts.directory.removeRoom(lease, { id: entry.id, epoch });
    if (!answer.ok && answer.code === UNAVAILABLE) return;
    this.#entries.delete(entry.id);
    if (!answer.ok && answer.code === "lease-lost") this.#parts.onLeaseLost(lease);
  }

  /** @param formerEpoch where the room was made known again */
  #isMade(
    entry: RoomEntry,
    lease: NodeIncarnation,
    record: RoomRecord,
    formerEpoch: number | undefined,
  ): void {
    entry.remadeAt = formerEpoch === undefined ? undefined : this.#parts.clock.now();
    this.#isOurs(entry, lease, record);
  }

  /** The directory has it as this incarnation's; what it says of it is told next. */
  #isOurs(entry: RoomEntry, lease: NodeIncarnation, { epoch }: RoomRecord): void {
    if (this.#entries.get(entry.id) !== entry) return;
    // A newer incarnation has to claim what an older one was given.
    if (!this.#isOf(lease)) {
      entry.become({ state: "orphaned", epoch });
      return;
    }
    entry.become(known(epoch));
    this.#parts.bus.emit("roomOwned", { room: entry.id, epoch });
    if (entry.now.life === "over") entry.become({ state: "closed", epoch });
  }

  /** Whether nothing but this incarnation has written since. */
  #isOf(lease: NodeIncarnation): boolean {
    return this.#lastEpoch === lease.epoch;
  }

  #isStill({ record }: RoomEntry, epoch: number): boolean {
    return record.state === "known" && record.epoch === epoch;
  }

  #disown(entry: RoomEntry, reason: DisownReason): void {
    this.#entries.delete(entry.id);
    const { room } = entry;
    if (room === undefined || room.closedBy !== undefined) return;
    this.#parts.bus.emit("roomDisowned", { room: room.name, reason });
    room.shutDown(reason === "later-life" ? "room-restarting" : "room-moved");
  }

  #tellIfEmpty(): void {
    if (this.#entries.size > 0 || this.#underWay > 0) return;
    this.#whenEmpty?.();
    this.#whenEmpty = undefined;
  }
}

const known = (epoch: number) => ({ state: "known", epoch, said: undefined }) as const;

/** Whether the directory is to be told something. */
function needsWord({ record, room, settled }: RoomEntry): boolean {
  switch (record.state) {
    case "unknown":
      return room !== undefined;
    case "orphaned":
    case "closed":
      return true;
    case "known":
      if (room === undefined) return false;
      return settled.length > 0 || record.said === undefined || !stillHolds(record.said, room);
  }
}
