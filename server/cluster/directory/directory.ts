import type { Release } from "../../../shared/tick/clock.ts";
import type { Answer } from "./answer.ts";
import type { DirectoryChange } from "./change.ts";
import type { DirectoryHealth } from "./health.ts";
import type { NodeIncarnation, NodeLease, NodeLoad, NodeRecord, NodeRegistration } from "./node-record.ts";
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
} from "./room-record.ts";

/** What {@link Directory.renewNode} tells besides that the node lives. */
export interface NodeReport {
  readonly load: NodeLoad;
  /** How busy the node is in all, as `pressureOf` tells: 0 is idle, 1 is full. The least busy one makes the next room. */
  readonly pressure: number;
  /** From now on no new rooms and players; there is no way back within the epoch. */
  readonly draining?: boolean;
}

/**
 * Which nodes there are, which rooms, and who owns them. No tick ever waits for it, and no player's data is in it.
 *
 * - Every method is atomic: of calls at the same time one comes before the other, whole.
 * - Every promise is settled within the handle's deadline, with a value; nothing rejects but for our own misuse (a
 *   RangeError that names what is allowed).
 * - A room has one owner: one incarnation of a node, whose lease lives. Writes by anyone else are refused, and by an
 *   incarnation whose lease is over, too, even where nobody took its place yet.
 * - Epochs only rise, for a node and for a room: the next is the highest of the stored one plus one, `formerEpoch`
 *   plus one, and the directory's clock in milliseconds. A directory that lost everything therefore hands out higher
 *   ones than before as long as its clock was not set back, and, where it was, to those who name their former epoch.
 *
 * One contract suite (`directory.contract.ts`) holds every implementation to this.
 */
export interface Directory {
  readonly health: DirectoryHealth;
  onHealth(listener: (health: DirectoryHealth) => void): Release;

  /** Begins a new epoch of the node, for `leaseMs`. An incarnation before it has lost its lease; its rooms are orphans. */
  registerNode(node: NodeRegistration): Promise<Answer<NodeLease>>;
  /** Another `leaseMs`, and how busy the node is. Often enough: three times within a lease. */
  renewNode(lease: NodeIncarnation, report: NodeReport): Promise<Answer<NodeLease, "lease-lost">>;
  /** Ends a lease before its time; rooms that are still the node's are orphans. A lease that is over is `ok`. */
  releaseNode(lease: NodeIncarnation): Promise<Answer<undefined>>;
  /** The nodes whose lease lives, by id. */
  nodes(): Promise<Answer<readonly NodeRecord[]>>;

  /**
   * Finds a seat: in the fullest listed room of this game, build and options that has one and whose owner lives and is
   * not draining. Else claims the creation of one on the least busy node. Either way a seat is held for `holdMs`: as
   * many calls at once as a room has seats lead to one room, and one more to the next.
   */
  findOrCreate(search: RoomSearch): Promise<Answer<PlacedRoom, "no-node" | "room-exists">>;
  /** Claims the creation of a room in any case, on the least busy node, and holds no seat. */
  placeRoom(
    room: Pick<RoomRecord, "game" | "build" | "options"> & RoomPlan,
  ): Promise<Answer<PlacedRoom, "no-node" | "room-exists">>;

  /**
   * Makes an open room known. One that is this incarnation's own already is answered as it is. Where two make a room
   * known again behind a loss of everything, within `REMADE_MS` the higher `formerEpoch` has it: its owner was the later.
   */
  createRoom(
    lease: NodeIncarnation,
    room: NewRoom,
  ): Promise<Answer<RoomRecord, "lease-lost" | "room-exists">>;
  /** Changes what the owner says of its room; a claim's room becomes `open` by it. */
  updateRoom(
    lease: NodeIncarnation,
    room: RoomKey,
    changes: RoomChanges,
  ): Promise<Answer<RoomRecord, "lease-lost" | "stale-owner" | "no-such-room">>;
  /** Forgets a room. One that is not there is `ok`. */
  removeRoom(lease: NodeIncarnation, room: RoomKey): Promise<Answer<undefined, "lease-lost" | "stale-owner">>;
  /** Gives a room to another node that serves it, under the next epoch and as `restoring`; its timeline goes on. */
  transferRoom(
    lease: NodeIncarnation,
    room: RoomKey,
    to: NodeIncarnation,
  ): Promise<Answer<RoomRecord, "lease-lost" | "stale-owner" | "no-such-room" | "no-node">>;

  room(id: string): Promise<Answer<KnownRoom, "no-such-room">>;
  /** Listed rooms whose owner lives. Reads at most 1,000 entries of the smallest index that fits. */
  rooms(query: RoomQuery): Promise<Answer<RoomPage>>;

  /** Rooms whose owner is gone, those of the longest dead first, at most `limit` (default 100, at most 1,000). */
  orphans(limit?: number): Promise<Answer<readonly RoomRecord[]>>;
  /**
   * Takes over an orphan, as seen at that epoch, under the next epoch and timeline and as `restoring`. Of any number of
   * claimants one wins; for the winner repeating the call is `ok`.
   */
  claimRoom(
    lease: NodeIncarnation,
    room: RoomKey,
  ): Promise<Answer<RoomRecord, "lease-lost" | "room-taken" | "no-such-room">>;

  /** Tells what changes; see {@link DirectoryChange}. With `game`, of rooms only those of that game. */
  watch(listener: (change: DirectoryChange) => void, only?: { readonly game: string }): Release;

  /** Ends the handle. Leases stay until their time is over; whatever is asked from now on is unavailable. */
  close(): Promise<void>;
}
