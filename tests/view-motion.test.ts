import { describe, expect, test } from "vitest";
import type { ClientRoom } from "../client/client-room.ts";
import { connectWith } from "../client/connect.ts";
import { defineRoom } from "../server/index.ts";
import { defineGame, fixed, interpolated, table } from "../shared/game.ts";
import type { DuplexLink } from "../shared/link/duplex-link.ts";
import { seededRandom } from "../shared/random/seeded-random.ts";
import { type Hosted, host, NOTHING_LEFT } from "./server-kit/hosted.ts";
import { openLinkedSocket } from "./server-kit/linked-socket.ts";

type Place = readonly [x: number, y: number];
type Motion = (seconds: number) => Place;

const TICK_RATE = 20;
const SPEED = 250;
const circle =
  (radius: number): Motion =>
  (seconds) => [radius * Math.cos((SPEED / radius) * seconds), radius * Math.sin((SPEED / radius) * seconds)];

/** What the bodies of the room do, each by its own law: all of it can be said of any moment. */
const MOTIONS: Readonly<Record<string, Motion>> = {
  "a narrow circle": circle(200),
  "a wide circle": circle(600),
  "to and fro": (seconds) => [100 * Math.sin(3 * seconds), 0],
  "a square, turning on the spot every 0.85 s": (seconds) => {
    const side = Math.floor(seconds / 0.85 + 1e-9);
    const along = (seconds / 0.85 - side) * SPEED;
    const corners: readonly Place[] = [
      [along, 0],
      [SPEED, along],
      [SPEED - along, SPEED],
      [0, SPEED - along],
    ];
    return corners[side % 4] as Place;
  },
};

const coordinate = interpolated(fixed(-1_000, 1_000, 0.1), { teleport: 200 });
const orbits = defineGame({
  name: "orbits",
  tickRate: TICK_RATE,
  state: { bodies: table({ x: coordinate, y: coordinate }) },
});

const orbitsRoom = defineRoom(orbits, {
  create(room) {
    for (const _ of Object.keys(MOTIONS)) room.state.bodies.add({});
  },
  tick(room) {
    const motions = Object.values(MOTIONS);
    for (const body of room.state.bodies)
      [body.x, body.y] = motions[body.id - 1]?.(room.tick / TICK_RATE) ?? [0, 0];
  },
});

interface Spectator {
  readonly hosted: Hosted;
  readonly room: ClientRoom<typeof orbits.spec>;
  readonly link: DuplexLink<() => void, () => void>;
}

/** 75 ms one way, up to 30 ms more, in order. */
async function watch(seed: number): Promise<Spectator> {
  const hosted = await host([orbitsRoom]);
  const { clock, transport } = hosted;
  const links: Spectator["link"][] = [];
  const conditions = { latencyMs: 75, jitterMs: 30 };
  const parts = { clock, random: seededRandom(seed), conditions };
  const openSocket = openLinkedSocket(transport, parts, (link) => links.push(link));
  const joining = connectWith({ openSocket, clock }).connect(orbits, "ws://memory/orbits");
  await hosted.run(1_000);
  const [link] = links;
  if (link === undefined) throw new Error("nobody called");
  return { hosted, room: await joining, link };
}

const rootMeanSquare = (values: readonly number[]): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);

/** How much a path bends from frame to frame: an even movement's is 0. */
function bend(path: readonly Place[]): number {
  return rootMeanSquare(
    path.slice(2).flatMap(([x, y], at) => {
      const [before, middle] = [path[at] as Place, path[at + 1] as Place];
      return [x - 2 * middle[0] + before[0], y - 2 * middle[1] + before[1]];
    }),
  );
}

describe.each([60, 144])("at %d frames a second", (hz) => {
  const frameMs = 1000 / hz;

  test.each([1, 2, 3])(
    "[VIE-20] others move as smoothly as in truth over 75 ms with jitter up to 30 ms (seed %d)",
    async (seed) => {
      const { hosted, room } = await watch(seed);
      const drawn = Object.keys(MOTIONS).map((): Place[] => []);
      const truth = Object.keys(MOTIONS).map((): Place[] => []);
      for (let frame = 0; frame < 30 * hz; frame++) {
        hosted.clock.advance(frameMs);
        const { state } = room.view();
        // The first second is for getting to know the network.
        if (frame < hz) continue;
        for (const { id, x, y } of state.bodies) {
          drawn[id - 1]?.push([x, y]);
          const motion = Object.values(MOTIONS)[id - 1] as Motion;
          truth[id - 1]?.push(motion(hosted.clock.now() / 1000));
        }
      }
      for (const [at, name] of Object.keys(MOTIONS).entries()) {
        const [here, there] = [drawn[at] ?? [], truth[at] ?? []];
        expect(here.length).toBe(29 * hz);
        expect(bend(here) / bend(there), name).toBeLessThanOrEqual(1.5);
      }
      expect(room.statistics.interpolationDelayMs).toBeLessThan(75);
      expect(await leave(hosted, room)).toEqual(NOTHING_LEFT);
    },
  );

  test.each([1, 2, 3])(
    "[VIE-20] a stall of 400 ms every 5 s costs no longer freeze, and 200 ms to be back (seed %d)",
    async (seed) => {
      const { hosted, room, link } = await watch(seed);
      const { clock } = hosted;
      const behindMs = (): number => clock.now() - (room.view().tick * 1000) / TICK_RATE;
      let [frozenMs, longestMs] = [0, 0];
      const draw = (ms: number): void => {
        for (const end = clock.now() + ms; clock.now() + frameMs <= end; ) {
          const before = room.view().tick;
          clock.advance(frameMs);
          frozenMs = room.view().tick === before ? frozenMs + frameMs : 0;
          longestMs = Math.max(longestMs, frozenMs);
        }
      };
      draw(3_000);
      for (let stall = 0; stall < 8; stall++) {
        const usualMs = behindMs();
        link.down.stall(400);
        draw(600);
        expect(behindMs() - usualMs, `behind after stall ${stall}`).toBeLessThan(4);
        draw(4_400);
        expect(room.statistics.interpolationDelayMs, `delay after stall ${stall}`).toBeLessThan(75);
      }
      expect(longestMs).toBeGreaterThan(200);
      expect(longestMs).toBeLessThanOrEqual(400 + 2 * frameMs);
      expect(await leave(hosted, room)).toEqual(NOTHING_LEFT);
    },
  );
});

async function leave(hosted: Hosted, room: Spectator["room"]) {
  void room.leave();
  await hosted.run(1_000);
  return hosted.stop();
}
