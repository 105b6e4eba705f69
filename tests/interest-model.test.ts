import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Focus } from "../server/index.ts";
import { meadowRoom, openMeadowRoom } from "./server-kit/meadow.ts";
import { MeadowPlay } from "./server-kit/meadow-play.ts";

const coordinate = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -70, max: 70 }) },
  // About a border, and beyond the world's edge.
  { weight: 2, arbitrary: fc.constantFrom(-21, -20, -19, -1, 0, 1, 17, 19.5, 20, 21, 22, 22.5) },
  { weight: 1, arbitrary: fc.constantFrom(-1e6, -300, -100, 100, 101, 300, 1e6) },
);
const point = fc.record({ x: coordinate, y: coordinate });
const nudge = fc.integer({ min: -6, max: 6 }).map((half) => half / 2);
const focus: fc.Arbitrary<Focus> = fc.oneof(
  fc.constantFrom<Focus>("own-row", "everything"),
  point,
  fc.array(point, { maxLength: 5 }),
);
const at = fc.nat();
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant("sow" as const), at, point }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("pick" as const), at }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("throw" as const), at, point }) },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant("nudge" as const), at, by: fc.record({ x: nudge, y: nudge }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("count" as const), at }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("hop" as const), at, point }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("rename" as const), at }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("look" as const), at, focus }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("join" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("leave" as const, "cut" as const), at }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("rustle" as const), point }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("call" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("whisper" as const), at }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

const pick = <T>(from: readonly T[], which: number): T | undefined => from[which % Math.max(1, from.length)];

async function perform(play: MeadowPlay, one: Step): Promise<void> {
  switch (one.do) {
    case "sow":
      play.do((room) => {
        const by = pick([...room.players], one.at)?.row;
        room.state.seeds.add({ ...one.point, n: one.at % 1000, by });
        if (one.at % 5 === 0) room.state.scores.add({ n: one.at % 1000 });
      });
      break;
    case "pick":
      play.do((room) => {
        const seed = pick([...room.state.seeds], one.at);
        // What moves and goes in one tick is told as gone.
        if (seed === undefined) return;
        seed.x += 30;
        room.state.seeds.remove(seed);
      });
      break;
    case "throw":
      play.do((room) => Object.assign(pick([...room.state.seeds], one.at) ?? {}, one.point));
      break;
    case "nudge":
      play.do((room) => {
        const row = pick([...room.state.seeds, ...room.state.hares], one.at);
        if (row === undefined) return;
        row.x += one.by.x;
        row.y += one.by.y;
      });
      break;
    case "count":
      play.do((room) => Object.assign(pick([...room.state.seeds], one.at) ?? {}, { n: one.at % 1000 }));
      break;
    case "hop":
      play.do((room) => Object.assign(pick([...room.state.hares], one.at) ?? {}, one.point));
      break;
    case "rename":
      play.do((room) => {
        const row = pick([...room.state.hares], one.at);
        if (row !== undefined)
          Object.assign(row, { name: `n${one.at % 10}`, fear: one.at % 100, den: one.at % 200 });
        room.state.weather.wind = one.at % 256;
      });
      break;
    case "look": {
      const watcher = pick(play.watchers, one.at);
      if (watcher !== undefined) play.look(watcher, one.focus);
      break;
    }
    case "join":
      if (play.watchers.length < 6) await play.join();
      break;
    case "leave":
    case "cut": {
      const watcher = pick(play.watchers, one.at);
      if (watcher !== undefined) await play.leave(watcher, one.do);
      break;
    }
    case "rustle":
      play.tell(one.point);
      break;
    case "call":
      play.tell("all");
      break;
    case "whisper": {
      const watcher = pick(play.watchers, one.at);
      if (watcher !== undefined) play.tell({ player: watcher.room.playerId });
    }
  }
}

const histories = fc.array(fc.array(step, { maxLength: 8 }), { minLength: 3, maxLength: 14 });

describe.each([
  ["[INT-20] with interest", meadowRoom],
  ["[INT-21] without interest, where sight is the room's", openMeadowRoom],
])("%s", (_name, room) => {
  test("after every tick each mirror is what is committed in its player's sight, and listeners could have built it", async () => {
    let checked = 0;
    await fc.assert(
      fc.asyncProperty(histories, async (history) => {
        const play = await MeadowPlay.begin(room);
        for (const steps of history) {
          for (const one of steps) await perform(play, one);
          await play.tick();
        }
        await play.tick();
        checked += play.watchers.reduce((sum, { witness }) => sum + witness.ticks, 0);
        expect(play.wrong).toEqual([]);
        for (const watcher of [...play.watchers]) await play.leave(watcher);
        play.do(({ state }) => {
          for (const seed of [...state.seeds]) state.seeds.remove(seed);
        });
        await play.tick(2);
        expect([play.core.seats.taken, play.core.sight?.grid.cellCount ?? 0]).toEqual([0, 0]);
        await play.server.stop();
        expect(play.server.clock.pending).toBe(0);
      }),
      { seed: 20, numRuns: 250 },
    );
    expect(checked).toBeGreaterThan(1_000);
  });
});
