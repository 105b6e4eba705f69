import type { SystemName } from "../scenarios/scenario.ts";

/** What is known of a system before it runs. */
export interface System {
  /** As people call it. */
  readonly title: string;
  /** The module of its server process. */
  readonly entry: URL;
  /** Whether it keeps a game's state, which mirrors can be compared with. */
  readonly hasState: boolean;
}

export const systems: Readonly<Record<SystemName, System>> = {
  tickcast: {
    title: "Tickcast",
    entry: new URL("./tickcast-server.js", import.meta.url),
    hasState: true,
  },
  uws: {
    title: "bare uWS",
    entry: new URL("./bare-uws-server.js", import.meta.url),
    hasState: false,
  },
};
