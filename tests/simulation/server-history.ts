import type { Followed } from "../../server/room/following.ts";
import type { RoomCore } from "../../server/room/room-core.ts";
import type { CommittedRow, SourceRow } from "../../shared/state/committed-row.ts";
import type { Wire } from "../../shared/state/field-codec.ts";
import type { TableLayout } from "../../shared/state/game-layout.ts";
import type { Group } from "../../shared/state/groups.ts";
import type { Cell } from "../../shared/state/sight-grid.ts";
import type { Ledger, Told } from "./ledger.ts";

/** A row as one tick committed it. */
export interface PastRow {
  readonly table: TableLayout;
  readonly id: number;
  readonly values: readonly Wire[];
  /** By field: what a client is to read, but for references, which are of a client's own rows. */
  readonly shown: readonly unknown[];
  readonly cells: readonly (Cell | undefined)[];
  readonly group: Group | undefined;
  readonly source: SourceRow;
}

/** What one player follows as of one tick. */
export interface PastSeat {
  readonly held: ReadonlySet<Followed>;
  /** As of the tick before: what happens in cells and groups just left is still heard. */
  readonly before: ReadonlySet<Followed>;
  readonly row: SourceRow | undefined;
}

/** A room at the end of a published tick. */
export interface PastTick {
  readonly tick: number;
  /** The published tick before it. */
  readonly previous: number;
  readonly rows: readonly PastRow[];
  /** By player; those who left with this tick, as before. */
  readonly seats: ReadonlyMap<number, PastSeat>;
  readonly told: readonly Told[];
}

const nothing: ReadonlySet<Followed> = new Set();

const noRows = (): undefined => undefined;

function copyOf({ table, id, values, cells, group, source }: CommittedRow): PastRow {
  const shown = table.fields.map(({ codec, refers }, field) =>
    refers ? undefined : codec.restore(values[field] as Wire, noRows),
  );
  return { table, id, values: [...values], shown, cells: [...cells], group, source };
}

/** By the values themselves: what the row says of its changes is a part of what is to be checked. */
function isAsBefore({ values, cells, group }: CommittedRow, before: PastRow): boolean {
  if (group !== before.group || cells.length !== before.cells.length) return false;
  for (let field = 0; field < values.length; field++)
    if (!Object.is(values[field], before.values[field])) return false;
  for (let level = 0; level < cells.length; level++) if (cells[level] !== before.cells[level]) return false;
  return true;
}

/** The same set as before where nothing changed: most players stand where they stood. */
function setOf(held: readonly Followed[], before: ReadonlySet<Followed>): ReadonlySet<Followed> {
  const isSame = held.length === before.size && held.every((followed) => before.has(followed));
  return isSame ? before : new Set(held);
}

/** Longer than any link of a simulation holds frames back, in ticks. */
const KEPT_TICKS = 600;

/** A room's last published ticks: links are late, and a mirror is to be what was committed then, not now. */
export class ServerHistory {
  readonly #core: RoomCore;
  readonly #ledger: Ledger;
  readonly #ticks = new Map<number, PastTick>();
  #last: PastTick | undefined;
  /** Who had a seat at the end of the last tick. */
  readonly #wasThere = new Set<number>();
  /** The last copy of each row: most rows stay as they are, and simulations would copy more than they play. */
  readonly #latest = new WeakMap<SourceRow, PastRow>();

  constructor(core: RoomCore, ledger: Ledger) {
    this.#core = core;
    this.#ledger = ledger;
  }

  get tables(): readonly TableLayout[] {
    return this.#core.state.layout.tables;
  }

  at(tick: number): PastTick | undefined {
    return this.#ticks.get(tick);
  }

  /** The published ticks after `after`, up to and with `upTo`. */
  *between(after: number, upTo: number): IterableIterator<PastTick> {
    for (let tick = after + 1; tick <= upTo; tick++) {
      const past = this.#ticks.get(tick);
      if (past !== undefined) yield past;
    }
  }

  /** To be called when a tick was published, before anything else happens. */
  keep(tick: number): void {
    const seats = new Map<number, PastSeat>();
    for (const [id, last] of this.#last?.seats ?? []) {
      const { held, before, row } = last;
      if (this.#wasThere.has(id)) seats.set(id, held === before ? last : { held, before: held, row });
    }
    this.#wasThere.clear();
    for (const { id, following, row } of this.#core.seats) {
      const last = seats.get(id);
      const before = last?.held ?? nothing;
      const held = setOf(following.held, before);
      // Of most ticks the same as of the one before: of hundreds of ticks everything is kept.
      if (last === undefined || held !== before || row !== last.row) seats.set(id, { held, before, row });
      this.#wasThere.add(id);
    }
    const past: PastTick = {
      tick,
      previous: this.#last?.tick ?? 0,
      rows: this.#rows(),
      seats,
      told: this.#ledger.takeTold(),
    };
    this.#ticks.set(tick, past);
    this.#last = past;
    const [oldest] = this.#ticks.keys();
    if (this.#ticks.size > KEPT_TICKS && oldest !== undefined) this.#ticks.delete(oldest);
  }

  #rows(): PastRow[] {
    const rows: PastRow[] = [];
    for (const table of this.tables)
      for (const row of this.#core.state.rows(table)) rows.push(this.#past(row));
    return rows;
  }

  #past(row: CommittedRow): PastRow {
    const before = this.#latest.get(row.source);
    if (before !== undefined && isAsBefore(row, before)) return before;
    const past = copyOf(row);
    this.#latest.set(row.source, past);
    return past;
  }
}
