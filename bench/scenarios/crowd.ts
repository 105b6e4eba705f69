import * as v from "valibot";
import { defineRoom, type RoomDefinition } from "../../server/room/define-room.ts";
import type { Game } from "../../shared/definition/game.ts";
import { angle, defineGame, fixed, held, table, u16 } from "../../shared/game.ts";
import { peersFor } from "../peers/peers.ts";
import type { FanoutScenario, Layout, RoomVariant } from "./scenario.ts";
import { scattered } from "./steering-script.ts";

/** Of the square that they walk in. */
export const WIDTH = 4000;
/**
 * Nine cells of this side are 3.5 % of the world: of 1,000 players spread evenly each sees 35, and always as far
 * as 200 units in each direction. With cells of half the side and twice the radius a tick would be 25 frames
 * instead of nine, for as much in sight.
 */
export const CELL_SIZE = 250;
const RADIUS = 1;
/** Units a second: a cell is walked through in 2.5 s. */
const SPEED = 100;
/** Of the world's area, where half of the players of a clustered crowd are. */
const CLUSTER_SHARE = 0.05;

const crowdGame = (hz: number) =>
  defineGame({
    name: "crowd",
    tickRate: hz,
    join: v.object({ number: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffff)) }),
    state: {
      players: table(
        { number: u16, x: fixed(0, WIDTH, 0.1), y: fixed(0, WIDTH, 0.1), heading: angle() },
        { owner: "player", position: ["x", "y"] },
      ),
    },
    input: { heading: held(angle(), "optional") },
  });

/** A square, and a way in it that knows no walls: at each it is folded back. */
export interface Walk {
  readonly low: number;
  readonly side: number;
  east: number;
  north: number;
}

/**
 * Players who walk where they steer, all of them all the time, and see who is near. Where a player begins
 * follows from their number, and nothing is drawn by chance: the same inputs in the same ticks lead to the
 * same state, in whatever order the players came.
 */
function crowdRoom(
  hz: number,
  maxPlayers: number,
  { layout, sight }: RoomVariant = { layout: "uniform", sight: "near" },
): RoomDefinition {
  return defineRoom(crowdGame(hz), {
    maxPlayers,
    emptyForMs: 600_000,
    ...(sight === "near" && { interest: { cellSize: CELL_SIZE, radius: RADIUS } }),
    data: () => new Map<number, Walk>(),
    join(room, player, { number }) {
      const walk = walkOf(number, layout);
      room.data.set(player.id, walk);
      player.row.number = number;
      Object.assign(player.row, placeOf(walk));
    },
    leave(room, player) {
      room.data.delete(player.id);
    },
    tick(room, dt) {
      for (const { id, input, row } of room.players) {
        const walk = room.data.get(id);
        if (input.heading === undefined || walk === undefined) continue;
        goOn(walk, input.heading, dt);
        const { x, y } = placeOf(walk);
        row.x = x;
        row.y = y;
        row.heading = input.heading;
      }
    },
  });
}

/** Where a player begins, and between which walls. In a clustered crowd every other player is in the middle. */
export function walkOf(number: number, layout: Layout): Walk {
  const side = layout === "clustered" && number % 2 === 0 ? WIDTH * Math.sqrt(CLUSTER_SHARE) : WIDTH;
  const share = (axis: number): number => scattered(number, -10 - axis) / 2 ** 32;
  return { low: (WIDTH - side) / 2, side, east: share(0) * side, north: share(1) * side };
}

/** Walks on for `dt` seconds. */
export function goOn(walk: Walk, heading: number, dt: number): void {
  walk.east += Math.cos(heading) * SPEED * dt;
  walk.north += Math.sin(heading) * SPEED * dt;
}

/** Where in the world one is on a walk. */
export function placeOf(walk: Walk): { readonly x: number; readonly y: number } {
  return { x: folded(walk.east, walk), y: folded(walk.north, walk) };
}

function folded(way: number, { low, side }: Walk): number {
  const there = ((way % (2 * side)) + 2 * side) % (2 * side);
  return low + (there > side ? 2 * side - there : there);
}

export const crowd: FanoutScenario = {
  name: "crowd",
  says: `players who all walk, each sees those in nine cells of ${CELL_SIZE} × ${CELL_SIZE} in ${WIDTH} × ${WIDTH}`,
  // V8 takes its time to compile what runs once a tick, on the server's core: 0.32 ms of a tick's 13.4 six seconds after
  // everybody had joined, 0.05 after twenty. Ten seconds are measured, for a ratio of two small numbers.
  defaults: { clients: 1000, hz: 20, seconds: 10, warmupSeconds: 15, mirrors: 3, layout: "uniform" },
  game: (hz) => crowdGame(hz) as unknown as Game,
  room: crowdRoom,
  inbound: { kind: "steered" },
  joinOf: (number) => ({ number }),
  systems: ["tickcast", "uws-replay"],
  peers: peersFor("crowd"),
  beside: ["tickcast-whole"],
  comparedWith:
    "a bare uWebSockets server that sends the same frames to the same topics, and everything sent to everyone",
  targets: [
    {
      says: "bytes per client at most a tenth of those of everything sent to everyone, at 1,000 clients or more",
      appliesTo: ({ clients, layout }) => clients >= 1000 && layout === "uniform",
      figure: "ratio.bytesOfWhole",
      atMost: 0.1,
    },
    {
      says: "server CPU per client and tick at most 1.25 × the bare server's, median of five pairs at 1,000 clients",
      appliesTo: ({ clients }, pairs) => clients >= 1000 && pairs >= 5,
      figure: "ratio.serverCpuUsPerFrame",
      atMost: 1.25,
    },
    {
      says: "comparing and encoding take at most 5 % of the period, at 1,000 clients",
      appliesTo: ({ clients, layout }) => clients === 1000 && layout === "uniform",
      figure: "encoding.shareOfPeriod",
      atMost: 0.05,
    },
    {
      says: "99 % of frames arrive within 50 ms of their tick's time, at 3,000 clients",
      appliesTo: ({ clients, hz }) => clients >= 3000 && hz === 20,
      figure: "latencyMs.all.p99",
      atMost: 50,
    },
  ],
};
