import type { Clock, Release } from "../../../../shared/tick/clock.ts";
import { type Answer, unavailable, value } from "../answer.ts";
import type { DirectoryChange } from "../change.ts";
import { ChangeWatcher } from "../change-watcher.ts";
import type { Directory, NodeReport } from "../directory.ts";
import { type DirectoryHealth, HealthState } from "../health.ts";
import type { NodeIncarnation, NodeLease, NodeRegistration } from "../node-record.ts";
import type { NewRoom, RoomChanges, RoomKey, RoomQuery, RoomSearch } from "../room-record.ts";
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
import type { MemoryCalls } from "./memory-calls.ts";
import type { MemoryHub } from "./memory-hub.ts";

/**
 * How a handle is out of reach: `refused` fails at once, `silent` swallows what is asked, and with `answers-lost` it is
 * done and nobody hears of it; both of these fail at the deadline.
 */
export type Cut = "refused" | "silent" | "answers-lost";

type Link = "up" | Cut | "closed";

/**
 * One node's handle on a directory in this process, which a test or a simulation may cut. An answer takes a turn of the
 * clock (`soon`), so that nothing is known within the call that asks for it.
 */
export class MemoryDirectory implements Directory {
  readonly #hub: MemoryHub;
  readonly #clock: Clock;
  readonly #health = new HealthState({ state: "available" });
  readonly #watcher: ChangeWatcher;
  #link: Link = "up";

  constructor(hub: MemoryHub, clock: Clock) {
    this.#hub = hub;
    this.#clock = clock;
    this.#watcher = new ChangeWatcher(clock, hub.options.pollMs, (since) =>
      this.#read((calls) => calls.changes(since)),
    );
  }

  get health(): DirectoryHealth {
    return this.#health.current;
  }

  onHealth(listener: (health: DirectoryHealth) => void): Release {
    return this.#health.on(listener);
  }

  /** Until it is undone by the release. What is under way already is lost, too. */
  cut(how: Cut): Release {
    if (this.#link !== "closed") this.#link = how;
    return () => {
      if (this.#link === how) this.#link = "up";
      // As a connection that is made anew is noticed before anything is asked over it.
      if (this.#link === "up" && !this.#hub.stopped) this.#health.set({ state: "available" });
    };
  }

  async registerNode(node: NodeRegistration): Promise<Answer<NodeLease>> {
    validateNode(node);
    const validUntil = this.#clock.now() + this.#hub.options.leaseMs;
    return this.#ask((calls) => value({ node: node.id, epoch: calls.registerNode(node), validUntil }));
  }

  async renewNode(lease: NodeIncarnation, report: NodeReport): Promise<Answer<NodeLease, "lease-lost">> {
    validateReport(report);
    const validUntil = this.#clock.now() + this.#hub.options.leaseMs;
    return this.#ask((calls) => {
      const renewed = calls.renewNode(lease, report);
      return renewed.ok ? value({ node: lease.node, epoch: lease.epoch, validUntil }) : renewed;
    });
  }

  async releaseNode(lease: NodeIncarnation) {
    return this.#read((calls) => calls.releaseNode(lease));
  }

  async nodes() {
    return this.#read((calls) => calls.nodes());
  }

  async findOrCreate({ create, hold, except = [], ...room }: RoomSearch) {
    validateExcept(except);
    validateId("a hold", hold);
    const placing = { ...room, ...create };
    validatePlacing(placing);
    return this.#ask((calls) => calls.place(placing, { hold, except }));
  }

  async placeRoom(room: Parameters<Directory["placeRoom"]>[0]) {
    validatePlacing(room);
    return this.#ask((calls) => calls.place(room, undefined));
  }

  async createRoom(lease: NodeIncarnation, room: NewRoom) {
    validateGame(room);
    validateRoom(room);
    validateEpoch(room.formerEpoch);
    return this.#ask((calls) => calls.createRoom(lease, room));
  }

  async updateRoom(lease: NodeIncarnation, room: RoomKey, changes: RoomChanges) {
    validateRoom({ ...changes, id: room.id });
    validateSettled(changes.settled ?? []);
    return this.#ask((calls) => calls.updateRoom(lease, room, changes));
  }

  async removeRoom(lease: NodeIncarnation, room: RoomKey) {
    return this.#ask((calls) => calls.removeRoom(lease, room));
  }

  async transferRoom(lease: NodeIncarnation, room: RoomKey, to: NodeIncarnation) {
    return this.#ask((calls) => calls.transferRoom(lease, room, to));
  }

  async room(id: string) {
    validateId("a room", id);
    return this.#ask((calls) => calls.room(id));
  }

  async rooms(query: RoomQuery) {
    const limit = validatePage(query);
    return this.#read((calls) => calls.rooms(query, limit));
  }

  async orphans(limit = 100) {
    const most = validateOrphans(limit);
    return this.#read((calls) => calls.orphans(most));
  }

  async claimRoom(lease: NodeIncarnation, room: RoomKey) {
    return this.#ask((calls) => calls.claimRoom(lease, room));
  }

  watch(listener: (change: DirectoryChange) => void, only?: { readonly game: string }): Release {
    return this.#watcher.watch(listener, only);
  }

  async close(): Promise<void> {
    this.#link = "closed";
    this.#watcher.close();
    this.#health.set({ state: "closed" });
  }

  #read<Value>(call: (calls: MemoryCalls) => Value): Promise<Answer<Value>> {
    return this.#ask<Value, never>((calls) => value(call(calls)));
  }

  #ask<Value, Code extends string>(
    call: (calls: MemoryCalls) => Answer<Value, Code>,
  ): Promise<Answer<Value, Code>> {
    const { deadlineMs } = this.#hub.options;
    return new Promise((resolve) => {
      const link = this.#reach();
      if (link === "closed" || link === "refused") return resolve(this.#failed("it refuses the connection"));
      const release = this.#clock.after(deadlineMs, () =>
        resolve(this.#failed(`it has not answered within ${deadlineMs} ms`)),
      );
      this.#clock.soon(() => {
        const reached = this.#reach();
        if (reached !== "up" && reached !== "answers-lost") return;
        const answer = this.#hub.perform(call);
        if (reached !== "up") return;
        release();
        this.#health.set({ state: "available" });
        resolve(answer);
      });
    });
  }

  /** As the handle's own line and the directory are by now. */
  #reach(): Link {
    return this.#link === "up" && this.#hub.stopped ? "refused" : this.#link;
  }

  #failed(reason: string): ReturnType<typeof unavailable> {
    this.#health.set({ state: "unavailable", since: this.#clock.now(), reason });
    return unavailable(this.#link === "closed" ? "this handle was closed" : reason);
  }
}

function validatePlacing(room: Parameters<Directory["placeRoom"]>[0]): void {
  validateGame(room);
  validateRoom(room);
}
