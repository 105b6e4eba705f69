import * as v from "valibot";
import { defineRoom, type RoomDefinition } from "../../server/room/define-room.ts";
import type { Game } from "../../shared/definition/game.ts";
import { defineGame, fixed, table, u16 } from "../../shared/game.ts";
import { ClientFrame } from "../../shared/protocol/frames.ts";
import type { Bound } from "../report/bounds.ts";
import type { Scenario } from "./scenario.ts";
import { scattered } from "./steering-script.ts";

/** How this scenario is run; each can be changed on the command line. */
export interface JoinStormLoad {
  /** Who are there and play, before anybody else comes. */
  readonly clients: number;
  /** Who come, all within a second. */
  readonly joiners: number;
  /** Of each of two windows: a quiet one, and one that begins with the storm. */
  readonly seconds: number;
}

/** The figures of its report that are bounded. */
export type JoinStormFigure = "keyframesBeyondStreams" | "latenessMs.max";

interface JoinStormScenario extends Scenario {
  readonly hz: number;
  readonly defaults: JoinStormLoad;
  readonly bounds: readonly Bound<JoinStormLoad, JoinStormFigure>[];
}

/** Who may join at most, beside those who are there. */
export const MAX_JOINERS = 10_000;

const WIDTH = 4000;
const CELL_SIZE = 250;
/** Units a second. */
const SPEED = 100;

const joinStormGame = (hz: number) =>
  defineGame({
    name: "join-storm",
    tickRate: hz,
    join: v.object({ number: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffff)) }),
    state: {
      players: table(
        { number: u16, x: fixed(0, WIDTH, 0.1), y: fixed(0, WIDTH, 0.1) },
        { owner: "player", position: ["x", "y"] },
      ),
    },
  });

/** A way along one axis, folded back at the walls: where a player is after so many seconds. */
function along(number: number, axis: number, seconds: number): number {
  const start = (scattered(number, -1 - axis) / 2 ** 32) * WIDTH;
  const way = (start + seconds * SPEED * (axis === 0 ? 0.8 : 0.6)) % (2 * WIDTH);
  return way > WIDTH ? 2 * WIDTH - way : way;
}

/** Everyone walks, from places that follow from their numbers, and sees nine cells. */
function joinStormRoom(hz: number, maxPlayers: number): RoomDefinition {
  return defineRoom(joinStormGame(hz), {
    maxPlayers: maxPlayers + MAX_JOINERS,
    emptyForMs: 600_000,
    interest: { cellSize: CELL_SIZE, radius: 1 },
    join(_room, { row }, { number }) {
      row.number = number;
    },
    tick(room) {
      const seconds = room.tick / hz;
      for (const { row } of room.players) {
        row.x = along(row.number, 0, seconds);
        row.y = along(row.number, 1, seconds);
      }
    },
  });
}

export const joinStorm: JoinStormScenario = {
  name: "join-storm",
  says: "players who all walk and see nine cells, and many more who join within a second",
  hz: 20,
  defaults: { clients: 200, joiners: 1000, seconds: 3 },
  game: (hz) => joinStormGame(hz) as unknown as Game,
  room: joinStormRoom,
  joinOf: (client) => ({ number: client }),
  inbound: { kind: "repeated", frame: [ClientFrame.ping, 1234.5], everyMs: 1000 },
  bounds: [
    {
      says: "at most one keyframe is encoded a stream and tick: those beyond that",
      appliesTo: () => true,
      figure: "keyframesBeyondStreams",
      atMost: 0,
    },
    {
      says: "no tick begins more than a tenth of a period late while they join: milliseconds",
      appliesTo: ({ joiners }) => joiners <= 1000,
      figure: "latenessMs.max",
      atMost: 5,
    },
  ],
};
