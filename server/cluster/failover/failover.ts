import type { Random } from "../../../shared/random/seeded-random.ts";
import type { Release } from "../../../shared/tick/clock.ts";
import type { DirectoryChange } from "../directory/change.ts";
import type { NodeIncarnation, NodeRecord } from "../directory/node-record.ts";
import type { RoomRecord } from "../directory/room-record.ts";
import type { OnDirectoryLoss } from "./failover-options.ts";
import type { ProbeOwner } from "./owner-probe.ts";
import { RoomOpener, type RoomOpenerParts } from "./room-opener.ts";
import { turnOf } from "./turn.ts";

export interface FailoverParts extends RoomOpenerParts {
  /** Spreads looks over time. */
  readonly random: Random;
  /** Whether there is a store at all. */
  readonly canRestore: boolean;
  readonly serves: (game: string, build: string) => boolean;
  /** Whether a room runs here, or stands still. */
  readonly hosts: (roomId: string) => boolean;
  /** How many rooms more may be here. */
  readonly places: () => number;
  readonly onDirectoryLoss: OnDirectoryLoss;
  readonly probe: ProbeOwner;
}

/** Seen in one look; the longest dead come first, and what is done about them makes way for the others. */
const ORPHANS_AT_ONCE = 200;
/** Addresses of incarnations that may have to be asked whether they live. */
const MOST_ADDRESSES = 1_000;
/** So late at most a node looks that has heard of a death: not all of a cluster in the same moment. */
const LOOK_WITHIN_MS = 30;

/**
 * Takes over rooms whose node is gone, and opens those that another node gives to this one.
 *
 * A room's turn goes to one of the nodes that serve it ({@link turnOf}), who claims it at once; what is still there
 * `strayMs` later anybody takes. A former owner who is back under a newer epoch has as long to claim its own rooms.
 */
export class Failover {
  readonly #parts: FailoverParts;
  readonly #opener: RoomOpener;
  readonly #releases: readonly Release[];
  /** Of incarnations, by `id@epoch`. */
  readonly #addresses = new Map<string, string>();
  /** When a room was first seen without an owner, by `id@epoch`. */
  #orphanedSince = new Map<string, number>();
  /** Rooms that this node was given while it did not know whether it still holds its lease, by id. */
  readonly #givenEarly = new Map<string, RoomRecord>();
  #notBefore = 0;
  #next: Release | undefined;
  #looking = false;
  #isReleased = false;

  constructor(parts: FailoverParts) {
    this.#parts = parts;
    this.#opener = new RoomOpener(parts);
    const { directory, node, clock, options } = parts;
    this.#releases = [
      directory.watch((change) => this.#heard(change)),
      directory.onHealth(({ state }) => {
        if (state === "available") this.#notBefore = clock.now() + options.returnMs;
      }),
      node.onState(({ state }) => {
        if (state !== "member") return;
        for (const room of [...this.#givenEarly.values()]) this.#given(room);
        this.#lookIn(0);
      }),
    ];
  }

  release(): void {
    this.#isReleased = true;
    for (const release of this.#releases) release();
    this.#next?.();
  }

  #heard(change: DirectoryChange): void {
    switch (change.kind) {
      case "resync":
        void this.#readNodes();
        this.#lookIn(this.#parts.random() * LOOK_WITHIN_MS);
        return;
      case "node-up":
      case "node-changed":
        this.#remember(change.node);
        return;
      case "node-down":
        this.#lookIn(this.#parts.random() * LOOK_WITHIN_MS);
        return;
      case "room-added":
      case "room-changed":
        this.#given(change.room);
        return;
      case "room-removed":
        this.#givenEarly.delete(change.id);
        return;
    }
  }

  /** A node that drains has given it to this one. */
  #given(room: RoomRecord): void {
    const { node, hosts } = this.#parts;
    const { lease } = node;
    this.#givenEarly.delete(room.id);
    if (room.state !== "restoring" || room.owner.node !== node.id) return;
    if (lease === undefined) this.#givenEarly.set(room.id, room);
    if (room.owner.epoch !== lease?.epoch) return;
    // What it claimed itself it opens already.
    if (!hosts(room.id) && node.records.epochOf(room.id) === undefined) void this.#opener.open(room);
  }

  #remember({ id, epoch, url }: NodeRecord): void {
    this.#addresses.set(`${id}@${epoch}`, url);
    if (this.#addresses.size <= MOST_ADDRESSES) return;
    const [oldest] = this.#addresses.keys();
    if (oldest !== undefined) this.#addresses.delete(oldest);
  }

  async #readNodes(): Promise<void> {
    const nodes = await this.#parts.directory.nodes();
    if (nodes.ok) for (const node of nodes.value) this.#remember(node);
  }

