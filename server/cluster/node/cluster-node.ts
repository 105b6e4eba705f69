import type { Clock, Release } from "../../../shared/tick/clock.ts";
import type { Bus } from "../../bus.ts";
import type { NodeIdentity } from "../../tickets/node-identity.ts";
import { UNAVAILABLE } from "../directory/answer.ts";
import type { Directory } from "../directory/directory.ts";
import type { NodeIncarnation, NodeLease, ServedGame } from "../directory/node-record.ts";
import type { HostedRoom } from "./hosted-room.ts";
import { LoadReporter } from "./load-reporter.ts";
import { type NodeOptions, nodeOptions } from "./node-options.ts";
import { type CutOffReason, incarnationOf, type NodeState, nodeTransitions } from "./node-state.ts";
import { RoomRecords } from "./room-records.ts";

export interface ClusterNodeParts {
  /** Unique in the cluster; the same after a restart, where it has a name. */
  readonly id: string;
  readonly directory: Directory;
  readonly clock: Clock;
  readonly bus: Bus;
  readonly games: readonly ServedGame[];
  readonly maxRooms: number;
  readonly maxPlayers: number;
  readonly rooms: () => ReadonlyMap<string, HostedRoom>;
  /** Whether the store knows of a life of the room behind the one that runs here. Default: of none. */
  readonly hasLaterLife?: (room: HostedRoom) => Promise<boolean>;
  /** The share of its time that the event loop was busy since this was last asked, 0 to 1. */
  readonly eventLoopUse: () => number;
  readonly options?: Partial<NodeOptions>;
}

/** A lease is renewed so many times before it is over. */
const RENEWALS_PER_LEASE = 3;

/**
 * One process of a cluster: holds a lease in the directory, tells how busy it is, and keeps the records of its rooms. It
 * touches nothing but its arguments.
 *
 * A lease that is over is no end: the node registers anew, with its former epoch, and claims its own rooms, unless
 * somebody else did meanwhile. What is to happen to the rooms until then is for whoever listens ({@link onState}).
 *
 * @example
 * const node = new ClusterNode({ id: "play-3", directory, clock, bus, … });
 * await node.join("wss://play-3.example.com");
 * node.drain();
 * await node.leave();
 */
export class ClusterNode {
  readonly id: string;
  readonly records: RoomRecords;
  /** For tickets: read anew for each. The epoch is the last one that this node had, 0 before the first. */
  readonly identity: NodeIdentity;
  readonly #parts: ClusterNodeParts;
  readonly #options: NodeOptions;
  readonly #load: LoadReporter;
  readonly #listeners = new Set<(state: NodeState, from: NodeState) => void>();
  readonly #unwatchHealth: Release;
  #state: NodeState = { state: "outside" };
  #url = "";
  #epoch = 0;
  #isDraining = false;
  /** One of them waits, and one question is under way, at most. */
  #next: Release | undefined;
  #asking = false;
  #expiry: Release | undefined;

