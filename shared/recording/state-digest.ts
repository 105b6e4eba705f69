import type { Wire } from "../state/field-codec.ts";

/**
 * The hash of one committed value at its place. A state's digest is the sum of these over all its values, modulo 2^32:
 * so a change costs as much as what changed, in whatever order, and a state is never walked as a whole. It tells
 * states apart (two different ones are alike once in 2^32); it protects nothing from somebody who wants a collision.
 *
 * Source of the mixing: Austin Appleby, MurmurHash3_x86_32.
 */
export function valueDigest(table: number, row: number, field: number, wire: Wire): number {
  return finish(mixWire(mix(mix(mix(0x9747b28c, table), row), field), wire));
}

/** The digest of a row that has no field, so that its coming and going counts. */
export function rowDigest(table: number, row: number): number {
  return finish(mix(mix(0x3c6ef372, table), row));
}

/** The digest of a state by its rows. */
export function digestOf(
  tables: Iterable<readonly [table: number, rows: Iterable<readonly [id: number, values: readonly Wire[]]>]>,
): number {
  let sum = 0;
  for (const [table, rows] of tables)
    for (const [id, values] of rows) {
      sum = (sum + rowDigest(table, id)) | 0;
      values.forEach((wire, field) => {
        sum = (sum + valueDigest(table, id, field, wire)) | 0;
      });
    }
  return sum >>> 0;
}

function mixWire(hash: number, wire: Wire | undefined): number {
  if (typeof wire === "number") return mixNumber(mix(hash, 1), wire);
  if (typeof wire === "boolean") return mix(mix(hash, 2), wire ? 1 : 0);
  if (typeof wire === "string") {
    let mixed = mix(mix(hash, 3), wire.length);
    for (let i = 0; i < wire.length; i++) mixed = mix(mixed, wire.charCodeAt(i));
    return mixed;
  }
  if (wire instanceof Uint8Array) {
    let mixed = mix(mix(hash, 4), wire.length);
    for (const byte of wire) mixed = mix(mixed, byte);
    return mixed;
  }
  if (Array.isArray(wire)) {
    let mixed = mix(mix(hash, 5), wire.length);
    for (const item of wire as readonly Wire[]) mixed = mixWire(mixed, item);
    return mixed;
  }
  return mix(hash, 6);
}

/** Wire numbers are integers of up to 53 bits. */
function mixNumber(hash: number, value: number): number {
  return mix(mix(hash, value | 0), Math.floor(value / 0x1_0000_0000) | 0);
}

function mix(hash: number, word: number): number {
  let k = Math.imul(word, 0xcc9e2d51);
  k = (k << 15) | (k >>> 17);
  const mixed = hash ^ Math.imul(k, 0x1b873593);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

function finish(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) | 0;
}
