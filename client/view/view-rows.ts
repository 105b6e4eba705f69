import type { TableLayout } from "../../shared/state/game-layout.ts";
import type { MirrorRow, WireValues } from "../mirror-row.ts";
import type { RowWatch } from "../row-watch.ts";
import type { DrawnFields } from "./drawn-fields.ts";
import { Track } from "./track.ts";
import type { ViewTable } from "./view.ts";
import { type ViewRow, type ViewRowClass, viewRowClass } from "./view-row.ts";

/** The moment that is being closed or drawn, shared by all tables of a view. */
export interface Moment {
  /** The tick that closed last, or is closing now. */
  readonly closed: number;
  /** The last tick before it that the client closed. */
  readonly before: number;
  /** So much was missed in between that there is no way to draw. */
  readonly isCut: boolean;
  readonly drawn: number;
}

interface DrawnRow {
  readonly row: ViewRow;
  readonly track: Track;
  /** Interpolated fields that this client does not see. */
  unseen: number;
}

/** The rows of one table, or the one of a record, as they are drawn: the same rows as in the mirror, in its order. */
export class ViewRows implements ViewTable<ViewRow>, RowWatch {
  readonly #fields: DrawnFields;
  readonly #rowClass: ViewRowClass;
  readonly #moment: Moment;
  readonly #mostSamples: number;
  readonly #drawn = new Map<number, DrawnRow>();
  readonly #rows = new Map<number, ViewRow>();

  constructor(table: TableLayout, fields: DrawnFields, moment: Moment, mostSamples: number) {
    this.#fields = fields;
    this.#rowClass = viewRowClass(table, fields);
    this.#moment = moment;
    this.#mostSamples = mostSamples;
  }

  get size(): number {
    return this.#rows.size;
  }

  get(id: number): ViewRow | undefined {
    return this.#rows.get(id);
  }

  /** A record's. */
  get first(): ViewRow | undefined {
    return this.#rows.values().next().value;
  }

  [Symbol.iterator](): IterableIterator<ViewRow> {
    return this.#rows.values();
  }

  entered(source: MirrorRow, values: WireValues): void {
    const row = new this.#rowClass(source);
    const track = new Track(this.#fields, this.#mostSamples);
    track.restart(this.#moment.closed, source as unknown as Readonly<Record<string, unknown>>);
    this.#rows.set(source.id, row);
    this.#drawn.set(source.id, { row, track, unseen: this.#unseen(values) });
  }

  changed(source: MirrorRow, values: WireValues, mask: number): void {
    const drawn = (mask & this.#fields.mask) === 0 ? undefined : this.#drawn.get(source.id);
    if (drawn === undefined) return;
    const { closed, before, isCut, drawn: tick } = this.#moment;
    const unseen = this.#unseen(values);
    const row = source as unknown as Readonly<Record<string, unknown>>;
    // From what was not seen there is no way.
    if (unseen === drawn.unseen && !isCut) drawn.track.record(closed, before, row, tick);
    else drawn.track.restart(closed, row);
    drawn.unseen = unseen;
  }

  left({ id }: MirrorRow): void {
    this.#rows.delete(id);
    this.#drawn.delete(id);
  }

  /** The room was restored: what stands has stood before `tick`. What differs is told behind this. */
  restart(tick: number): void {
    for (const { track } of this.#drawn.values()) track.stand(tick - 1);
  }

  draw(): void {
    const { drawn, closed } = this.#moment;
    for (const { row, track } of this.#drawn.values()) track.draw(drawn, closed, row);
  }

  #unseen(values: WireValues): number {
    let unseen = 0;
    for (let field = 0, rest = this.#fields.mask; rest !== 0; field++, rest >>>= 1)
      if ((rest & 1) === 1 && values[field] === undefined) unseen |= 1 << field;
    return unseen;
  }
}
