/** What a proxy has carried so far. */
export interface Carried {
  /** Connections now. */
  readonly connections: number;
  /** Connections that there were, with those that there are. */
  readonly accepted: number;
  readonly bytes: { readonly up: number; readonly down: number };
}

/** One line of a proxy that runs: `3 connections, 1.2 kB/s up, 48.0 kB/s down`. */
export function rateLine(before: Carried, now: Carried, seconds: number): string {
  const rate = (way: "up" | "down"): string =>
    `${size((now.bytes[way] - before.bytes[way]) / seconds)}/s ${way}`;
  return `${counted(now.connections)}, ${rate("up")}, ${rate("down")}`;
}

/** What it came to: `7 connections, 15.1 kB up, 2.1 MB down`. */
export function totalLine({ accepted, bytes }: Carried): string {
  return `${counted(accepted)}, ${size(bytes.up)} up, ${size(bytes.down)} down`;
}

function counted(connections: number): string {
  return `${connections} connection${connections === 1 ? "" : "s"}`;
}

function size(bytes: number): string {
  if (bytes < 1_000) return `${bytes.toFixed(0)} B`;
  if (bytes < 1_000_000) return `${(bytes / 1_000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
