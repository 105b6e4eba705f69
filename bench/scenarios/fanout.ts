import { defineRoom, type RoomDefinition } from "../../server/room/define-room.ts";
import type { Game } from "../../shared/definition/game.ts";
import { angle, defineGame, fixed, table, text, u8 } from "../../shared/game.ts";
import { ClientFrame } from "../../shared/protocol/frames.ts";
import type { FanoutScenario } from "./scenario.ts";

const ROWS = 200;
const WIDTH = 4000;

const fanoutGame = (hz: number) =>
  defineGame({
    name: "fanout",
    tickRate: hz,
    state: {
      units: table({
        name: text(16),
        x: fixed(0, WIDTH, 0.1),
        y: fixed(0, WIDTH, 0.1),
        heading: angle(),
        hp: u8,
      }),
    },
  });

interface Motion {
  readonly vx: number;
  readonly vy: number;
  readonly turn: number;
}

/** Fast enough that every field differs on the wire after each tick, at any rate up to 240 Hz. */
const SLOWEST = 40;
const FASTEST = 160;
const SLOWEST_TURN = 6.5;

/**
 * Everyone sees everything: the plainest load there is, and the worst for a server, as each frame goes to all.
 * Units fly straight on a torus, so x, y and heading of each change in every tick; name and hit points stay.
 */
function fanoutRoom(hz: number, maxPlayers: number): RoomDefinition {
  return defineRoom(fanoutGame(hz), {
    maxPlayers,
    emptyForMs: 600_000,
    data: (): Motion[] => [],
    create(room) {
      const speed = (): number => SLOWEST + room.random() * (FASTEST - SLOWEST);
      for (let i = 0; i < ROWS; i++) {
        room.state.units.add({
          name: `unit ${i}`,
          x: room.random() * WIDTH,
          y: room.random() * WIDTH,
          heading: room.random() * 2 * Math.PI,
          hp: 100,
        });
        room.data.push({ vx: speed(), vy: speed(), turn: SLOWEST_TURN + room.random() });
      }
    },
    tick(room, dt) {
      let i = 0;
      for (const unit of room.state.units) {
        const motion = room.data[i++];
        if (motion === undefined) break;
        unit.x = (unit.x + motion.vx * dt) % WIDTH;
        unit.y = (unit.y + motion.vy * dt) % WIDTH;
        unit.heading += motion.turn * dt;
      }
    },
  });
}

export const fanout: FanoutScenario = {
  name: "fanout",
  says: `a room of ${ROWS} rows, three fields of each changing every tick, sent to everyone`,
  defaults: { clients: 200, hz: 20, seconds: 5, warmupSeconds: 1, mirrors: 3 },
  game: (hz) => fanoutGame(hz) as unknown as Game,
  room: fanoutRoom,
  // A stamp as clients write it, with a fraction: float64, and a pong of twenty bytes.
  inbound: { kind: "repeated", frame: [ClientFrame.ping, 1234.5], everyMs: 1000 },
  systems: ["tickcast", "uws"],
  beside: [],
  comparedWith: "a bare uWebSockets server that sends the same bytes",
  targets: [
    {
      says: "server CPU per delivered frame at most 1.15 × the bare server's, median of five pairs at 1,000 clients",
      appliesTo: ({ clients }, pairs) => clients >= 1000 && pairs >= 5,
      figure: "ratio.serverCpuUsPerFrame",
      atMost: 1.15,
    },
    {
      says: "99 % of ticks begin within 2 ms of their time, at 200 clients",
      appliesTo: ({ clients }) => clients === 200,
      figure: "latenessMs.p99",
      atMost: 2,
    },
  ],
};
