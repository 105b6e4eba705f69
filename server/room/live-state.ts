import type { SourceRow } from "../../shared/state/committed-row.ts";
import type { CommittedState } from "../../shared/state/committed-state.ts";
import type { TableLayout } from "../../shared/state/game-layout.ts";
import type { ServerTable } from "./room.ts";

type Given = Readonly<Record<string, unknown>>;

/** The author's view of the state: `room.state`, tables and records by name. */
export function liveState(state: CommittedState): Readonly<Record<string, unknown>> {
  const view: Record<string, unknown> = {};
  for (const table of state.layout.tables)
    view[table.name] = table.kind === "record" ? state.add(table, {}) : new LiveTable(state, table);
  return Object.freeze(view);
}

class LiveTable implements ServerTable<SourceRow, Given> {
  readonly #state: CommittedState;
  readonly #table: TableLayout;

  constructor(state: CommittedState, table: TableLayout) {
    this.#state = state;
    this.#table = table;
  }

  get size(): number {
    return this.#state.size(this.#table);
  }

  add(given: Given = {}): SourceRow {
    return this.#state.add(this.#table, given);
  }

  remove(row: SourceRow): boolean {
    return this.#state.remove(this.#table, row);
  }

  get(id: number): SourceRow | undefined {
    return this.#state.find(this.#table.name, id);
  }

  *[Symbol.iterator](): IterableIterator<SourceRow> {
    for (const row of this.#state.rows(this.#table)) yield row.source;
  }
}
