import { InvalidArgumentError } from "commander";

export interface Target {
  readonly host: string;
  readonly port: number;
}

/** A place to connect to: `127.0.0.1:3000`, `[::1]:3000`, `:3000` or `3000`. */
export function target(value: string): Target {
  const [, bracketed, plain, digits] =
    /^(?:(?:\[([\da-fA-F:.]+)\]|([^:\s/]*)):)?(\d{1,5})$/.exec(value) ?? [];
  const port = Number(digits);
  if (!(port >= 1 && port <= 65_535))
    throw new InvalidArgumentError("It is a host and a port, like 127.0.0.1:3000.");
  return { host: bracketed || plain || "127.0.0.1", port };
}

/** A port number, 0 included. */
export function port(value: string): number {
  if (!/^\d{1,5}$/.test(value) || Number(value) > 65_535)
    throw new InvalidArgumentError("A port is a whole number from 0 to 65535.");
  return Number(value);
}
