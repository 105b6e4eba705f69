/** The client SDK for pages, and for all that has a `WebSocket` of its own. */

import { SystemClock } from "../shared/platform/system-clock.ts";
import { openBrowserSocket } from "./browser-socket.ts";
import { type Connect, type ConnectGeneric, connectWith } from "./connect.ts";

const ways = connectWith({
  openSocket: openBrowserSocket,
  clock: new SystemClock(),
  /** As of the call, for a page may move on. Workers have a location, too; runtimes without pages have none. */
  get page() {
    return typeof location === "undefined" ? undefined : location.href;
  },
});

/** Joins a room of a game: see {@link Connect}. */
export const connect: Connect = ways.connect;
/** Joins a room of any game, without its definition: see {@link ConnectGeneric}. */
export const connectGeneric: ConnectGeneric = ways.connectGeneric;
export * from "./exports.ts";