  #lookIn(delayMs: number): void {
    if (this.#isReleased || this.#looking) return;
    const { clock } = this.#parts;
    this.#next?.();
    const waitMs = Math.max(delayMs, this.#notBefore - clock.now());
    this.#next = clock.after(waitMs, () => void this.#look());
  }

  async #look(): Promise<void> {
    const { node, options, random } = this.#parts;
    this.#looking = true;
    const left = node.lease === undefined || node.isDraining ? 0 : await this.#takeOver();
    this.#looking = false;
    const everyMs = left > 0 ? options.strayMs / 2 : options.lookMs;
    this.#lookIn(everyMs * (0.75 + random() / 2));
  }

  /** @returns how many rooms are still without an owner, as far as is known */
  async #takeOver(): Promise<number> {
    const { directory, options, places } = this.#parts;
    const orphans = await directory.orphans(ORPHANS_AT_ONCE);
    if (!orphans.ok) return 0;
    this.#age(orphans.value);
    if (orphans.value.length === 0) return 0;
    const nodes = await directory.nodes();
    if (!nodes.ok) return orphans.value.length;
    const chosen = orphans.value.filter((room) => this.#isOurTurn(room, nodes.value)).slice(0, places());
    const work = async (): Promise<void> => {
      for (let room = chosen.shift(); room !== undefined; room = chosen.shift()) await this.#take(room);
    };
    await Promise.all(Array.from({ length: options.restoresAtOnce }, work));
    return orphans.value.length;
  }

  #age(orphans: readonly RoomRecord[]): void {
    const now = this.#parts.clock.now();
    const before = this.#orphanedSince;
    this.#orphanedSince = new Map(orphans.map((room) => [nameOf(room), before.get(nameOf(room)) ?? now]));
  }

  #isOurTurn(room: RoomRecord, nodes: readonly NodeRecord[]): boolean {
    const { node, clock, hosts, options, serves, canRestore } = this.#parts;
    if (hosts(room.id) || this.#opener.isOpening(room.id)) return false;
    const ageMs = clock.now() - (this.#orphanedSince.get(nameOf(room)) ?? clock.now());
    const serving = nodes.filter(
      ({ draining, games }) =>
        !draining && games.some(({ game, build }) => game === room.game && build === room.build),
    );
    // Whoever takes it finds that it cannot be restored, and has it forgotten.
    if (serving.length === 0 || !canRestore) return ageMs >= options.unservedMs;
    if (!serves(room.game, room.build)) return false;
    if (room.owner.node === node.id || ageMs >= options.strayMs) return true;
    if (nodes.some(({ id, epoch }) => id === room.owner.node && epoch > room.owner.epoch)) return false;
    return turnOf(room.id, serving)?.id === node.id;
  }

  async #take(orphan: RoomRecord): Promise<void> {
    const { node, directory } = this.#parts;
    if (await this.#isAlive(orphan.owner)) return;
    const { lease } = node;
    if (lease === undefined) return;
    const claimed = await directory.claimRoom(lease, orphan);
    if (claimed.ok) await this.#opener.open(claimed.value);
  }

  /** Under `continue` a node without the directory plays on: only it can say so. */
  async #isAlive(owner: NodeIncarnation): Promise<boolean> {
    const { node, onDirectoryLoss, options, probe } = this.#parts;
    const url = this.#addresses.get(`${owner.node}@${owner.epoch}`);
    if (onDirectoryLoss === "fence" || url === undefined || owner.node === node.id) return false;
    const answer = await probe(url, options.probeMs);
    return answer?.node === owner.node && answer.epoch >= owner.epoch;
  }
}

const nameOf = ({ id, epoch }: RoomRecord): string => `${id}@${epoch}`;
