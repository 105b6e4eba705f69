import type { RecordedState } from "../../../shared/recording/recorded-state.ts";
import type { Recording } from "../../../shared/recording/recording.ts";
import type { Wire } from "../../../shared/state/field-codec.ts";
import { type GameLayout, gameLayout, type TableLayout } from "../../../shared/state/game-layout.ts";
import type {
  DefinitionAnswer,
  MapAnswer,
  ReadableRow,
  ReadableValue,
  RowAnswer,
  RowsAnswer,
} from "../../admin/answers.ts";
import type { Answered, Api } from "../../admin/page/parts/api.ts";

/** Bytes of a value that are shown. */
const SHOWN_BYTES = 32;

/** Answers what the dashboard's panels ask of a room, from a recording at the tick that plays. */
export class RecordedAnswers implements Pick<Api, "get"> {
  readonly definition: DefinitionAnswer;
  readonly #recording: Recording;
  readonly #layout: GameLayout;
  readonly #tick: () => number;
  /** As it was asked for last: most questions are about the same tick. */
  #state: { readonly tick: number; readonly state: Promise<RecordedState> } | undefined;

  constructor(recording: Recording, tick: () => number) {
    const { description } = recording.header;
    this.#recording = recording;
    this.#layout = gameLayout(description);
    this.#tick = tick;
    this.definition = { game: description, cellSize: null, rows: {} };
  }

  async get<Answer>(path: string): Promise<Answered<Answer>> {
    const url = new URL(path, "recorded:/");
    const [, , , what, table, row] = url.pathname.split("/").map(decodeURIComponent);
    try {
      const state = await this.#now();
      const answer =
        what === "map" ? this.#map(state) : this.#rowsOf(state, table ?? "", row, url.searchParams);
      return { ok: true, answer: answer as Answer };
    } catch (error) {
      return { ok: false, status: 500, message: error instanceof Error ? error.message : String(error) };
    }
  }

  #now(): Promise<RecordedState> {
    const tick = Math.floor(this.#tick());
    if (this.#state?.tick !== tick) this.#state = { tick, state: this.#recording.stateAt(tick) };
    return this.#state.state;
  }

  #map(state: RecordedState): MapAnswer {
    return {
      tick: state.tick,
      tables: this.#layout.tables
        .filter(({ position }) => position !== undefined)
        .map((table) => {
          const rows = state.rows(table.index);
          const [x = 0, y = 0] = table.position ?? [];
          const at = (field: number): number[] =>
            [...rows.values()].map((values) => Number(restored(table, field, values[field] as Wire)));
          return { name: table.name, total: rows.size, ids: [...rows.keys()], x: at(x), y: at(y) };
        }),
    };
  }

  #rowsOf(
    state: RecordedState,
    name: string,
    id: string | undefined,
    query: URLSearchParams,
  ): RowsAnswer | RowAnswer {
    const table = this.#layout.tableByName.get(name);
    if (table === undefined) throw new Error(`the game has no table "${name}"`);
    const rows = state.rows(table.index);
    if (id !== undefined) {
      const values = rows.get(Number(id));
      return { row: values === undefined ? null : readable(table, Number(id), values) };
    }
    const wanted = (query.get("search") ?? "").trim().toLowerCase();
    const found = [...rows]
      .map(([row, values]) => readable(table, row, values))
      .filter((row) => matches(row, wanted));
    const offset = Number(query.get("offset") ?? 0);
    const limit = Number(query.get("limit") ?? 100);
    return { tick: state.tick, total: found.length, rows: found.slice(offset, offset + limit) };
  }
}

function matches({ id, values }: ReadableRow, wanted: string): boolean {
  if (wanted === "" || `#${id}` === wanted) return true;
  return values.some((value) => typeof value === "string" && value.toLowerCase().includes(wanted));
}

function readable(table: TableLayout, id: number, values: readonly Wire[]): ReadableRow {
  return { id, values: table.fields.map((_, field) => shown(restored(table, field, values[field] as Wire))) };
}

function restored(table: TableLayout, field: number, wire: Wire): unknown {
  return table.fields[field]?.codec.restore(wire, (_table, id) => id);
}

function shown(value: unknown): ReadableValue {
  if (typeof value === "number") return Math.round(value * 10_000) / 10_000;
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (value instanceof Uint8Array)
    return {
      bytes: value.length,
      hex: [...value.subarray(0, SHOWN_BYTES)].map((byte) => byte.toString(16).padStart(2, "0")).join(""),
    };
  return Array.isArray(value) ? value.map(shown) : null;
}