  constructor(parts: ClusterNodeParts) {
    const { id, directory, clock, bus, rooms, maxRooms, maxPlayers, eventLoopUse } = parts;
    this.id = id;
    this.#parts = parts;
    this.#options = nodeOptions(parts.options);
    this.#load = new LoadReporter({ bus, rooms, eventLoopUse, bounds: { maxRooms, maxPlayers } });
    const onLeaseLost = (lease: NodeIncarnation): void => this.#leaseLost(lease);
    const { hasLaterLife = async () => false } = parts;
    const options = this.#options;
    this.records = new RoomRecords({ directory, clock, bus, options, rooms, hasLaterLife, onLeaseLost });
    const epoch = (): number => this.#epoch;
    this.identity = {
      id,
      get epoch() {
        return epoch();
      },
    };
    this.#unwatchHealth = directory.onHealth((health) => {
      bus.emit("directoryChanged", {
        state: health.state,
        reason: health.state === "unavailable" ? health.reason : undefined,
      });
      // It is back: there is no need to wait for the next attempt.
      if (health.state === "available" && this.#state.state === "cut-off") this.#again(0);
    });
  }

  get state(): NodeState {
    return this.#state;
  }

  /** The lease that is held, by this node's own clock, too. */
  get lease(): NodeLease | undefined {
    return this.#state.state === "member" ? this.#state.lease : undefined;
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** Told of each change of state, in order; renewals are none. */
  onState(listener: (state: NodeState, from: NodeState) => void): Release {
    const own = (state: NodeState, from: NodeState): void => listener(state, from);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /**
   * Registers, and goes on until the node leaves.
   *
   * @param url where players reach it
   * @returns when the directory has answered once, whatever it said: see {@link state}
   */
  join(url: string): Promise<void> {
    this.#url = url;
    return this.#ask();
  }

  /** From now on no new rooms and players; there is no way back. */
  drain(): void {
    if (this.#isDraining) return;
    this.#isDraining = true;
    if (this.#state.state === "member") this.#again(0);
  }

  /**
   * Gives the lease back, once the rooms that have closed are forgotten, or after `leaveMs`. What is left are orphans. Safe to
   * call twice.
   */
  async leave(): Promise<void> {
    const { lease } = this;
    if (lease !== undefined) {
      let stop: Release = () => {};
      const late = new Promise<void>((resolve) => {
        stop = this.#parts.clock.after(this.#options.leaveMs, resolve);
      });
      await Promise.race([this.records.emptied(), late]).finally(() => stop());
    }
    if (this.#state.state === "left") return;
    const last = incarnationOf(this.#state);
    this.#become({ state: "left" });
    this.records.release();
    this.#load.release();
    this.#unwatchHealth();
    if (last !== undefined) await this.#parts.directory.releaseNode(last);
  }

  #become(next: NodeState): void {
    const from = this.#state;
    if (from.state !== next.state && !nodeTransitions[from.state].includes(next.state))
      throw new Error(`a node cannot go from ${from.state} to ${next.state}`);
    this.#state = next;
    this.#expiry?.();
    this.#expiry = undefined;
    switch (next.state) {
      case "member":
        this.#epoch = next.lease.epoch;
        this.#expireAt(next.lease);
        this.records.begin(next.lease);
        break;
      case "cut-off":
      case "replaced":
      case "left":
        this.records.pause();
        break;
      case "outside":
        break;
    }
    if (next.state === "replaced" || next.state === "left") this.#next?.();
    if (from.state === next.state) return;
    this.#parts.bus.emit("nodeChanged", {
      node: this.id,
      epoch: this.#epoch,
      from: from.state,
      to: next.state,
      why: next.state === "cut-off" ? next.why : undefined,
    });
    for (const listener of [...this.#listeners]) listener(next, from);
  }

  #expireAt(lease: NodeLease): void {
    const { clock } = this.#parts;
    this.#expiry = clock.after(Math.max(0, lease.validUntil - clock.now()), () =>
      this.#cutOff(lease, "directory-unavailable"),
    );
  }

  #leaseLost(lease: NodeIncarnation): void {
    if (this.#state.state !== "member" || this.#state.lease.epoch !== lease.epoch) return;
    this.#cutOff(lease, "lease-lost");
    this.#again(0);
  }

  #cutOff({ node, epoch }: NodeIncarnation, why: CutOffReason): void {
    this.#become({ state: "cut-off", former: { node, epoch }, why });
  }

  #again(delayMs: number): void {
    if (this.#asking) return;
    this.#next?.();
    this.#next = this.#parts.clock.after(Math.max(0, delayMs), () => void this.#ask());
  }

  /** One question about this node itself, and when the next one is due. */
  async #ask(): Promise<void> {
    this.#next = undefined;
    this.#asking = true;
    const askedAt = this.#parts.clock.now();
    const isDraining = this.#isDraining;
    const outcome = await this.#askOnce();
    this.#asking = false;
    if (this.#state.state === "left" || this.#state.state === "replaced") return;
    if (this.#state.state !== "member")
      return this.#again(outcome === "answered" ? 0 : this.#options.retryMs);
    if (outcome === "unanswered") return this.#again(this.#options.retryMs);
    if (this.#isDraining !== isDraining) return this.#again(0);
    const leaseMs = this.#state.lease.validUntil - askedAt;
    this.#again(askedAt + leaseMs / RENEWALS_PER_LEASE - this.#parts.clock.now());
  }

  #askOnce(): Promise<"answered" | "unanswered"> {
    const state = this.#state;
    switch (state.state) {
      case "outside":
        return this.#register();
      case "member":
        return this.#renew(state.lease);
      case "cut-off":
        // One that could not ask may still be believed to live; one that was told is not.
        return state.why === "directory-unavailable" ? this.#renew(state.former) : this.#return(state.former);
      case "replaced":
      case "left":
        return Promise.resolve("answered");
    }
  }

  async #register(): Promise<"answered" | "unanswered"> {
    const { directory, games, maxRooms, maxPlayers } = this.#parts;
    const answer = await directory.registerNode({
      ...{ id: this.id, url: this.#url, games, maxRooms, maxPlayers },
      ...(this.#epoch > 0 && { formerEpoch: this.#epoch }),
    });
    if (!answer.ok) return "unanswered";
    if (this.#state.state === "left") void directory.releaseNode(answer.value);
    else {
      this.#become({ state: "member", lease: answer.value });
      // A lease begins without it.
      if (this.#isDraining) return this.#renew(answer.value);
    }
    return "answered";
  }

  async #renew(lease: NodeIncarnation): Promise<"answered" | "unanswered"> {
    const { directory } = this.#parts;
    const report = { ...this.#load.take(), draining: this.#isDraining };
    const answer = await directory.renewNode({ node: lease.node, epoch: lease.epoch }, report);
    if (this.#state.state === "left") return "answered";
    if (!answer.ok && answer.code === UNAVAILABLE) return "unanswered";
    if (answer.ok) this.#become({ state: "member", lease: answer.value });
    else this.#cutOff(lease, "lease-lost");
    return "answered";
  }

  /** Registers anew, unless somebody else has the name by now: of two processes the newer one keeps it. */
  async #return(former: NodeIncarnation): Promise<"answered" | "unanswered"> {
    const nodes = await this.#parts.directory.nodes();
    if (!nodes.ok) return "unanswered";
    if (this.#state.state !== "cut-off") return "answered";
    if (nodes.value.some(({ id, epoch }) => id === this.id && epoch > former.epoch)) {
      this.#become({ state: "replaced", former });
      return "answered";
    }
    return this.#register();
  }
}
