import type { RowLookup } from "../shared/state/field-codec.ts";
import type { TableLayout } from "../shared/state/game-layout.ts";
import type { Replica, ReplicaRow, ReplicaSink } from "../shared/state/replica.ts";
import type { ReportError } from "./listeners.ts";
import { LiveRecord } from "./mirror-record.ts";
import type { MirrorRow } from "./mirror-row.ts";
import { LiveTable } from "./mirror-table.ts";
import type { RowWatch } from "./row-watch.ts";

/** The state in sight as the game reads it: tables of rows and records, on top of the quantised replica. */
export class Mirror {
  /** By name, in the order of the definition. */
  readonly state: Readonly<Record<string, LiveTable | MirrorRow>>;
  readonly #replica: Replica;
  readonly #tables: (LiveTable | undefined)[] = [];
  readonly #records: (LiveRecord | undefined)[] = [];
  readonly #sink: ReplicaSink = {
    entered: (row) => this.#partOf(row)?.entered(row),
    changed: (row, mask) => this.#partOf(row)?.changed(row, mask),
    left: (row, how) => this.#tables[row.table.index]?.left(row, how),
    faded: (row, mask) => this.#tables[row.table.index]?.faded(row, mask),
  };

  /** Finds the row that a reference means. */
  readonly lookup: RowLookup = (table, id) => this.#tableOf(table)?.resolve(id);

  constructor(replica: Replica, report: ReportError) {
    this.#replica = replica;
    const state: Record<string, LiveTable | MirrorRow> = {};
    for (const layout of replica.layout.tables) {
      if (layout.kind === "table")
        state[layout.name] = this.#tables[layout.index] = new LiveTable(layout, this.lookup, report);
      else {
        const record = new LiveRecord(layout, this.lookup, report);
        this.#records[layout.index] = record;
        state[layout.name] = record.row;
      }
    }
    this.state = Object.freeze(state);
  }

  record(name: string): LiveRecord | undefined {
    const layout = this.#replica.layout.tableByName.get(name);
    return layout && this.#records[layout.index];
  }

  /** A player's own row, in games that have such. */
  own(id: number): MirrorRow | undefined {
    const layout: TableLayout | undefined = this.#replica.layout.ownerTable;
    return layout && this.#tables[layout.index]?.get(id);
  }

  /** Tells of every row of a table or record: those that are here at once, then whatever becomes of them. */
  watch(table: TableLayout, watch: RowWatch): void {
    (this.#tables[table.index] ?? this.#records[table.index])?.watchedBy(watch);
  }

  /**
   * Takes over all that is staged, then tells of additions and of changes. Rows that left stay until
   * {@link sweep}.
   *
   * @throws ReplicaError
   */
  apply(): void {
    this.#replica.close(this.#sink);
    for (const table of this.#tables) table?.announceAdditions();
    for (const table of this.#tables) table?.announceChanges();
    for (const record of this.#records) record?.announceChanges();
  }

  /** Drops the rows that left in this tick, and tells of them. */
  sweep(): void {
    this.#replica.sweep(this.#sink);
    for (const table of this.#tables) table?.announceRemovals();
    for (const table of this.#tables) table?.forgetRemovals();
  }

  #partOf({ table }: ReplicaRow): LiveTable | LiveRecord | undefined {
    return this.#tables[table.index] ?? this.#records[table.index];
  }

  #tableOf(name: string): LiveTable | undefined {
    const layout = this.#replica.layout.tableByName.get(name);
    return layout && this.#tables[layout.index];
  }
}
