import type { ServerApp } from "../../server/serve.ts";
import { flightGame, flightRoom } from "../scenarios/fanout.ts";

/** Units of a room, as in the benchmark of many rooms: about what a match of four has that moves. */
const ROWS = 8;

export const PLAYERS_A_ROOM = 4;
export const HZ = 20;

export const matchGame = flightGame("match", HZ);

/** What `tickcast start` serves here. */
export const app: ServerApp = { rooms: [flightRoom(matchGame, ROWS, PLAYERS_A_ROOM)] };
