import { type Group, type GroupName, Groups } from "../../shared/state/groups.ts";
import type { RestingIds } from "../../shared/state/resting-ids.ts";
import { RowStream } from "../../shared/state/row-stream.ts";
import { type FollowChange, UNCHANGED } from "./following.ts";

/** The groups of one player. Each change takes effect with the tick that publishes. */
export interface PlayerGroups extends Iterable<GroupName> {
  readonly size: number;
  /**
   * Does nothing where the player is in it already.
   *
   * @throws RangeError where the player is in 8 groups already
   */
  add(name: GroupName): void;
  /** False where the player was not in it. */
  delete(name: GroupName): boolean;
  /** Whether the player is in it. */
  has(name: GroupName): boolean;
}

/** Each costs its members a frame a tick, of which a socket takes few: what is left is for cells. */
export const MAX_GROUPS = 8;

/** As the room's author sees them. */
class ChosenGroups implements PlayerGroups {
  readonly #names = new Set<GroupName>();
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get size(): number {
    return this.#names.size;
  }

  add(name: GroupName): void {
    if (this.#names.has(name)) return;
    if (this.#names.size >= MAX_GROUPS)
      throw new RangeError(
        `a player can be in ${MAX_GROUPS} groups at most: delete one before adding ${JSON.stringify(name)}`,
      );
    this.#names.add(name);
    this.#changed();
  }

  delete(name: GroupName): boolean {
    const wasIn = this.#names.delete(name);
    if (wasIn) this.#changed();
    return wasIn;
  }

  has(name: GroupName): boolean {
    return this.#names.has(name);
  }

  [Symbol.iterator](): IterableIterator<GroupName> {
    return this.#names.values();
  }
}

/** What one player chose of the groups, and what is followed of them as of the last published tick. */
export class SeatGroups {
  readonly chosen: PlayerGroups;
  readonly #groups: Groups;
  #held: readonly Group[] = [];
  #changed = false;

  /** @param onChange told when {@link update} is to be called with the tick that publishes next */
  constructor(groups: Groups, onChange: () => void) {
    this.#groups = groups;
    this.chosen = new ChosenGroups(() => {
      this.#changed = true;
      onChange();
    });
  }

  /** The groups followed now. */
  get held(): readonly Group[] {
    return this.#held;
  }

  /** Follows what was chosen. Costs nothing where nothing was. */
  update(): FollowChange<Group> {
    if (!this.#changed) return UNCHANGED;
    this.#changed = false;
    const { chosen } = this;
    const released = this.#held.filter(({ name }) => !chosen.has(name));
    const kept = this.#held.filter(({ name }) => chosen.has(name));
    const before = new Set(kept.map(({ name }) => name));
    const entered = [...chosen].filter((name) => !before.has(name)).map((name) => this.#groups.hold(name));
    if (entered.length + released.length === 0) return UNCHANGED;
    this.#held = [...kept, ...entered];
    for (const group of released) this.#groups.release(group);
    return { entered, released };
  }

  /** The player is gone: nothing is followed any more. */
  releaseAll(): void {
    for (const group of this.#held) this.#groups.release(group);
    this.#held = [];
  }
}

/** The groups of a room; they take their streams' ids from the room's. */
export function makeGroups(parts: {
  readonly horizonTicks: number;
  readonly streamIds: RestingIds;
  readonly tick: () => number;
  /** A group has something to send in this tick. */
  readonly onDirty: (stream: RowStream) => void;
}): Groups {
  const { horizonTicks, streamIds, tick, onDirty } = parts;
  return new Groups({
    openStream: () => new RowStream(streamIds.take(tick()), "group", horizonTicks, onDirty),
    closeStream: (stream) => streamIds.free(stream.id, tick()),
  });
}
