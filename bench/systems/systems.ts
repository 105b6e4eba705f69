import { peers } from "../peers/peers.ts";
import type { SystemName } from "../scenarios/scenario.ts";
import type { System } from "./system.ts";

export const systems: Readonly<Record<SystemName, System>> = {
  tickcast: {
    title: "Tickcast",
    entry: new URL("./tickcast-server.js", import.meta.url),
    hasState: true,
    sight: "near",
    loop: "scheduled",
  },
  "tickcast-whole": {
    title: "all to all",
    entry: new URL("./tickcast-server.js", import.meta.url),
    hasState: true,
    sight: "everything",
    loop: "scheduled",
  },
  ...peers,
  uws: {
    title: "bare uWS",
    entry: new URL("./bare-uws-server.js", import.meta.url),
    hasState: false,
    sight: "near",
    loop: "scheduled",
  },
  "uws-replay": {
    title: "bare uWS",
    entry: new URL("./bare-replay-server.js", import.meta.url),
    hasState: false,
    sight: "near",
    loop: "scheduled",
  },
};
