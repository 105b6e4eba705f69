import type { CommittedRow } from "./committed-row.ts";
import type { RowLookup, Wire } from "./field-codec.ts";
import type { TableLayout } from "./game-layout.ts";
import { LEFT_FOR_GOOD, LEFT_TO_NONE, type RowStream } from "./row-stream.ts";

/** A group's name: the value of a group field, as its author writes it. 1, `"1"` and `true` are three groups. */
export type GroupName = string | number | boolean;

/** The rows of one group, of whatever tables: a stream that players are added to. */
export interface Group {
  readonly name: GroupName;
  readonly stream: RowStream;
  /** How many follow it. */
  holders: number;
}

export interface GroupsOptions {
  readonly openStream: () => RowStream;
  /** The group is gone; its stream's id may be given to another after a rest. */
  readonly closeStream: (stream: RowStream) => void;
}

/**
 * Rows by the group that their committed group field names; each group is a stream, and being a member is
 * following it. A group is there while it has rows or members.
 */
export class Groups {
  readonly #options: GroupsOptions;
  /** The keys of a map differ as the values do, whatever they read as in text. */
  readonly #groups = new Map<GroupName, Group>();

  constructor(options: GroupsOptions) {
    this.#options = options;
  }

  /** How many groups exist: those with rows or members. */
  get count(): number {
    return this.#groups.size;
  }

  find(name: GroupName): Group | undefined {
    return this.#groups.get(name);
  }

  /** A row that is sent for the first time. Its values are committed. */
  enter(row: CommittedRow, tick: number): void {
    const name = groupNameOf(row);
    if (name === undefined) return;
    row.group = this.#group(name);
    row.group.stream.enter(row, tick);
  }

  /** Fields of a row changed: it goes over to another group, or the change goes to its own. */
  change(row: CommittedRow, mask: number, tick: number): void {
    const before = row.group;
    // Names are restored only where the field changed.
    const name = (mask & groupBit(row.table)) === 0 ? before?.name : groupNameOf(row);
    if (name === before?.name) {
      before?.stream.change(row, mask);
      return;
    }
    const next = name === undefined ? undefined : this.#group(name);
    before?.stream.leave(row, tick, next === undefined ? LEFT_TO_NONE : next.stream.id + 1);
    row.group = next;
    next?.stream.enter(row, tick);
    if (before !== undefined) this.#dropIfEmpty(before);
  }

  leave(row: CommittedRow, tick: number): void {
    const { group } = row;
    if (group === undefined) return;
    row.group = undefined;
    group.stream.leave(row, tick, LEFT_FOR_GOOD);
    this.#dropIfEmpty(group);
  }

  /** Follows a group from now on. Whoever begins needs its keyframe. */
  hold(name: GroupName): Group {
    const group = this.#group(name);
    group.holders += 1;
    if (group.holders === 1) group.stream.follow("held");
    return group;
  }

  release(group: Group): void {
    group.holders -= 1;
    if (group.holders === 0) group.stream.follow("unheld");
    this.#dropIfEmpty(group);
  }

  #group(name: GroupName): Group {
    let group = this.#groups.get(name);
    if (group === undefined) {
      group = { name, stream: this.#options.openStream(), holders: 0 };
      group.stream.follow("unheld");
      this.#groups.set(name, group);
    }
    return group;
  }

  #dropIfEmpty(group: Group): void {
    if (group.holders > 0 || group.stream.size > 0) return;
    this.#groups.delete(group.name);
    this.#options.closeStream(group.stream);
  }
}

/** Whether rows of a table stand in groups. */
export function standsInGroups(table: TableLayout): boolean {
  return table.masks.group !== 0 && table.group !== undefined;
}

/** Names count as they are committed: a text that was cut is the name of the shorter one's group. */
function groupNameOf({ table, values }: CommittedRow): GroupName | undefined {
  const field = table.group ?? -1;
  return table.fields[field]?.codec.restore(values[field] as Wire, NO_ROWS) as GroupName | undefined;
}

function groupBit({ group }: TableLayout): number {
  return group === undefined ? 0 : 1 << group;
}

const NO_ROWS: RowLookup = () => undefined;
