import { defineRoom, type RoomDefinition } from "../../server/room/define-room.ts";
import type { Game } from "../../shared/definition/game.ts";
import { angle, defineGame, fixed, table, text, u8 } from "../../shared/game.ts";
import { ClientFrame } from "../../shared/protocol/frames.ts";
import { peersFor } from "../peers/peers.ts";
import type { FanoutScenario } from "./scenario.ts";

/** Units, each a row. */
export const ROWS = 200;
/** Of the square that they fly in. */
export const WIDTH = 4000;

/** A game of flying units, by the name of its scenario. */
export const flightGame = (name: string, hz: number) =>
  defineGame({
    name,
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

/** Where a unit is and looks. */
export interface Unit {
  x: number;
  y: number;
  heading: number;
}

export interface Motion {
  readonly vx: number;
  readonly vy: number;
  readonly turn: number;
}

/** Fast enough that every field differs on the wire after each tick, at any rate up to 240 Hz. */
const SLOWEST = 40;
const FASTEST = 160;
const SLOWEST_TURN = 6.5;

/** A unit's beginnings and how it flies, drawn from `random`: alike in every system that draws from one seed. */
export function launch(random: () => number): { readonly unit: Unit; readonly motion: Motion } {
  const speed = (): number => SLOWEST + random() * (FASTEST - SLOWEST);
  const unit = { x: random() * WIDTH, y: random() * WIDTH, heading: random() * 2 * Math.PI };
  return { unit, motion: { vx: speed(), vy: speed(), turn: SLOWEST_TURN + random() } };
}

/** Moves a unit straight on a torus. */
export function fly(unit: Unit, { vx, vy, turn }: Motion, dt: number): void {
  unit.x = (unit.x + vx * dt) % WIDTH;
  unit.y = (unit.y + vy * dt) % WIDTH;
  unit.heading += turn * dt;
}

/**
 * So many units that everyone sees. They fly straight on a torus, so x, y and heading of each change in every
 * tick; name and hit points stay.
 */
export function flightRoom(
  game: ReturnType<typeof flightGame>,
  rows: number,
  maxPlayers: number,
): RoomDefinition {
  return defineRoom(game, {
    maxPlayers,
    emptyForMs: 600_000,
    data: (): Motion[] => [],
    create(room) {
      for (let i = 0; i < rows; i++) {
        const { unit, motion } = launch(() => room.random());
        room.state.units.add({ name: `unit ${i}`, ...unit, hp: 100 });
        room.data.push(motion);
      }
    },
    tick(room, dt) {
      let i = 0;
      for (const unit of room.state.units) {
        const motion = room.data[i++];
        if (motion === undefined) break;
        fly(unit, motion, dt);
      }
    },
  });
}

const NAME = "fanout";

/** Everyone sees everything: the plainest load there is, and the worst for a server, as each frame goes to all. */
export const fanout: FanoutScenario = {
  name: NAME,
  says: `a room of ${ROWS} rows, three fields of each changing every tick, sent to everyone`,
  defaults: { clients: 200, hz: 20, seconds: 5, warmupSeconds: 1, mirrors: 3 },
  game: (hz) => flightGame(NAME, hz) as unknown as Game,
  room: (hz, maxPlayers) => flightRoom(flightGame(NAME, hz), ROWS, maxPlayers),
  // A stamp as clients write it, with a fraction: float64, and a pong of twenty bytes.
  inbound: { kind: "repeated", frame: [ClientFrame.ping, 1234.5], everyMs: 1000 },
  systems: ["tickcast", "uws"],
  peers: peersFor(NAME),
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
