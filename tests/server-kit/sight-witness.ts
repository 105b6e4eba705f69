import type { ClientRoom } from "../../client/client-room.ts";
import type { Followed } from "../../server/room/following.ts";
import type { RoomCore } from "../../server/room/room-core.ts";
import type { Seat } from "../../server/room/seat.ts";
import type { CommittedRow } from "../../shared/state/committed-row.ts";
import type { Wire } from "../../shared/state/field-codec.ts";
import type { TableLayout } from "../../shared/state/game-layout.ts";

type Row = Readonly<Record<string, unknown>> & { readonly id: number };

interface AnyTable extends Iterable<Row> {
  readonly size: number;
  get(id: number): Row | undefined;
  onAdd(listener: (row: Row) => void): unknown;
  onChange(listener: (row: Row, changed: ReadonlySet<string>) => void): unknown;
  onLeaveSight(listener: (row: Row) => void): unknown;
  onRemove(listener: (row: Row) => void): unknown;
}

/** A row as a player is to see it. */
interface Seen {
  readonly layout: TableLayout;
  /** Of the fields that the player sees. */
  readonly mask: number;
  readonly values: readonly Wire[];
  /** Whether it is in a cell that is followed. */
  readonly inSight: boolean;
}

/**
 * Compares a client with its server after every tick that closes: what the mirror holds with what is committed
 * and in the player's sight, and what listeners were told with how both came about.
 */
export class SightWitness {
  /** What was wrong, with the tick. */
  readonly faults: string[] = [];
  ticks = 0;
  readonly #client: ClientRoom;
  readonly #core: RoomCore;
  readonly #seat: Seat;
  /** By table and id: the objects that listeners were told of. */
  readonly #told = new Map<string, Row>();
  #held: readonly Followed[] = [];
  #added: string[] = [];
  /** With the names of the fields. */
  #changed: string[] = [];
  #leftSight: string[] = [];
  #removed: string[] = [];
  /** As of the last tick. */
  #seen: ReadonlyMap<string, Seen> = new Map();

