/** Where lines of the log go; a logger of pino is one. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export const logLevels = ["debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

export const logFormats = ["auto", "pretty", "json"] as const;
/** `auto`: for people at a terminal, JSON anywhere else. */
export type LogFormat = (typeof logFormats)[number];
