/** Deeper than any value that somebody wrote down on purpose: a cycle. */
const DEEPEST = 64;

/**
 * Whether a value is plain data: what is saved of it is all of it, and comes back as it was. Otherwise what is not, as
 * the end of a sentence.
 *
 * @param name what the value is called in that sentence
 */
export function notPlain(name: string, value: unknown, depth = 0): string | undefined {
  switch (typeof value) {
    case "undefined":
    case "boolean":
    case "number":
    case "string":
      return undefined;
    case "object":
      break;
    default:
      return `${name} is a ${typeof value}`;
  }
  if (value === null || value instanceof Uint8Array) return undefined;
  if (depth > DEEPEST) return `${name.slice(0, 40)}… goes on for ever`;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const problem = notPlain(`${name}[${i}]`, value[i], depth + 1);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    return `${name} is a ${(value as object).constructor?.name || "class of its own"}`;
  for (const [key, property] of Object.entries(value)) {
    const problem = notPlain(`${name}.${key}`, property, depth + 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
