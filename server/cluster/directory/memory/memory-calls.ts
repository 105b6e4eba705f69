import { type Answer, refusal, value } from "../answer.ts";
import type { ChangePage, ChangePosition } from "../change.ts";
import type { Directory, NodeReport } from "../directory.ts";
import { REMADE_MS } from "../directory-options.ts";
import { idle, type NodeIncarnation, type NodeRegistration } from "../node-record.ts";
import { filterOf, tagsOf } from "../room-index.ts";
import type {
  NewRoom,
  PlacedRoom,
  RoomChanges,
  RoomKey,
  RoomPage,
  RoomQuery,
  RoomRecord,
} from "../room-record.ts";
import { latestChanges } from "./latest-changes.ts";
import type { KeptNode, KeptRoom, MemoryState } from "./memory-state.ts";

type Placing = Parameters<Directory["placeRoom"]>[0];
type Unwritten = "lease-lost" | "stale-owner" | "no-such-room";

/** What a search asks besides the room: none is made where one is found. */
export interface Seeking {
  readonly hold: string;
  readonly except: readonly string[];
}

/** What the scripts do in Redis, on a {@link MemoryState}. */
export class MemoryCalls {
  readonly #state: MemoryState;

  constructor(state: MemoryState) {
    this.#state = state;
  }

  registerNode({ formerEpoch, ...node }: NodeRegistration): number {
    this.#state.buryTheDead();
    return this.#state.addNode({ ...node, load: idle, draining: false }, formerEpoch).epoch;
  }

  renewNode(
    lease: NodeIncarnation,
    { load, pressure, draining = false }: NodeReport,
  ): Answer<undefined, "lease-lost"> {
    const state = this.#state;
    state.buryTheDead();
    const node = state.alive(lease);
    if (node === undefined) return refusal("lease-lost");
    const begins = draining && !node.record.draining;
    node.record = { ...node.record, load, draining: draining || node.record.draining };
    node.leaseUntil = state.now + state.options.leaseMs;
    node.pressure = pressure;
    if (begins) state.changes.add({ kind: "node-changed", id: lease.node });
    for (const id of state.ownedBy(lease)) {
      const room = state.room(id);
      if (room !== undefined && room.record.state !== "creating")
        room.keptUntil = state.now + state.options.recordMs;
    }
    return value(undefined);
  }

  releaseNode(lease: NodeIncarnation): undefined {
    const node = this.#state.alive(lease);
    if (node !== undefined) this.#state.bury(node);
    return undefined;
  }

