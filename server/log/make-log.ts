import { type DestinationStream, pino } from "pino";
import type { Log, LogFormat, LogLevel } from "./log.ts";
import { type LogLine, prettyLine } from "./pretty-line.ts";

export interface LogOptions {
  readonly level: LogLevel;
  readonly format: LogFormat;
  /** A terminal has colours and is written for people. */
  readonly out: { readonly isTTY?: boolean; write(text: string): unknown };
}

/** Names of what nobody may read in a log, at the top of a line's fields or one below. */
const SECRETS = [
  "token",
  "ticket",
  "presented",
  "secret",
  "password",
  "authorization",
  "cookie",
  "metricsToken",
  "adminToken",
  "ticketSecrets",
];

/** A pino logger: JSON, or for people. Secrets are replaced in both. */
export function makeLog({ level, format, out }: LogOptions): Log {
  const pretty = format === "pretty" || (format === "auto" && out.isTTY === true);
  const colours = out.isTTY === true && process.env.NO_COLOR === undefined ? "on" : "off";
  const destination: DestinationStream = {
    write: (line) => void out.write(pretty ? prettyLine(JSON.parse(line) as LogLine, colours) : line),
  };
  const paths = SECRETS.flatMap((name) => [name, `*.${name}`]);
  // Host and process id are what a collector knows of a stream already.
  return pino({ level, base: null, redact: { paths, censor: "[redacted]" } }, destination);
}
