/** A list of numbers as `JSON.stringify` indents it. No string matches: within them line breaks are escaped. */
const NUMBERS = /\[\n\s+(?:(?:-?[\d.][\d.e+-]*|null),?\n\s*)+\]/g;

/** A report as a file: indented, but for lists of numbers, of which each is one line. */
export function jsonText(report: unknown): string {
  const text = JSON.stringify(report, null, 2).replace(NUMBERS, (list) =>
    list.replace(/\s+/g, " ").replace("[ ", "[").replace(" ]", "]"),
  );
  return `${text}\n`;
}
