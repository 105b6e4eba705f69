import type { Kept } from "../../shared/recording/format.ts";

/** Deeper is no plain data, but a cycle. */
const MOST_DEPTH = 32;

/** A copy of a value, where it is plain data; nil where it is anything that MessagePack cannot bring back as it was. */
export function keptOf(value: unknown): Kept {
  if (value === undefined) return [];
  return isPlain(value, MOST_DEPTH) ? [structuredClone(value)] : null;
}

function isPlain(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case "undefined":
    case "boolean":
    case "string":
    case "number":
      return true;
    case "object":
      break;
    default:
      return false;
  }
  if (value === null) return true;
  if (depth === 0) return false;
  if (Array.isArray(value)) return value.every((item) => isPlain(item, depth - 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Uint8Array.prototype) return true;
  if (prototype !== Object.prototype && prototype !== null) return false;
  return Object.values(value as object).every((item) => isPlain(item, depth - 1));
}
