import type { System } from "../systems/system.ts";

/** A system that somebody else wrote, measured under the same load. */
export interface Peer extends System {
  /** The folder of its packages, as `npm run bench:peers` names it. */
  readonly folder: string;
  /** The scenario that it can play. */
  readonly plays: "fanout" | "crowd";
}

/** The peers that can be measured, by the names in reports. */
export type PeerName =
  | "ws"
  | "socketio"
  | "colyseus-ws"
  | "colyseus-ws-aligned"
  | "colyseus-uws"
  | "colyseus-uws-aligned"
  | "colyseus-uws-views";

/** Where the peers' own modules stand: beside the sources, since their packages do. Seen from the build. */
const FOLDER = new URL("../../../bench/peers/", import.meta.url);

const socketioLoad = new URL("./load/socketio-load-process.js", import.meta.url);
const colyseusLoad = new URL("./load/colyseus-load-process.js", import.meta.url);

const colyseus = (
  title: string,
  module: string,
  loop: System["loop"],
  plays: Peer["plays"] = "fanout",
): Peer => ({
  title,
  plays,
  folder: "colyseus",
  entry: new URL(`colyseus/${module}.js`, FOLDER),
  load: colyseusLoad,
  hasState: false,
  sight: plays === "crowd" ? "near" : "everything",
  loop,
});

export const peers: Readonly<Record<PeerName, Peer>> = {
  ws: {
    title: "ws",
    plays: "fanout",
    folder: "ws",
    entry: new URL("ws/server.js", FOLDER),
    hasState: false,
    sight: "everything",
    loop: "scheduled",
  },
  socketio: {
    title: "Socket.IO",
    plays: "fanout",
    folder: "socketio",
    entry: new URL("socketio/server.js", FOLDER),
    load: socketioLoad,
    hasState: false,
    sight: "everything",
    loop: "scheduled",
  },
  "colyseus-ws": colyseus("Colyseus ws", "ws-default", "own"),
  "colyseus-ws-aligned": colyseus("Colyseus ws, aligned", "ws-aligned", "scheduled"),
  "colyseus-uws": colyseus("Colyseus uWS", "uws-default", "own"),
  "colyseus-uws-aligned": colyseus("Colyseus uWS, aligned", "uws-aligned", "scheduled"),
  "colyseus-uws-views": colyseus("Colyseus uWS, views", "uws-views", "scheduled", "crowd"),
};

/** In the order of reports. */
export const peerNames = Object.keys(peers) as readonly PeerName[];

/** Those that can play a scenario. */
export function peersFor(scenario: Peer["plays"]): readonly PeerName[] {
  return peerNames.filter((name) => peers[name].plays === scenario);
}

export function isPeer(name: string): name is PeerName {
  return Object.hasOwn(peers, name);
}
