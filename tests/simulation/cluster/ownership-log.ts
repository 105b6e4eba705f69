import type { Bus } from "../../../server/bus.ts";
import type { Release } from "../../../shared/tick/clock.ts";

/** One tick that a node published. */
export interface Published {
  readonly node: string;
  readonly room: string;
  /** By which right: the epoch that the directory gave last, 0 before the first. */
  readonly epoch: number;
  readonly tick: number;
  /** By a clock that all nodes have in common. */
  readonly at: number;
}

/** Who published which tick of which room, and when. It holds nothing but what is told on buses. */
export class OwnershipLog {
  readonly entries: Published[] = [];

  watch(
    node: string,
    bus: Bus,
    now: () => number,
    tell: (entry: Published) => void = (entry) => this.add(entry),
  ): Release {
    const epochs = new Map<string, number>();
    const releases = [
      bus.on("roomOwned", ({ room, epoch }) => epochs.set(room, epoch)),
      bus.on("roomClosed", ({ room }) => epochs.delete(room.id)),
      bus.on("tickDone", ({ room: { id: room }, tick }) =>
        tell({ node, room, epoch: epochs.get(room) ?? 0, tick, at: now() }),
      ),
    ];
    return () => {
      for (const release of releases) release();
    };
  }

  add(entry: Published): void {
    this.entries.push(entry);
  }

  /** Rooms that an owner published after a later one had begun to, each in a sentence. None is as it must be. */
  overlaps(): string[] {
    const latest = new Map<string, Published>();
    const found: string[] = [];
    for (const entry of this.entries.toSorted((one, other) => one.at - other.at)) {
      const last = latest.get(entry.room);
      if (
        last !== undefined &&
        (entry.epoch < last.epoch || (entry.epoch === last.epoch && entry.node !== last.node))
      )
        found.push(
          `room ${entry.room}: ${entry.node} published tick ${entry.tick} under ${entry.epoch} at ${entry.at.toFixed(1)} ms, ` +
            `${(entry.at - last.at).toFixed(1)} ms behind tick ${last.tick} of ${last.node} under ${last.epoch}`,
        );
      else latest.set(entry.room, entry);
    }
    return found;
  }
}
