import type { RunSpec } from "../run/messages.ts";

/** What the processes are told of a game of somebody's own. */
export interface GameRunSpec extends RunSpec {
  /** URLs of the modules that export its room and its bot. */
  readonly modules: { readonly room: string; readonly bot: string };
  /** A recording whose players the bots play. */
  readonly recording?: string;
  /** What the bots' chance derives from. */
  readonly seed: number;
}

/** @throws Error where a process was told of another scenario */
export function gameSpec(spec: RunSpec): GameRunSpec {
  if (!("modules" in spec)) throw new Error(`${spec.scenario} is no game of somebody's own`);
  return spec as GameRunSpec;
}
