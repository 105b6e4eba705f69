import { RECORD_ROW } from "../definition/description.ts";
import type { CommittedRow, SourceRow } from "./committed-row.ts";
import type { QuantiseContext, Wire } from "./field-codec.ts";
import type { GameLayout, TableLayout } from "./game-layout.ts";
import { type Groups, standsInGroups } from "./groups.ts";
import { RestingIds } from "./resting-ids.ts";
import { LEFT_FOR_GOOD, type RowStream } from "./row-stream.ts";
import { type SightGrid, standsInCells } from "./sight-grid.ts";
import { type HashedTable, stateHash } from "./state-hash.ts";

/** A value was clamped or cut: told once a field, so that a busy loop does not flood the log. */
export interface OutOfRangeWarning {
  readonly table: string;
  readonly field: string;
  readonly row: number;
  readonly value: unknown;
  readonly bounds: string;
}

export interface CommittedStateOptions {
  /** Where rows that the room sees stand. */
  readonly roomStream: RowStream;
  /** Where rows stand that are seen by those near them; none where the layout gives sight to the room. */
  readonly sight?: SightGrid | undefined;
  /** Where rows stand that are seen by the members of their group. */
  readonly groups?: Groups | undefined;
  /** For how many ticks the id of a removed row is not given to another. */
  readonly idRestTicks: number;
  readonly onOutOfRange: (warning: OutOfRangeWarning) => void;
}

/** Of rows without cold fields, and of those that stand in no cells: shared, and never written to. */
const NOTHING: never[] = [];

/**
 * The quantised copy of a room's state as of its last closed tick. The author's rows are plain objects; at
 * the end of each tick {@link commit} compares them with this copy and tells the streams what changed.
 */
