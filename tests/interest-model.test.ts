import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Focus, GroupName } from "../server/index.ts";
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
/** Names of words, numbers and texts: some of no row, and some that read alike. */
const group = fc.constantFrom<GroupName>("grey", "brown", "white", 1, 2, "1", "twig", "stone", true, "");
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
  { weight: 5, arbitrary: fc.record({ do: fc.constant("add" as const), at, group }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("delete" as const), at, group }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("dig" as const), at, point }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("fill" as const), at }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("turn" as const), at }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("plan" as const), at }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("gather" as const), group }) },
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
    case "add":
    case "delete":
      play.do((room) => {
        const groups = pick([...room.players], one.at)?.groups;
        if (one.do === "delete") groups?.delete(one.group);
        else if ((groups?.size ?? 0) < 8) groups?.add(one.group);
      });
      break;
    case "dig":
      play.do(({ state }) => {
        state.burrows.add({ of: pick([undefined, 1, 2, 3], one.at), n: one.at % 1000 });
        state.nests.add({
          ...one.point,
          of: pick(["1", "twig", "stone", ""], one.at) ?? "",
          eggs: one.at % 9,
        });
      });
      break;
    case "fill":
      play.do(({ state }) => {
        const [burrow, nest] = [pick([...state.burrows], one.at), pick([...state.nests], one.at)];
        // What goes over to another group and is removed in one tick is told as gone.
        if (burrow !== undefined) burrow.of = burrow.of === 1 ? 2 : 1;
        if (burrow !== undefined) state.burrows.remove(burrow);
        if (nest !== undefined && one.at % 2 === 0) state.nests.remove(nest);
      });
      break;
    case "turn":
      play.do(({ state }) => {
        const clan = pick([undefined, "grey", "brown", "white"] as const, one.at);
        Object.assign(pick([...state.hares], one.at) ?? {}, { clan });
        Object.assign(pick([...state.burrows], one.at) ?? {}, { of: pick([undefined, 1, 2], one.at) });
        // Longer than the field: the group is that of the text as it was cut.
        const nest = pick([...state.nests], one.at);
        if (nest !== undefined) nest.of = pick(["twig", "stones", "1"], one.at) ?? "";
        // To another group, out of sight or into it, in one tick.
        if (nest !== undefined && one.at % 3 === 0) nest.x = -nest.x;
      });
      break;
    case "plan":
      play.do(({ state }) => {
        const hare = pick([...state.hares], one.at);
        if (hare !== undefined)
          Object.assign(hare, { plan: one.at % 100, heir: pick([...state.hares], one.at + 1) });
        Object.assign(pick([...state.burrows], one.at) ?? {}, { n: one.at % 1000 });
        Object.assign(pick([...state.nests], one.at) ?? {}, { eggs: one.at % 9 });
      });
      break;
    case "gather":
      play.tell({ group: one.group });
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
  ["[INT-20] [GRP-20] with interest", meadowRoom],
  ["[INT-21] [GRP-20] without interest, where sight is the room's", openMeadowRoom],
])("%s", (_name, room) => {
  test("after every tick each mirror is what is committed in its player's sight and groups, and listeners could have built it", async () => {
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
          for (const burrow of [...state.burrows]) state.burrows.remove(burrow);
          for (const nest of [...state.nests]) state.nests.remove(nest);
        });
        await play.tick(2);
        const { seats, sight, groups } = play.core;
        expect([seats.taken, sight?.grid.cellCount ?? 0, groups.count]).toEqual([0, 0, 0]);
        await play.server.stop();
        expect(play.server.clock.pending).toBe(0);
      }),
      { seed: 20, numRuns: 250 },
    );
    expect(checked).toBeGreaterThan(1_000);
  });
});
