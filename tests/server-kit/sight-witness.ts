import type { ClientRoom } from "../../client/client-room.ts";
import type { RoomCore } from "../../server/room/room-core.ts";
import type { Seat } from "../../server/room/seat.ts";
import type { CommittedRow } from "../../shared/state/committed-row.ts";
import type { Wire } from "../../shared/state/field-codec.ts";
import type { TableLayout } from "../../shared/state/game-layout.ts";
import type { Cell } from "../../shared/state/sight-grid.ts";

type Row = Readonly<Record<string, unknown>> & { readonly id: number };

interface AnyTable extends Iterable<Row> {
  readonly size: number;
  get(id: number): Row | undefined;
  onAdd(listener: (row: Row) => void): unknown;
  onLeaveSight(listener: (row: Row) => void): unknown;
  onRemove(listener: (row: Row) => void): unknown;
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
  #held: readonly Cell[] = [];
  #added: string[] = [];
  #leftSight: string[] = [];
  #removed: string[] = [];
  /** As of the last tick, with their places. */
  #present = new Set<string>();
  #inSight = new Map<string, CommittedRow>();

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

  /** The cells that the player follows as of now; one who left, as of then. */
  get held(): readonly Cell[] {
    if (this.#core.seats.has(this.#seat)) this.#held = this.#seat.following.held;
    return this.#held;
  }

  #listen({ name }: TableLayout): void {
    const table = this.#table(name);
    table.onAdd((row) => {
      this.#added.push(keyOf(name, row.id));
      this.#told.set(keyOf(name, row.id), row);
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
    const present = new Set<string>();
    const inSight = new Map<string, CommittedRow>();
    for (const layout of this.#core.state.layout.tables)
      for (const row of this.#core.state.rows(layout)) {
        const key = keyOf(layout.name, row.id);
        const sees = row.cells.some((cell) => cell !== undefined && held.has(cell));
        if (sees) inSight.set(key, row);
        const mask =
          layout.masks.room |
          (sees ? layout.masks.sight : 0) |
          (row.source === this.#seat.row ? layout.masks.owner : 0);
        if (mask === 0) continue;
        if (layout.kind === "table") present.add(key);
        this.#compare(layout, row, mask, fault);
      }
    this.#compareTables(present, fault);
    this.#compareTold(present, inSight, fault);
    this.#present = present;
    this.#inSight = inSight;
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

  #compareTables(present: ReadonlySet<string>, fault: (what: string) => void): void {
    for (const { name, kind } of this.#core.state.layout.tables) {
      if (kind === "record") continue;
      const table = this.#table(name);
      for (const row of table) {
        const key = keyOf(name, row.id);
        if (!present.has(key)) fault(`${key} is there, and should not be`);
        if (this.#told.get(key) !== row) fault(`${key} is another object than was told`);
      }
      if (table.size !== [...table].length) fault(`the size of ${name} is ${table.size}`);
    }
    if (this.#told.size !== present.size) fault(`${this.#told.size} rows are told, of ${present.size}`);
  }

  #compareTold(
    present: ReadonlySet<string>,
    inSight: ReadonlyMap<string, CommittedRow>,
    fault: (what: string) => void,
  ): void {
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
      [...present].filter((key) => !this.#present.has(key)),
    );
    differ(
      "onLeaveSight",
      this.#leftSight,
      [...this.#inSight.keys()].filter((key) => !inSight.has(key) && stands(key)),
    );
    differ(
      "onRemove",
      this.#removed,
      [...this.#present].filter((key) => !stands(key)),
    );
    this.#added = [];
    this.#leftSight = [];
    this.#removed = [];
  }

  #table(name: string): AnyTable {
    return this.#client.state[name] as unknown as AnyTable;
  }
}

const keyOf = (table: string, id: number): string => `${table} ${id}`;