  nodes(): readonly KeptNode["record"][] {
    this.#state.buryTheDead();
    return [...this.#state.nodes.values()].map(({ record }) => record).sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  place(room: Placing, seeking: Seeking | undefined): Answer<PlacedRoom, "no-node" | "room-exists"> {
    const state = this.#state;
    state.buryTheDead();
    const filter = filterOf(room.options);
    const found = seeking && this.#seat(room, filter, seeking);
    if (found !== undefined) return value(found);
    if (state.room(room.id) !== undefined) return refusal("room-exists");
    const node = this.#leastBusy(room);
    if (node === undefined) return refusal("no-node");
    node.pressure += 1 / node.record.maxRooms;
    const { id, game, build, options, maxSeats, metadata = {}, listed = true } = room;
    const record = state.save({
      ...{ id, game, build, options, metadata, listed, maxSeats },
      ...{ locked: false, seats: 0, timeline: 0, state: "creating", createdAt: state.now },
      owner: { node: node.record.id, epoch: node.record.epoch },
      epoch: state.epochAfter(),
    });
    if (seeking !== undefined) this.#hold(record.id, seeking.hold);
    return value({ outcome: "create", room: record, node: node.record });
  }

  createRoom(
    lease: NodeIncarnation,
    { formerEpoch, ...room }: NewRoom,
  ): Answer<RoomRecord, "lease-lost" | "room-exists"> {
    const state = this.#state;
    if (state.alive(lease) === undefined) return refusal("lease-lost");
    const kept = state.room(room.id);
    const before = kept?.record;
    if (before !== undefined && owns(lease, before)) return value(before);
    if (kept !== undefined) {
      const isLater = formerEpoch !== undefined && formerEpoch > kept.formerEpoch;
      if (!isLater || state.now - kept.record.createdAt >= REMADE_MS) return refusal("room-exists");
    }
    const { id, game, build, options, maxSeats, metadata = {}, listed = true } = room;
    const { locked = false, seats = 0, timeline = 0 } = room;
    return value(
      state.save(
        {
          ...{ id, game, build, options, metadata, listed, locked, seats, maxSeats, timeline },
          ...{ state: "open", createdAt: before?.createdAt ?? state.now, owner: named(lease) },
          epoch: state.epochAfter(before?.epoch, formerEpoch),
        },
        formerEpoch,
      ),
    );
  }

  updateRoom(
    lease: NodeIncarnation,
    key: RoomKey,
    { settled = [], ...changes }: RoomChanges,
  ): Answer<RoomRecord, Unwritten> {
    const written = this.#written(lease, key);
    if (!written.ok) return written;
    for (const hold of settled) written.value.holds.delete(hold);
    return value(this.#state.save({ ...written.value.record, ...given(changes) }));
  }

  removeRoom(lease: NodeIncarnation, key: RoomKey): Answer<undefined, "lease-lost" | "stale-owner"> {
    const written = this.#written(lease, key);
    if (written.ok) this.#state.drop(written.value);
    else if (written.code !== "no-such-room") return { ...written, code: written.code };
    return value(undefined);
  }

  transferRoom(
    lease: NodeIncarnation,
    key: RoomKey,
    to: NodeIncarnation,
  ): Answer<RoomRecord, Unwritten | "no-node"> {
    const written = this.#written(lease, key);
    if (!written.ok) {
      const room = this.#state.room(key.id);
      const arrived =
        written.code === "stale-owner" && room?.formerEpoch === key.epoch && owns(to, room.record);
      return arrived ? value(room.record) : written;
    }
    const { record } = written.value;
    const node = this.#state.alive(to)?.record;
    if (node === undefined || node.draining || !serves(node.games, record)) return refusal("no-node");
    const epoch = this.#state.epochAfter(record.epoch);
    return value(this.#state.save({ ...record, owner: named(to), epoch, state: "restoring" }, record.epoch));
  }

  room(id: string): Answer<{ room: RoomRecord; node: KeptNode["record"] | undefined }, "no-such-room"> {
    const room = this.#state.room(id)?.record;
    if (room === undefined) return refusal("no-such-room");
    return value({ room, node: this.#state.alive(room.owner)?.record });
  }

  rooms(query: RoomQuery, limit: number): RoomPage {
    const filter = "options" in query ? filterOf(query.options) : undefined;
    const tags = tagsOf(query.metadata ?? {});
    const fits = (kept: KeptRoom): boolean => {
      const { record } = kept;
      const owner = this.#state.alive(record.owner)?.record;
      if (record.game !== query.game || !record.listed || record.state === "creating" || owner === undefined)
        return false;
      if (filter !== undefined && kept.filter !== filter) return false;
      if (!tags.every((tag) => kept.tags.includes(tag))) return false;
      const { state, locked, seats, maxSeats } = record;
      return !query.joinable || (state === "open" && !locked && seats < maxSeats && !owner.draining);
    };
    const ids = [...this.#state.rooms.keys()]
      .filter((id) => query.after === undefined || id > query.after)
      .sort();
    const found: RoomRecord[] = [];
    for (const [at, id] of ids.entries()) {
      const kept = this.#state.room(id);
      if (kept !== undefined && fits(kept)) found.push(kept.record);
      if (found.length === limit) return { rooms: found, next: at + 1 < ids.length ? id : undefined };
    }
    return { rooms: found, next: undefined };
  }

  orphans(limit: number): readonly RoomRecord[] {
    this.#state.buryTheDead();
    const orphans = this.#state.orphans();
    for (const room of orphans) if (room.record.state === "creating") this.#state.drop(room);
    return orphans
      .map(({ record }) => record)
      .filter(({ state }) => state !== "creating")
      .slice(0, limit);
  }

  claimRoom(
    lease: NodeIncarnation,
    key: RoomKey,
  ): Answer<RoomRecord, "lease-lost" | "room-taken" | "no-such-room"> {
    const state = this.#state;
    state.buryTheDead();
    if (state.alive(lease) === undefined) return refusal("lease-lost");
    const kept = state.room(key.id);
    if (kept === undefined) return refusal("no-such-room");
    const { record } = kept;
    if (owns(lease, record) && kept.formerEpoch === key.epoch) return value(record);
    if (record.epoch !== key.epoch || state.alive(record.owner) !== undefined) return refusal("room-taken");
    if (record.state === "creating") {
      state.drop(kept);
      return refusal("no-such-room");
    }
    const epoch = state.epochAfter(record.epoch);
    const timeline = record.timeline + 1;
    return value(
      state.save({ ...record, owner: named(lease), epoch, timeline, state: "restoring" }, record.epoch),
    );
  }

  changes(since: ChangePosition | undefined): ChangePage {
    const state = this.#state;
    state.buryTheDead();
    const { birth, sequence } = state.changes;
    const logged = since?.birth === birth ? state.changes.since(since.sequence) : undefined;
    const position = { birth, sequence };
    return { gap: logged === undefined, changes: latestChanges(state, logged ?? []), position };
  }

  #seat(room: Placing, filter: string, { hold, except }: Seeking): PlacedRoom | undefined {
    let fullest: { readonly kept: KeptRoom; readonly node: KeptNode; readonly taken: number } | undefined;
    for (const kept of this.#state.bucket(room, filter)) {
      const { id, listed, locked, state, seats, maxSeats, owner } = kept.record;
      const node = this.#state.alive(owner);
      if (node === undefined || node.record.draining || except.includes(id)) continue;
      const taken = seats + this.#state.heldSeats(kept);
      if (!listed || locked || state === "restoring" || taken >= maxSeats) continue;
      if (fullest === undefined || taken > fullest.taken) fullest = { kept, node, taken };
    }
    if (fullest === undefined) return undefined;
    const { record } = fullest.kept;
    this.#hold(record.id, hold);
    return { outcome: "found", room: record, node: fullest.node.record };
  }

  #hold(id: string, hold: string): void {
    this.#state.rooms.get(id)?.holds.set(hold, this.#state.now + this.#state.options.holdMs);
  }

  #leastBusy(room: Placing): KeptNode | undefined {
    return [...this.#state.nodes.values()]
      .filter(({ record }) => !record.draining && serves(record.games, room))
      .filter(
        ({ record: { id, epoch, maxRooms } }) => this.#state.ownedBy({ node: id, epoch }).length < maxRooms,
      )
      .sort((a, b) => a.pressure - b.pressure || (a.record.id < b.record.id ? -1 : 1))[0];
  }

  #written(lease: NodeIncarnation, { id, epoch }: RoomKey): Answer<KeptRoom, Unwritten> {
    if (this.#state.alive(lease) === undefined) return refusal("lease-lost");
    const kept = this.#state.room(id);
    if (kept === undefined) return refusal("no-such-room");
    return owns(lease, kept.record) && kept.record.epoch === epoch ? value(kept) : refusal("stale-owner");
  }
}

const named = ({ node, epoch }: NodeIncarnation): NodeIncarnation => ({ node, epoch });

const owns = ({ node, epoch }: NodeIncarnation, { owner }: RoomRecord): boolean =>
  owner.node === node && owner.epoch === epoch;

const serves = (games: KeptNode["record"]["games"], { game, build }: Placing | RoomRecord): boolean =>
  games.some((served) => served.game === game && served.build === build);

/** Without what is left out: that is no change to `undefined`. */
function given<Changes extends object>(changes: Changes): Changes {
  return Object.fromEntries(Object.entries(changes).filter(([, entry]) => entry !== undefined)) as Changes;
}
