/** Where lines of the log go; a logger of pino is one. */
export interface Log {
  /** Each player and room that comes. */
  debug(fields: object, message: string): void;
  /** What belongs to a normal day. */
  info(fields: object, message: string): void;
  /** What went on, but not as it should. */
  warn(fields: object, message: string): void;
  /** What somebody has to mend. */
  error(fields: object, message: string): void;
}

export const logLevels = ["debug", "info", "warn", "error", "silent"] as const;
/** From which level on lines are written. */
export type LogLevel = (typeof logLevels)[number];

export const logFormats = ["auto", "pretty", "json"] as const;
/** `auto`: for people at a terminal, JSON anywhere else. */
export type LogFormat = (typeof logFormats)[number];
