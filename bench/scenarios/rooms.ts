import type { Game } from "../../shared/definition/game.ts";
import { ClientFrame } from "../../shared/protocol/frames.ts";
import { flightGame, flightRoom } from "./fanout.ts";
import type { FanoutScenario } from "./scenario.ts";

/** Of each room: about what a match of four has that moves. */
const ROWS = 8;

const NAME = "rooms";
const ROOMS = 1000;
const PLAYERS = 4;

/**
 * Many small rooms in one process: here it is not the fan-out that costs, but that a tick of some room is due at
 * nearly any time. All rooms play the same game, each at its own moment of the period.
 */
export const rooms: FanoutScenario = {
  name: NAME,
  says: `many rooms of ${ROWS} rows, three fields of each changing every tick, sent to the players of the room`,
  defaults: {
    rooms: ROOMS,
    clients: ROOMS * PLAYERS,
    hz: 20,
    seconds: 5,
    warmupSeconds: 4,
    mirrors: 3,
  },
  game: (hz) => flightGame(NAME, hz) as unknown as Game,
  room: (hz, maxPlayers) => flightRoom(flightGame(NAME, hz), ROWS, maxPlayers),
  inbound: { kind: "repeated", frame: [ClientFrame.ping, 1234.5], everyMs: 1000 },
  systems: ["tickcast", "uws"],
  peers: [],
  beside: [],
  comparedWith: "a bare uWebSockets server that publishes the same bytes to as many topics at the same times",
  targets: [
    {
      says: "99 % of ticks begin within 2 ms of their time, with 1,000 rooms of four players at 20 Hz",
      appliesTo: ({ rooms = 1, clients, hz }) => rooms === 1000 && clients === 4000 && hz === 20,
      figure: "latenessMs.p99",
      atMost: 2,
    },
  ],
};
