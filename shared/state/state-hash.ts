import type { Wire } from "./field-codec.ts";
import { Fnv1a } from "./fnv1a.ts";

export interface HashedTable {
  /** Which fields count. */
  readonly mask: number;
  /** In any order. */
  readonly rows: readonly { readonly id: number; readonly values: readonly (Wire | undefined)[] }[];
}

/** A hash of quantised rows: equal on two machines exactly where they hold the same state, but for collisions. */
export function stateHash(tables: readonly HashedTable[]): string {
  const hash = new Fnv1a();
  tables.forEach(({ mask, rows }, table) => {
    if (mask === 0) return;
    hash.integer(table).integer(rows.length);
    for (const { id, values } of inOrder(rows)) {
      hash.integer(id);
      for (let field = 0, rest = mask; rest !== 0; field++, rest >>>= 1)
        if ((rest & 1) === 1) hashWire(hash, values[field]);
    }
  });
  return hash.hex();
}

/** Rows come by id as a rule: ids are given in rising order. */
function inOrder(rows: HashedTable["rows"]): HashedTable["rows"] {
  let last = Number.NEGATIVE_INFINITY;
  for (const { id } of rows) {
    if (id < last) return rows.toSorted((a, b) => a.id - b.id);
    last = id;
  }
  return rows;
}

function hashWire(hash: Fnv1a, wire: Wire | undefined): void {
  if (typeof wire === "number") hash.byte(1).integer(wire);
  else if (typeof wire === "boolean") hash.byte(2).byte(wire ? 1 : 0);
  else if (typeof wire === "string") hash.byte(3).text(wire);
  else if (wire instanceof Uint8Array) {
    hash.byte(4).integer(wire.length);
    for (const byte of wire) hash.byte(byte);
  } else if (Array.isArray(wire)) {
    hash.byte(5).integer(wire.length);
    for (const item of wire) hashWire(hash, item);
  } else hash.byte(6);
}
