import { wholeMask } from "../../shared/recording/recorded-state.ts";
import { rowDigest, valueDigest } from "../../shared/recording/state-digest.ts";
import type { CommittedRow } from "../../shared/state/committed-row.ts";
import type { CommittedState } from "../../shared/state/committed-state.ts";
import type { Wire } from "../../shared/state/field-codec.ts";
import type { TableLayout } from "../../shared/state/game-layout.ts";
import { LEFT_FOR_GOOD, type LeaveParts, type RowParts } from "../../shared/state/row-stream.ts";

/** What a commit changed, whoever may see it. */
export interface StateChange {
  readonly rows: RowParts;
  readonly leaves: LeaveParts;
}

interface KnownRow {
  /** By field: what it adds to the digest. */
  readonly digests: number[];
  /** The look at the state that saw it last. */
  look: number;
}

/**
 * Sees a committed state as a whole: what changed since it looked last, and the digest of everything. It reads the
 * ticks that are kept beside the fields, so that nobody has to tell it anything.
 */
export class StateDiffer {
  readonly #state: CommittedState;
  readonly #known: readonly Map<number, KnownRow>[];
  #look = 0;
  #sum = 0;

  constructor(state: CommittedState) {
    this.#state = state;
    this.#known = state.layout.tables.map(() => new Map());
  }

  /** Of the state as it was looked at last. */
  get digest(): number {
    return this.#sum >>> 0;
  }

  /** @param since the tick of the last look; the state must be committed for a later one */
  look(since: number): StateChange {
    this.#look += 1;
    const rows: (number | Wire[])[] = [];
    const leaves: number[] = [];
    for (const table of this.#state.layout.tables) {
      const flat = this.#changedRows(table, since);
      if (flat.length > 0) rows.push(table.index, flat);
      this.#gone(table, leaves);
    }
    return { rows, leaves };
  }

  /** Everything, as of the last commit. */
  keyframe(): RowParts {
    return this.#state.layout.tables.flatMap((table) => {
      const flat: Wire[] = [];
      for (const { id, sent, values } of this.#state.rows(table))
        if (sent) flat.push(id, wholeMask(values.length) * 2 + 1, ...values);
      return flat.length === 0 ? [] : [table.index, flat];
    });
  }

  #changedRows(table: TableLayout, since: number): Wire[] {
    const known = this.#known[table.index] as Map<number, KnownRow>;
    const flat: Wire[] = [];
    for (const row of this.#state.rows(table)) {
      if (!row.sent) continue;
      const before = known.get(row.id);
      if (before === undefined) known.set(row.id, this.#enter(row, flat));
      else {
        before.look = this.#look;
        this.#change(row, before.digests, since, flat);
      }
    }
    return flat;
  }

  #enter({ id, table, values }: CommittedRow, flat: Wire[]): KnownRow {
    flat.push(id, wholeMask(values.length) * 2 + 1, ...values);
    const digests = values.map((wire, field) => valueDigest(table.index, id, field, wire));
    this.#sum = (this.#sum + rowDigest(table.index, id)) | 0;
    for (const digest of digests) this.#sum = (this.#sum + digest) | 0;
    return { digests, look: this.#look };
  }

  #change(
    { id, table, values, changedAt }: CommittedRow,
    digests: number[],
    since: number,
    flat: Wire[],
  ): void {
    let mask = 0;
    let header = -1;
    for (let field = 0; field < changedAt.length; field++) {
      if ((changedAt[field] as number) <= since) continue;
      if (mask === 0) header = flat.push(id, 0) - 1;
      mask |= 1 << field;
      const wire = values[field] as Wire;
      flat.push(wire);
      const digest = valueDigest(table.index, id, field, wire);
      this.#sum = (this.#sum + digest - (digests[field] as number)) | 0;
      digests[field] = digest;
    }
    if (mask !== 0) flat[header] = mask * 2;
  }

  /** An id is not given to another row for so long that one that is missing has gone. */
  #gone(table: TableLayout, leaves: number[]): void {
    const known = this.#known[table.index] as Map<number, KnownRow>;
    if (known.size === this.#state.size(table)) return;
    for (const [id, { look, digests }] of known) {
      if (look === this.#look) continue;
      known.delete(id);
      leaves.push(table.index, id, LEFT_FOR_GOOD);
      this.#sum = (this.#sum - rowDigest(table.index, id)) | 0;
      for (const digest of digests) this.#sum = (this.#sum - digest) | 0;
    }
  }
}
