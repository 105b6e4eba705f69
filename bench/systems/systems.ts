import type { SightVariant, SystemName } from "../scenarios/scenario.ts";

/** What is known of a system before it runs. */
export interface System {
  /** As people call it. */
  readonly title: string;
  /** The module of its server process. */
  readonly entry: URL;
  /** Whether it keeps a game's state, which mirrors can be compared with. */
  readonly hasState: boolean;
  /** What its players see, where the scenario has a choice. */
  readonly sight: SightVariant;
}

export const systems: Readonly<Record<SystemName, System>> = {
  tickcast: {
    title: "Tickcast",
    entry: new URL("./tickcast-server.js", import.meta.url),
    hasState: true,
    sight: "near",
  },
  "tickcast-whole": {
    title: "all to all",
    entry: new URL("./tickcast-server.js", import.meta.url),
    hasState: true,
    sight: "everything",
  },
  uws: {
    title: "bare uWS",
    entry: new URL("./bare-uws-server.js", import.meta.url),
    hasState: false,
    sight: "near",
  },
  "uws-replay": {
    title: "bare uWS",
    entry: new URL("./bare-replay-server.js", import.meta.url),
    hasState: false,
    sight: "near",
  },
};
