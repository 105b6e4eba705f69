import type { CloseName } from "../../../shared/protocol/close-codes.ts";
import type { Clock, Release } from "../../../shared/tick/clock.ts";
import type { Bus } from "../../bus.ts";
import type { ClusterNode } from "../node/index.ts";

/** What a fence does with a room. */
export interface FencedRoom {
  standStill(reason: CloseName): void;
  goOn(): void;
}

export interface FenceParts {
  readonly node: ClusterNode;
  readonly clock: Clock;
  readonly bus: Bus;
  readonly rooms: () => ReadonlyMap<string, FencedRoom>;
  /** Nobody is let in meanwhile: told to try again. */
  readonly pause: (whether: boolean) => void;
  readonly marginMs: number;
}

/** How often rooms that stand still are looked at, once there is a lease again. */
const LOOK_MS = 20;

/**
 * Keeps a node from publishing what it may not own any more. Before each tick is published the end of the lease is
 * compared with the monotonic clock, which goes on while a process is paused; by `marginMs` before it rooms stand still,
 * with their players sent away to try again. They go on with the next tick when the directory says again whose they are.
 */
export class Fence {
  readonly #parts: FenceParts;
  /** Rooms that stand still. */
  readonly #standing = new Set<string>();
  readonly #unlisten: Release;
  #state: "unarmed" | "open" | "shut" | "released" = "unarmed";
  #timer: Release | undefined;

  constructor(parts: FenceParts) {
    this.#parts = parts;
    this.#unlisten = parts.node.onState(({ state }) => {
      if (state === "cut-off" || state === "replaced") this.#shut();
      else if (state === "member") this.#member();
    });
  }

  get isShut(): boolean {
    return this.#state === "shut";
  }

  /** One comparison, for every tick of every room. Before the node has joined, its rooms cannot be anybody else's. */
  readonly mayPublish = (): boolean => {
    if (this.#state === "open") return this.#parts.clock.now() < this.#endsAt;
    return this.#state === "unarmed";
  };

  release(): void {
    this.#unlisten();
    this.#timer?.();
    this.#state = "released";
  }

  get #endsAt(): number {
    return (this.#parts.node.lease?.validUntil ?? Number.NEGATIVE_INFINITY) - this.#parts.marginMs;
  }

  #member(): void {
    if (this.#state === "unarmed") {
      this.#state = "open";
      this.#watch();
    } else this.#look();
  }

  /** Shuts where there is no tick to notice it, too. */
  #watch(): void {
    const { clock } = this.#parts;
    this.#timer?.();
    this.#timer = clock.after(Math.max(0, this.#endsAt - clock.now()), () => {
      if (clock.now() < this.#endsAt) this.#watch();
      else this.#shut();
    });
  }

  #shut(): void {
    if (this.#state !== "open") return;
    this.#state = "shut";
    const { bus, rooms, pause } = this.#parts;
    pause(true);
    for (const [id, room] of rooms()) {
      this.#standing.add(id);
      room.standStill("room-restarting");
    }
    bus.emit("fenceChanged", { state: "shut", rooms: this.#standing.size });
    this.#lookLater();
  }

  #lookLater(): void {
    this.#timer?.();
    this.#timer = this.#parts.clock.after(LOOK_MS, () => this.#look());
  }

  /** Rooms go on that are this incarnation's by the directory's word; those that are not were closed, or will be. */
  #look(): void {
    if (this.#state !== "shut") return;
    const { node, clock, bus, rooms, pause } = this.#parts;
    if (clock.now() >= this.#endsAt) {
      this.#lookLater();
      return;
    }
    for (const id of [...this.#standing]) {
      const room = rooms().get(id);
      if (room !== undefined && !node.records.isSettled(id)) continue;
      this.#standing.delete(id);
      room?.goOn();
    }
    if (this.#standing.size > 0) {
      this.#lookLater();
      return;
    }
    this.#state = "open";
    pause(false);
    bus.emit("fenceChanged", { state: "open", rooms: rooms().size });
    this.#watch();
  }
}
