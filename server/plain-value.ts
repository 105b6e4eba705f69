/** Deeper than any value that somebody wrote down on purpose: a cycle. */
const DEEPEST = 64;

/** What is to hold a value. JSON has neither bytes nor NaN and the infinities. */
export type Carrier = "messagepack" | "json";

/**
 * Whether a value is plain data: what is saved of it is all of it, and comes back as it was. Otherwise what is not, as
 * a sentence without its end.
 *
 * Some of it comes back in another way all the same: a property that is undefined is not there, −0 is 0, a `Buffer` is
 * a bare `Uint8Array`, half of a surrogate pair is U+FFFD. Symbols as keys and properties that are not enumerable are
 * not looked at.
 *
 * @param name what the value is called in that sentence
 */
export function notPlain(
  name: string,
  value: unknown,
  carrier: Carrier = "messagepack",
  depth = 0,
): string | undefined {
  switch (typeof value) {
    case "undefined":
    case "boolean":
    case "string":
      return undefined;
    case "number":
      return carrier === "json" && !Number.isFinite(value) ? `${name} is ${value}` : undefined;
    case "object":
      break;
    default:
      return `${name} is a ${typeof value}`;
  }
  if (value === null || (carrier === "messagepack" && value instanceof Uint8Array)) return undefined;
  if (depth > DEEPEST) return `${name.slice(0, 40)}… goes on for ever`;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      // It would come back as null.
      if (value[i] === undefined) return `${name}[${i}] is undefined`;
      const problem = notPlain(`${name}[${i}]`, value[i], carrier, depth + 1);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    return `${name} is a ${(value as object).constructor?.name || "class of its own"}`;
  for (const [key, property] of Object.entries(value)) {
    // It would come back under another name, so that it sets no prototype.
    if (key === "__proto__") return `${name} has the key "__proto__"`;
    const problem = notPlain(`${name}.${key}`, property, carrier, depth + 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
