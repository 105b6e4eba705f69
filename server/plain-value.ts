/** Deeper than any value that somebody wrote down on purpose: a cycle. */
const DEEPEST = 64;

/** What is to hold a value. JSON has neither bytes nor NaN and the infinities. */
export type Carrier = "messagepack" | "json";

/**
 * Whether a value is plain data: what is saved of it is all of it, and comes back as it was. Otherwise what is not, as
 * a sentence without its end.
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
      const problem = notPlain(`${name}[${i}]`, value[i], carrier, depth + 1);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    return `${name} is a ${(value as object).constructor?.name || "class of its own"}`;
  for (const [key, property] of Object.entries(value)) {
    const problem = notPlain(`${name}.${key}`, property, carrier, depth + 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