  constructor(client: ClientRoom, core: RoomCore) {
    this.#client = client;
    this.#core = core;
    const seat = [...core.seats].find(({ id }) => id === client.playerId);
    if (seat === undefined) throw new Error(`player ${client.playerId} has no seat`);
    this.#seat = seat;
    for (const layout of core.state.layout.tables) if (layout.kind === "table") this.#listen(layout);
    this.#check(client.tick);
    client.onTick((tick) => this.#check(tick));
  }

  /** The cells and groups that the player follows as of now; one who left, as of then. */
  get held(): readonly Followed[] {
    if (this.#core.seats.has(this.#seat)) this.#held = this.#seat.following.held;
    return this.#held;
  }

  #listen({ name }: TableLayout): void {
    const table = this.#table(name);
    table.onAdd((row) => {
      this.#added.push(keyOf(name, row.id));
      this.#told.set(keyOf(name, row.id), row);
    });
    table.onChange((row, changed) => {
      const key = keyOf(name, row.id);
      this.#changed.push(`${key}: ${[...changed].toSorted()}`);
      if (this.#told.get(key) !== row) this.faults.push(`another object changed than came: ${key}`);
    });
    table.onLeaveSight((row) => {
      const key = keyOf(name, row.id);
      this.#leftSight.push(key);
      if (this.#told.get(key) !== row) this.faults.push(`another object left sight than came: ${key}`);
      if (table.get(row.id) === undefined) this.#told.delete(key);
    });
    table.onRemove((row) => {
      const key = keyOf(name, row.id);
      this.#removed.push(key);
      if (this.#told.get(key) !== row) this.faults.push(`another object was removed than came: ${key}`);
      this.#told.delete(key);
    });
  }

  #check(tick: number): void {
    this.ticks += 1;
    const fault = (what: string): void => void this.faults.push(`tick ${tick}: ${what}`);
    if (tick !== this.#core.tick) fault(`the server is at ${this.#core.tick}`);
    const held = new Set(this.held);
    const seen = new Map<string, Seen>();
    for (const layout of this.#core.state.layout.tables)
      for (const row of this.#core.state.rows(layout)) {
        const { masks } = layout;
        const inSight = row.cells.some((cell) => cell !== undefined && held.has(cell));
        const mask =
          masks.room |
          (inSight ? masks.sight : 0) |
          (row.source === this.#seat.row ? masks.owner : 0) |
          (row.group !== undefined && held.has(row.group) ? masks.group : 0);
        if (mask === 0) continue;
        if (layout.kind === "table")
          seen.set(keyOf(layout.name, row.id), { layout, mask, values: [...row.values], inSight });
        this.#compare(layout, row, mask, fault);
      }
    this.#compareTables(seen, fault);
    this.#compareTold(seen, fault);
    this.#seen = seen;
  }

  #compare(layout: TableLayout, row: CommittedRow, mask: number, fault: (what: string) => void): void {
    const key = keyOf(layout.name, row.id);
    const mirrored =
      layout.kind === "record"
        ? (this.#client.state[layout.name] as unknown as Row)
        : this.#table(layout.name).get(row.id);
    if (mirrored === undefined) {
      fault(`${key} is missing`);
      return;
    }
    for (const [field, { name, codec }] of layout.fields.entries()) {
      const wire = row.values[field] as Wire;
      const expected =
        (mask & (1 << field)) === 0
          ? undefined
          : codec.restore(wire, (table, id) => this.#table(table).get(id));
      if (!Object.is(mirrored[name], expected))
        fault(`${name} of ${key} is ${String(mirrored[name])}, not ${String(expected)}`);
    }
  }

  #compareTables(seen: ReadonlyMap<string, Seen>, fault: (what: string) => void): void {
    for (const { name, kind } of this.#core.state.layout.tables) {
      if (kind === "record") continue;
      const table = this.#table(name);
      for (const row of table) {
        const key = keyOf(name, row.id);
        if (!seen.has(key)) fault(`${key} is there, and should not be`);
        if (this.#told.get(key) !== row) fault(`${key} is another object than was told`);
      }
      if (table.size !== [...table].length) fault(`the size of ${name} is ${table.size}`);
    }
    if (this.#told.size !== seen.size) fault(`${this.#told.size} rows are told, of ${seen.size}`);
  }

  #compareTold(seen: ReadonlyMap<string, Seen>, fault: (what: string) => void): void {
    const before = this.#seen;
    const stands = (key: string): boolean => {
      const [table = "", id] = key.split(" ");
      return this.#core.state.find(table, Number(id)) !== undefined;
    };
    const differ = (what: string, told: readonly string[], expected: readonly string[]): void => {
      if (told.toSorted().join() !== expected.toSorted().join())
        fault(`${what} told of [${told.join()}], not of [${expected.join()}]`);
    };
    differ(
      "onAdd",
      this.#added,
      [...seen.keys()].filter((key) => !before.has(key)),
    );
    differ(
      "onChange",
      this.#changed,
      [...seen].flatMap(([key, now]) => changeOf(key, before.get(key), now)),
    );
    differ(
      "onLeaveSight",
      this.#leftSight,
      [...before]
        .filter(([key, { inSight }]) => !seen.has(key) || (inSight && !seen.get(key)?.inSight))
        .map(([key]) => key)
        .filter(stands),
    );
    differ(
      "onRemove",
      this.#removed,
      [...before.keys()].filter((key) => !stands(key)),
    );
    this.#added = [];
    this.#changed = [];
    this.#leftSight = [];
    this.#removed = [];
  }

  #table(name: string): AnyTable {
    return this.#client.state[name] as unknown as AnyTable;
  }
}

/** The fields that differ, as `onChange` is to tell them: what was lost from sight is told otherwise. */
function changeOf(key: string, before: Seen | undefined, { layout, mask, values, inSight }: Seen): string[] {
  if (before === undefined) return [];
  const lost = before.inSight && !inSight ? layout.masks.sight : 0;
  const changed = layout.fields
    .filter(({ codec }, field) => {
      const bit = 1 << field;
      if ((lost & bit) !== 0 || ((before.mask | mask) & bit) === 0) return false;
      if (((before.mask ^ mask) & bit) !== 0) return true;
      return !codec.same(before.values[field] as Wire, values[field] as Wire);
    })
    .map(({ name }) => name);
  return changed.length === 0 ? [] : [`${key}: ${changed.toSorted()}`];
}

const keyOf = (table: string, id: number): string => `${table} ${id}`;
