import { h, setText } from "./dom.ts";

export interface Column<Row> {
  readonly name: string;
  readonly label: string;
  /** Set to the right, and sorted from the largest. */
  readonly numeric?: boolean;
  /** What the cell shows. */
  readonly text: (row: Row) => string;
  /** What rows are sorted by; none: they are not sorted by this column. */
  readonly by?: (row: Row) => number | string;
  /** Marks the cell for the style sheet. */
  readonly tone?: (row: Row) => string;
  /** Puts something of its own into the cell, once a row. */
  readonly fill?: (row: Row, cell: HTMLTableCellElement) => void;
}

export interface DataTableOptions<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly key: (row: Row) => string;
  /** Said where there is no row. */
  readonly empty: string;
  /** Name of a column, with a minus before it: the largest first. */
  readonly sort?: string;
  readonly onSort?: (sort: string) => void;
}

interface Line {
  readonly element: HTMLTableRowElement;
  readonly cells: readonly HTMLTableCellElement[];
}

/** A table that is told its rows again and again: only what differs is written, and rows keep their elements. */
export class DataTable<Row> {
  readonly element: HTMLElement;
  readonly #options: DataTableOptions<Row>;
  readonly #body = h("tbody");
  readonly #empty: HTMLElement;
  readonly #heads = new Map<string, HTMLTableCellElement>();
  #lines = new Map<string, Line>();
  #rows: readonly Row[] = [];
  #sort: string;

  constructor(options: DataTableOptions<Row>) {
    this.#options = options;
    this.#sort = options.sort ?? "";
    this.#empty = h("p", { class: "empty", hidden: true }, options.empty);
    const head = h("tr", {}, ...options.columns.map((column) => this.#head(column)));
    const table = h("table", { "aria-label": options.label }, h("thead", {}, head), this.#body);
    this.element = h("div", { class: "table-box", tabindex: 0 }, table, this.#empty);
    this.#showSort();
  }

  set(rows: readonly Row[]): void {
    this.#rows = rows;
    this.#draw();
  }

  #head(column: Column<Row>): HTMLTableCellElement {
    const cell = h("th", { scope: "col", class: column.numeric ? "numeric" : undefined });
    this.#heads.set(column.name, cell);
    if (column.by === undefined) {
      cell.append(column.label);
      return cell;
    }
    const sorter = h("button", { type: "button", class: "sorter" }, column.label);
    sorter.addEventListener("click", () => {
      const first = column.numeric ? `-${column.name}` : column.name;
      const second = column.numeric ? column.name : `-${column.name}`;
      this.#sort = this.#sort === first ? second : first;
      this.#options.onSort?.(this.#sort);
      this.#showSort();
      this.#draw();
    });
    cell.append(sorter);
    return cell;
  }

  #showSort(): void {
    const name = this.#sort.replace(/^-/, "");
    for (const [column, head] of this.#heads) {
      if (column === name) head.ariaSort = this.#sort.startsWith("-") ? "descending" : "ascending";
      else head.removeAttribute("aria-sort");
    }
  }

  #draw(): void {
    const { key, columns } = this.#options;
    const lines = new Map<string, Line>();
    let before: Element | null = null;
    for (const row of this.#sorted()) {
      const name = key(row);
      const line = this.#lines.get(name) ?? this.#line(row);
      lines.set(name, line);
      columns.forEach((column, index) => {
        const cell = line.cells[index] as HTMLTableCellElement;
        if (column.fill === undefined) setText(cell, column.text(row));
        const tone = column.tone?.(row) ?? "";
        if ((cell.dataset.tone ?? "") !== tone) cell.dataset.tone = tone;
      });
      const place: Element | null =
        before === null ? this.#body.firstElementChild : before.nextElementSibling;
      if (place !== line.element) this.#body.insertBefore(line.element, place);
      before = line.element;
    }
    for (const [name, { element }] of this.#lines) if (!lines.has(name)) element.remove();
    this.#lines = lines;
    this.#empty.hidden = lines.size > 0;
  }

  #line(row: Row): Line {
    const cells = this.#options.columns.map(({ numeric, fill }) => {
      const cell = h("td", { class: numeric ? "numeric" : undefined });
      fill?.(row, cell);
      return cell;
    });
    return { element: h("tr", {}, ...cells), cells };
  }

  #sorted(): readonly Row[] {
    const column = this.#options.columns.find(({ name }) => name === this.#sort.replace(/^-/, ""));
    const by = column?.by;
    if (by === undefined) return this.#rows;
    const sign = this.#sort.startsWith("-") ? -1 : 1;
    return [...this.#rows].sort((a, b) => {
      const [left, right] = [by(a), by(b)];
      return sign * (left < right ? -1 : left > right ? 1 : 0);
    });
  }
}
