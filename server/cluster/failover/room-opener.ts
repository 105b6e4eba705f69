import type { Clock } from "../../../shared/tick/clock.ts";
import type { Bus } from "../../bus.ts";
import type { CheckpointKey } from "../../checkpoint/checkpoint-store.ts";
import type { RestoreClaim, RestoreOutcome } from "../../checkpoint/restore-rooms.ts";
import { UNAVAILABLE } from "../directory/answer.ts";
import type { Directory } from "../directory/directory.ts";
import type { RoomRecord } from "../directory/room-record.ts";
import type { ClusterNode } from "../node/index.ts";
import type { FailoverOptions } from "./failover-options.ts";

export type RestoreRoom = (key: CheckpointKey, claim: RestoreClaim) => Promise<RestoreOutcome>;

export interface RoomOpenerParts {
  readonly node: ClusterNode;
  readonly directory: Directory;
  readonly clock: Clock;
  readonly bus: Bus;
  readonly restore: RestoreRoom;
  /** It stops, or will: what is not open yet is left to others. */
  readonly isLeaving: () => boolean;
  /** Whether this node may publish at all. */
  readonly mayPublish: () => boolean;
  readonly options: FailoverOptions;
}

/** What failed is tried again after so long. */
const RETRY_MS = 100;

/** Opens rooms that the directory has given to this node, from their checkpoints. One that has none is forgotten. */
export class RoomOpener {
  readonly #parts: RoomOpenerParts;
  readonly #opening = new Set<string>();

  constructor(parts: RoomOpenerParts) {
    this.#parts = parts;
  }

  isOpening(roomId: string): boolean {
    return this.#opening.has(roomId);
  }

  /** Resolves when the room ticks, or is forgotten, or is another node's by now. */
  async open(record: RoomRecord): Promise<void> {
    if (this.#opening.has(record.id)) return;
    this.#opening.add(record.id);
    try {
      await this.#open(record);
    } finally {
      this.#opening.delete(record.id);
    }
  }

  async #open({ id, game, ...record }: RoomRecord): Promise<void> {
    const { node, clock, bus, restore, isLeaving, mayPublish, options } = this.#parts;
    const { records } = node;
    const room = { id, game };
    const until = clock.now() + options.restoreWithinMs;
    records.adopt({ id, epoch: record.epoch });
    let problem = "its owner is another by now.";
    while (clock.now() < until) {
      if (isLeaving()) {
        records.leaveBehind(id);
        return;
      }
      // It is another where the lease was lost meanwhile, and the room is this node's again.
      const epoch = records.epochOf(id);
      if (epoch !== undefined && mayPublish()) {
        const holds = (): boolean => records.epochOf(id) === epoch && mayPublish() && !isLeaving();
        const outcome = await restore({ game, room: id }, { epoch, holds });
        if (outcome.state === "restored") {
          const { owner, timeline } = record;
          bus.emit("roomTakenOver", { room, node: owner.node, epoch, timeline });
          return;
        }
        problem = outcome.message;
        if (outcome.state === "unusable") break;
      }
      await new Promise<void>((resolve) => clock.after(RETRY_MS, resolve));
    }
    await this.#forget({ id, epoch: records.epochOf(id) });
    bus.emit("roomForgotten", { room, message: problem });
  }

  /** Players who ask for it are told that there is no such room. */
  async #forget({ id, epoch }: { readonly id: string; readonly epoch: number | undefined }): Promise<void> {
    const { node, directory, clock, options } = this.#parts;
    node.records.leaveBehind(id);
    if (epoch === undefined) return;
    const until = clock.now() + options.restoreWithinMs;
    while (node.lease !== undefined && clock.now() < until) {
      const answer = await directory.removeRoom(node.lease, { id, epoch });
      if (answer.ok || answer.code !== UNAVAILABLE) return;
      await new Promise<void>((resolve) => clock.after(RETRY_MS, resolve));
    }
  }
}
