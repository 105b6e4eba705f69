import type { TableDescription } from "../../../../shared/definition/description.ts";
import type { DefinitionAnswer, ReadableRow, RowsAnswer } from "../../answers.ts";
import type { Api } from "../parts/api.ts";
import { DataTable } from "../parts/data-table.ts";
import { button, h, setText } from "../parts/dom.ts";
import { count } from "../parts/format.ts";
import { poll } from "../parts/poll.ts";
import { segments } from "../parts/segments.ts";
import { isNumeric, valueText } from "./values.ts";

const PERIOD_MS = 1_000;
const PAGE = 50;

/** The state of any game, table by table, read by its definition alone. */
export class StatePanel {
  readonly element: HTMLElement;
  readonly #api: Pick<Api, "get">;
  readonly #id: string;
  readonly #place = h("div", {});
  readonly #note = h("p", { class: "note" });
  readonly #search = h("input", {
    class: "field",
    type: "search",
    placeholder: "Search text or #id",
    "aria-label": "Search rows",
  });
  readonly #newer: HTMLButtonElement;
  readonly #older: HTMLButtonElement;
  readonly #stop: () => void;
  #table: TableDescription;
  #rows: DataTable<ReadableRow>;
  #offset = 0;

  constructor(
    api: Pick<Api, "get">,
    roomId: string,
    { game }: DefinitionAnswer,
    chosen: string,
    choose: (table: string) => void,
    everyMs = PERIOD_MS,
  ) {
    this.#api = api;
    this.#id = roomId;
    const { tables } = game;
    const [first] = tables;
    if (first === undefined) throw new Error("a game without state has no state to show");
    this.#table = tables.find(({ name }) => name === chosen) ?? first;
    this.#rows = tableOf(this.#table);
    this.#place.append(this.#rows.element);
    const names = Object.fromEntries(tables.map(({ name }) => [name, name]));
    const chooser = segments("Table", names, this.#table.name, (name) => {
      this.#show(tables.find((table) => table.name === name) ?? first);
      choose(name);
    });
    this.#newer = button("Back", () => this.#turn(-PAGE), { class: "button small" });
    this.#older = button("Next", () => this.#turn(PAGE), { class: "button small" });
    this.#search.addEventListener("input", () => this.#turn(-this.#offset));
    this.element = h(
      "div",
      { class: "tab" },
      h("div", { class: "filters" }, chooser.element, this.#search, this.#note, this.#newer, this.#older),
      this.#place,
    );
    this.#stop = poll(everyMs, (signal) => this.#look(signal));
  }

  close(): void {
    this.#stop();
  }

  #show(table: TableDescription): void {
    this.#table = table;
    this.#rows = tableOf(table);
    this.#place.replaceChildren(this.#rows.element);
    this.#search.value = "";
    this.#turn(-this.#offset);
  }

  #turn(by: number): void {
    this.#offset = Math.max(0, this.#offset + by);
    void this.#look();
  }

  async #look(signal?: AbortSignal): Promise<void> {
    const { name } = this.#table;
    const search = this.#search.value;
    const offset = this.#offset;
    const query = new URLSearchParams({ search, offset: String(offset), limit: String(PAGE) });
    const given = await this.#api.get<RowsAnswer>(
      `rooms/${this.#id}/rows/${encodeURIComponent(name)}?${query}`,
      signal,
    );
    const isStale = name !== this.#table.name || search !== this.#search.value || offset !== this.#offset;
    if (!given.ok || isStale) return;
    const { rows, total } = given.answer;
    this.#rows.set(rows);
    const isPart = rows.length < total;
    this.#newer.hidden = !isPart;
    this.#older.hidden = !isPart;
    this.#newer.disabled = offset === 0;
    this.#older.disabled = offset + PAGE >= total;
    this.#search.hidden = this.#table.kind === "record";
    setText(
      this.#note,
      isPart ? `${offset + 1}–${offset + rows.length} of ${count(total)}` : `${count(total)} rows`,
    );
    this.#note.hidden = this.#table.kind === "record";
  }
}

/** One column a field. A record is a table of one row, whose id says nothing. */
function tableOf(table: TableDescription): DataTable<ReadableRow> {
  return new DataTable<ReadableRow>({
    label: table.name,
    empty: "No rows, or none that the search finds.",
    key: ({ id }) => String(id),
    columns: [
      ...(table.kind === "record"
        ? []
        : [{ name: "id", label: "#", numeric: true, text: ({ id }: ReadableRow) => String(id) }]),
      ...table.fields.map(({ name, field, visibleTo }, index) => ({
        name,
        label: visibleTo === "owner" || visibleTo === "group" ? `${name} (${visibleTo})` : name,
        numeric: isNumeric(field),
        text: ({ values }: ReadableRow) => valueText(values[index] ?? null, field),
      })),
    ],
  });
}
