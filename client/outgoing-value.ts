import { encode } from "../shared/protocol/codec.ts";
import { DEFAULT_MAX_MESSAGE_BYTES } from "../shared/protocol/frames.ts";

/** The server's own bounds on a message, less what a frame has around a value. */
const MAX_DEPTH = 7;
const MAX_VALUES = 4_080;
const MAX_BYTES = DEFAULT_MAX_MESSAGE_BYTES - 64;

/**
 * Refuses a value of the game's own making that the protocol does not allow: the server would end the connection
 * over it, so the author is told at the call.
 *
 * @param what names the value in the error
 * @throws TypeError that names the place of what is neither null, boolean, finite number, well-formed text,
 * `Uint8Array`, nor an array or object of these, and what is too much for one message
 */
export function assertSendable(value: unknown, what: string): void {
  const problem = problemOf(value, what, 1, { values: 0 }) ?? problemOfSize(value, what);
  if (problem !== undefined) throw new TypeError(`${problem}, which cannot be sent`);
}

function problemOf(
  value: unknown,
  place: string,
  depth: number,
  count: { values: number },
): string | undefined {
  count.values += 1;
  if (count.values > MAX_VALUES) return `${place} comes behind ${MAX_VALUES} other values`;
  if (value === undefined || value === null || typeof value === "boolean") return undefined;
  if (typeof value === "number") return Number.isFinite(value) ? undefined : `${place} is ${value}`;
  if (typeof value === "string") return value.isWellFormed() ? undefined : `${place} has half a character`;
  if (typeof value !== "object") return `${place} is a ${typeof value}`;
  if (value instanceof Uint8Array) return undefined;
  const type = Object.prototype.toString.call(value).slice(8, -1);
  if (type !== "Array" && type !== "Object") return `${place} is a ${type}`;
  if (depth > MAX_DEPTH) return `${place} is more than ${MAX_DEPTH} levels deep`;
  return Array.isArray(value)
    ? problemOfItems(value, place, depth, count)
    : problemOfProperties(value, place, depth, count);
}

/** Holes are values on the wire. */
function problemOfItems(
  items: readonly unknown[],
  place: string,
  depth: number,
  count: { values: number },
): string | undefined {
  for (let i = 0; i < items.length; i++) {
    const problem = problemOf(items[i], `${place}.${i}`, depth + 1, count);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function problemOfProperties(
  value: object,
  place: string,
  depth: number,
  count: { values: number },
): string | undefined {
  for (const [key, item] of Object.entries(value)) {
    const problem =
      problemOfKey(key, place, depth, count) ?? problemOf(item, `${place}.${key}`, depth + 1, count);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Keys are values of their own on the wire. */
function problemOfKey(
  key: string,
  place: string,
  depth: number,
  count: { values: number },
): string | undefined {
  if (key === "__proto__") return `${place} has a key __proto__`;
  return problemOf(key, `a key of ${place}`, depth, count);
}

function problemOfSize(value: unknown, what: string): string | undefined {
  const { length } = encode(value);
  return length > MAX_BYTES ? `${what} takes ${length} bytes of at most ${MAX_BYTES}` : undefined;
}
