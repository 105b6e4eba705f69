/** The client SDK for Node: bots, tests, tools, servers that play. */

import { clockId, NodeClock } from "../shared/platform/node-clock.ts";
import { type Connect, type ConnectGeneric, connectWith } from "./connect.ts";
import { openNodeSocket } from "./node-socket.ts";

const ways = connectWith({ openSocket: openNodeSocket, clock: new NodeClock(), clockId: clockId() });

/** Joins a room of a game: see {@link Connect}. */
export const connect: Connect = ways.connect;
/** Joins a room of any game, without its definition: see {@link ConnectGeneric}. */
export const connectGeneric: ConnectGeneric = ways.connectGeneric;
export * from "./exports.ts";
