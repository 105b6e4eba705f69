/** Equal for options that players may be brought together by, whatever the order of their keys. */
export function canonicalOptions(options: unknown): string {
  return JSON.stringify(options, sortKeys) ?? "";
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