export class CommittedState {
  readonly layout: GameLayout;
  readonly #options: CommittedStateOptions;
  /** By table index, by row id. Insertion order, so that equal histories commit alike. */
  readonly #tables: readonly Map<number, CommittedRow>[];
  readonly #ids: readonly RestingIds[];
  readonly #warned = new Set<string>();
  readonly #context: QuantiseContext = {
    outOfRange: (value, bounds) => this.#warn(value, bounds),
    holds: (table, row) => this.find(table, row.id) === row,
  };
  #removed: CommittedRow[] = [];
  #tick = 0;
  #changedAt = 0;
  /** What is being quantised, for the warnings: two fields, since one object would be made per value. */
  #atRow: CommittedRow | undefined;
  #atField = 0;

  constructor(layout: GameLayout, options: CommittedStateOptions) {
    this.layout = layout;
    this.#options = options;
    this.#tables = layout.tables.map(() => new Map());
    this.#ids = layout.tables.map(() => new RestingIds(options.idRestTicks));
  }

  /** Adds a row with the fields' initial values and `given` over them. It is sent with the next commit. */
  add(table: TableLayout, given: Readonly<Record<string, unknown>>, ownerStream?: RowStream): SourceRow {
    const id = table.kind === "record" ? RECORD_ROW : (this.#ids[table.index] as RestingIds).take(this.#tick);
    const source = newSource(table, id, given);
    this.#place(table, source, ownerStream);
    return source;
  }

  /**
   * Adds a row under the id that it had in a room that was saved, with initial values; a record is there already.
   * Before the first commit alone.
   */
  addAgain(table: TableLayout, id: number, ownerStream?: RowStream): SourceRow {
    const record = table.kind === "record" ? this.#rowsOf(table).get(id) : undefined;
    if (record !== undefined) return record.source;
    const source = newSource(table, id, {});
    this.#place(table, source, ownerStream);
    return source;
  }

  /** Goes on after tick `tick`, with ids above those that were given before, by table. */
  goOn(tick: number, nextIds: readonly number[]): void {
    this.#tick = tick;
    this.#ids.forEach((ids, table) => {
      ids.beginAt(nextIds[table] ?? 1);
    });
  }

  /** By table: above every id that was given to a row of it. */
  get nextIds(): number[] {
    return this.#ids.map((ids) => ids.next);
  }

  /** The last tick whose commit changed anything. */
  get changedAt(): number {
    return this.#changedAt;
  }

  /** The tick that was committed last. */
  get committedTick(): number {
    return this.#tick;
  }

  #place(table: TableLayout, source: SourceRow, ownerStream: RowStream | undefined): void {
    const { sight } = this.#options;
    this.#rowsOf(table).set(source.id, {
      id: source.id,
      table,
      source,
      // As long as they will be, so that what a row is made of lies together in memory.
      values: table.fields.map(() => null),
      changedAt: table.fields.map(() => 0),
      quantised: table.hasCold ? [] : NOTHING,
      sent: false,
      removed: false,
      ownerStream,
      cells: sight !== undefined && standsInCells(table) ? sight.noCells() : NOTHING,
      group: undefined,
    });
  }

  /** Removes a row; its players learn of it with the next commit. False where it is not in the table. */
  remove(table: TableLayout, source: SourceRow): boolean {
    const row = this.#rowsOf(table).get(source.id);
    if (row?.source !== source) return false;
    this.#rowsOf(table).delete(row.id);
    this.#ids[table.index]?.free(row.id, this.#tick);
    // If it came in this very tick, nobody has heard of it.
    if (row.sent) this.#removed.push(row);
    return true;
  }

  /** The author's row of that id, by table name. */
  find(table: string, id: number): SourceRow | undefined {
    const layout = this.layout.tableByName.get(table);
    return layout && this.#rowsOf(layout).get(id)?.source;
  }

  /** The committed copy of a row; its values are there from its first commit on. */
  committed(table: TableLayout, id: number): CommittedRow | undefined {
    return this.#rowsOf(table).get(id);
  }

  /**
   * Whether an event may name the row: it is here, or was until this tick, so that players still see it when
   * they are told of the event. The id of an older row may mean another by now.
   */
  mayName(table: string, row: { readonly id: number }): boolean {
    return (
      this.find(table, row.id) === row ||
      this.#removed.some((removed) => removed.source === row && removed.table.name === table)
    );
  }

  rows(table: TableLayout): IterableIterator<CommittedRow> {
    return this.#rowsOf(table).values();
  }

  size(table: TableLayout): number {
    return this.#rowsOf(table).size;
  }

  /**
   * Ends tick `tick`: compares every row with its committed copy, commits what differs and tells the streams.
   *
   * @throws TypeError that names table, row and field, where a value is none that the field can hold
   */
  commit(tick: number): void {
    this.#tick = tick;
    const { roomStream, sight, groups } = this.#options;
    if (this.#removed.length > 0) this.#changedAt = tick;
    for (const row of this.#removed) {
      row.removed = true;
      roomStream.leave(row, tick, LEFT_FOR_GOOD);
      row.ownerStream?.leave(row, tick, LEFT_FOR_GOOD);
      // The streams remember the row for the horizon; its owner's hangs on a seat and all that the player had.
      row.ownerStream = undefined;
      sight?.leave(row, tick);
      groups?.leave(row, tick);
    }
    this.#removed = [];
    for (const [index, table] of this.#tables.entries()) {
      const layout = this.layout.tables[index] as TableLayout;
      // Streams that see nothing of a table are not asked: for each row that would be one more object to touch.
      const isRooms = layout.masks.room !== 0;
      const isOwners = layout.masks.owner !== 0;
      const grid = sight !== undefined && standsInCells(layout) ? sight : undefined;
      const grouped = groups !== undefined && standsInGroups(layout) ? groups : undefined;
      for (const row of table.values()) {
        const changed = this.#quantise(row, tick, !row.sent);
        if (changed !== 0) this.#changedAt = tick;
        if (!row.sent) this.#enter(row, tick, grid, grouped);
        else if (changed !== 0) {
          if (isRooms) roomStream.change(row, changed);
          if (isOwners) row.ownerStream?.change(row, changed);
          grid?.change(row, changed, tick);
          grouped?.change(row, changed, tick);
        }
      }
    }
  }

  /** A hash of all but what is for owners and groups alone, equal to a replica's that sees everything else. */
  hash(): string {
    return stateHash(
      this.layout.tables.map(
        (table): HashedTable => ({
          mask: table.masks.room | table.masks.sight,
          rows: [...this.#rowsOf(table).values()],
        }),
      ),
    );
  }

  #rowsOf(table: TableLayout): Map<number, CommittedRow> {
    return this.#tables[table.index] as Map<number, CommittedRow>;
  }

  #enter(row: CommittedRow, tick: number, grid: SightGrid | undefined, grouped: Groups | undefined): void {
    const { masks } = row.table;
    row.sent = true;
    if (masks.room !== 0) this.#options.roomStream.enter(row, tick);
    if (masks.owner !== 0) row.ownerStream?.enter(row, tick);
    grid?.enter(row, tick);
    grouped?.enter(row, tick);
  }

  /**
   * The hot loop of a tick; returns the mask of the fields that changed. With many rows it waits for memory more
   * than it computes, so numbers are quantised anew rather than the author's remembered beside them. A text that
   * is what was committed needs no quantising, a cold field none where it is the same object.
   */
  #quantise(row: CommittedRow, tick: number, all: boolean): number {
    const { table, source, values, changedAt, quantised } = row;
    const { fields } = table;
    let mask = 0;
    let field = 0;
    this.#atRow = row;
    try {
      for (; field < fields.length; field++) {
        const { name, codec, cold } = fields[field] as (typeof fields)[number];
        const value = source[name];
        const before = values[field] as Wire;
        if (!all && value === (cold ? quantised[field] : before) && (cold || typeof value === "string"))
          continue;
        this.#atField = field;
        const wire = codec.quantise(value, this.#context);
        if (cold) quantised[field] = value;
        // Most are primitive: the codec is asked where they are not.
        if (!all && (wire === before || (typeof wire === "object" && codec.same(wire, before)))) continue;
        values[field] = wire;
        changedAt[field] = tick;
        mask |= 1 << field;
      }
    } catch (cause) {
      const place = `${table.name}.${fields[field]?.name} of row ${row.id}`;
      throw new TypeError(`${place}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
    return mask;
  }

  #warn(value: unknown, bounds: string): void {
    const row = this.#atRow;
    if (row === undefined) return;
    const table = row.table.name;
    const field = row.table.fields[this.#atField]?.name ?? "";
    const key = `${table}.${field}`;
    if (this.#warned.has(key)) return;
    this.#warned.add(key);
    this.#options.onOutOfRange({ table, field, row: row.id, value, bounds });
  }
}

/** A row as its author gets it. */
export function newSource(
  table: TableLayout,
  id: number,
  given: Readonly<Record<string, unknown>>,
): SourceRow {
  const source: { id: number; [field: string]: unknown } = { id };
  for (const { name, codec } of table.fields) source[name] = given[name] ?? codec.initial();
  return source;
}
