/** One line of pino's JSON, parsed. */
export interface LogLine {
  readonly level: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly msg?: string;
  readonly err?: { readonly stack?: string; readonly message?: string };
  readonly [field: string]: unknown;
}

/** pino's numbers, at which a line is at least so bad. */
const LEVELS = [
  { from: 50, name: "ERROR", colour: 31 },
  { from: 40, name: "WARN ", colour: 33 },
  { from: 30, name: "INFO ", colour: 32 },
  { from: 0, name: "DEBUG", colour: 90 },
];

/** A line of the log as people read it: time, level, message, then the fields, then an error's stack. */
export function prettyLine(
  { level, time, msg = "", err, ...fields }: LogLine,
  colours: "on" | "off",
): string {
  const paint = (code: number, text: string): string =>
    colours === "on" ? `\u001b[${code}m${text}\u001b[0m` : text;
  const kind = LEVELS.find(({ from }) => level >= from);
  const said = Object.entries(fields).map(([name, value]) => `${name}=${plain(value)}`);
  const head = `${clockTime(time)} ${paint(kind?.colour ?? 0, kind?.name ?? "")} ${msg}`;
  const line = said.length === 0 ? head : `${head} ${paint(90, said.join(" "))}`;
  const stack = err?.stack ?? err?.message;
  return stack === undefined ? `${line}\n` : `${line}\n${stack.replace(/^/gm, "    ")}\n`;
}

/** Text without spaces as it is, anything else as JSON, whose escapes a terminal does not obey. */
function plain(value: unknown): string {
  return typeof value === "string" && /^[\w./:@-]+$/.test(value) ? value : JSON.stringify(value);
}

function clockTime(time: number): string {
  const date = new Date(time);
  const two = (part: number): string => String(part).padStart(2, "0");
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
