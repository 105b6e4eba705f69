import type { Clock, MonotonicMs, Release } from "../../../shared/tick/clock.ts";
import type { Bus } from "../../bus.ts";
import type { SuspendOrder, SuspendOutcome } from "../../checkpoint/checkpoint-writer.ts";
import type { RoomCore } from "../../room/room-core.ts";
import { UNAVAILABLE } from "../directory/answer.ts";
import type { Directory } from "../directory/directory.ts";
import type { NodeRecord } from "../directory/node-record.ts";
import { pressureOf } from "../directory/pressure.ts";
import type { RoomKey } from "../directory/room-record.ts";
import type { ClusterNode } from "../node/index.ts";
import type { FailoverOptions } from "./failover-options.ts";

export interface MigrationParts {
  readonly node: ClusterNode;
  readonly directory: Directory;
  readonly clock: Clock;
  readonly bus: Bus;
  /** Stops a room behind its next tick and saves it. */
  readonly suspend: (room: RoomCore, order: SuspendOrder) => Promise<SuspendOutcome> | undefined;
  readonly options: FailoverOptions;
}

/** How often it is asked whether a room has arrived, and what was not answered is asked again. */
const LOOK_MS = 20;

/**
 * Moves the rooms of a node that drains to others: each stops behind a tick, is saved exactly, and given to the least busy
 * node that serves it. Its players stay connected until it ticks there, and are then told to come (`room-moved`).
 */
export class Migration {
  readonly #parts: MigrationParts;
  /** How many rooms each node was given, which its load does not show yet. */
  readonly #given = new Map<string, number>();

  constructor(parts: MigrationParts) {
    this.#parts = parts;
  }

  /**
   * Resolves when every room has moved that can. Those that no other node takes go on.
   *
   * @param until for so long a store and a directory that do not answer are asked again
   */
  async move(rooms: readonly RoomCore[], until: MonotonicMs): Promise<void> {
    const waiting = [...rooms];
    const work = async (): Promise<void> => {
      for (let room = waiting.shift(); room !== undefined; room = waiting.shift())
        await this.#move(room, until);
    };
    await Promise.all(Array.from({ length: this.#parts.options.movesAtOnce }, work));
  }

  async #move(room: RoomCore, until: MonotonicMs): Promise<void> {
    const { node, clock, bus, suspend } = this.#parts;
    const { id } = room.name;
    const epoch = await this.#epochOf(id, until);
    if (epoch === undefined || (await this.#target(room, [])) === undefined) return;
    let letGo: Release = () => {};
    let stoppedAt = clock.now();
    const keep = (release: Release): void => {
      letGo = release;
      stoppedAt = clock.now();
      node.records.leaveBehind(id);
    };
    const outcome = await suspend(room, { reason: "room-moved", until, keep });
    if (outcome === undefined || outcome === "closed") return;
    const to = await this.#give(room, { id, epoch }, until);
    const isThere = to !== undefined && (await this.#arrived(id));
    letGo();
    bus.emit("roomMoved", {
      room: room.name,
      node: to?.id,
      tick: room.tick,
      isThere,
      tookMs: clock.now() - stoppedAt,
    });
  }

  /** One that was just made, or stands still, may not be known yet. */
  async #epochOf(id: string, until: MonotonicMs): Promise<number | undefined> {
    const { node, clock, options } = this.#parts;
    const patience = Math.min(until, clock.now() + options.arriveWithinMs);
    for (;;) {
      const epoch = node.records.epochOf(id);
      if (epoch !== undefined || clock.now() >= patience) return epoch;
      await this.#pass();
    }
  }

  /** The room becomes another node's. `undefined` where none takes it: it is an orphan when this node has left. */
  async #give(room: RoomCore, key: RoomKey, until: MonotonicMs): Promise<NodeRecord | undefined> {
    const { node, directory, clock } = this.#parts;
    const refused: string[] = [];
    while (clock.now() < until) {
      const to = await this.#target(room, refused);
      const { lease } = node;
      if (lease === undefined || (to === undefined && refused.length > 0)) return undefined;
      const answer = to && (await directory.transferRoom(lease, key, { node: to.id, epoch: to.epoch }));
      if (answer?.ok) {
        if (to !== undefined) this.#given.set(to.id, (this.#given.get(to.id) ?? 0) + 1);
        return to;
      }
      if (answer?.code === "no-node" && to !== undefined) refused.push(to.id);
      else if (answer !== undefined && answer.code !== UNAVAILABLE) return undefined;
      else await this.#pass();
    }
    return undefined;
  }

  async #target(
    { name, game: { hash } }: RoomCore,
    refused: readonly string[],
  ): Promise<NodeRecord | undefined> {
    const { node, directory } = this.#parts;
    const nodes = await directory.nodes();
    if (!nodes.ok) return undefined;
    const busy = (of: NodeRecord): number =>
      pressureOf(of.load, of) + (this.#given.get(of.id) ?? 0) / of.maxRooms;
    return nodes.value
      .filter(({ id, draining }) => id !== node.id && !draining && !refused.includes(id))
      .filter(({ games }) => games.some(({ game, build }) => game === name.game && build === hash))
      .filter(({ id, load, maxRooms }) => load.rooms + (this.#given.get(id) ?? 0) < maxRooms)
      .toSorted((one, other) => busy(one) - busy(other))[0];
  }

  async #arrived(id: string): Promise<boolean> {
    const { node, directory, clock, options } = this.#parts;
    const until = clock.now() + options.arriveWithinMs;
    while (clock.now() < until) {
      const found = await directory.room(id);
      if (found.ok && found.value.room.owner.node !== node.id && found.value.room.state === "open")
        return true;
      if (!found.ok && found.code === "no-such-room") return false;
      await this.#pass();
    }
    return false;
  }

  #pass(): Promise<void> {
    return new Promise((resolve) => this.#parts.clock.after(LOOK_MS, resolve));
  }
}
