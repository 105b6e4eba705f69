import { peers } from "../peers/peers.ts";
import type { SystemName } from "../scenarios/scenario.ts";
import type { System } from "./system.ts";

export const systems: Readonly<Record<SystemName, System>> = {
  tickcast: {
    title: "Tickcast",
    entry: new URL("./tickcast-server.js", import.meta.url),
    hasState: true,
    loop: "scheduled",
  },
  ...peers,
  uws: {
    title: "bare uWS",
    entry: new URL("./bare-uws-server.js", import.meta.url),
    hasState: false,
    loop: "scheduled",
  },
};

/** All of them, in the order of reports. */
export const systemNames = Object.keys(systems) as readonly SystemName[];
