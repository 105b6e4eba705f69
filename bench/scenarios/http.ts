import { defineRoom, type RoomDefinition } from "../../server/room/define-room.ts";
import type { Game } from "../../shared/definition/game.ts";
import { angle, defineGame, fixed, held, table } from "../../shared/game.ts";
import { ClientFrame } from "../../shared/protocol/frames.ts";
import type { Scenario } from "./scenario.ts";

/** How this scenario is run; each can be changed on the command line. */
export interface HttpLoad {
  readonly rooms: number;
  /** Of each room. */
  readonly players: number;
  /** Of each of the two windows. */
  readonly seconds: number;
  /** HTTP connections, all endpoints together. */
  readonly connections: number;
}

interface HttpScenario extends Scenario {
  readonly defaults: HttpLoad;
  /** Ticks a second. */
  readonly hz: number;
}

const WIDTH = 1000;
const SPEED = 100;

/** How long a room that `POST /rooms` made stays: nobody comes. */
export const EMPTY_FOR_MS = 15_000;

/** Played in at most: those that are made beside them fit into a server, too. */
export const MAX_ROOMS = 500;

const httpGame = (hz: number) =>
  defineGame({
    name: "http",
    tickRate: hz,
    state: {
      players: table({ x: fixed(0, WIDTH, 0.1), y: fixed(0, WIDTH, 0.1) }, { owner: "player" }),
    },
    input: { heading: held(angle()) },
  });

/** Small rooms in which everyone moves: what a server of many matches does between its requests. */
function httpRoom(hz: number, maxPlayers: number): RoomDefinition {
  return defineRoom(httpGame(hz), {
    maxPlayers,
    emptyForMs: EMPTY_FOR_MS,
    join(room, { row }) {
      row.x = room.random() * WIDTH;
      row.y = room.random() * WIDTH;
    },
    tick(room, dt) {
      for (const { row, input } of room.players) {
        row.x = (row.x + WIDTH + Math.cos(input.heading) * SPEED * dt) % WIDTH;
        row.y = (row.y + WIDTH + Math.sin(input.heading) * SPEED * dt) % WIDTH;
      }
    },
  });
}

export const http: HttpScenario = {
  name: "http",
  says: "GET /rooms, GET /health and POST /rooms while rooms are played in, and what that does to their ticks",
  defaults: { rooms: 20, players: 4, seconds: 5, connections: 50 },
  hz: 20,
  game: (hz) => httpGame(hz) as unknown as Game,
  room: httpRoom,
  // An input for tick 0 always comes late: the first takes effect, the others say that the player is there.
  inbound: { kind: "repeated", frame: [ClientFrame.input, 0, 0, 100], everyMs: 50 },
};
