import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  angle,
  defineGame,
  fixed,
  interpolated,
  record,
  table,
  text,
  tick,
  u8,
  u16,
} from "../../../shared/game.ts";
import type { CommittedRow } from "../../../shared/state/committed-row.ts";
import { host } from "../../../tests/server-kit/hosted.ts";
import { defineRoom } from "../define-room.ts";
import type { Room } from "../room.ts";
import type { RewindOptions } from "./rewind-options.ts";
import { TableSnapshot } from "./table-snapshot.ts";

const game = defineGame({
  name: "range",
  tickRate: 20,
  state: {
    targets: table(
      {
        name: text(8),
        x: interpolated(fixed(0, 1000, 0.1)),
        y: interpolated(fixed(0, 1000, 0.1), { teleport: 50 }),
        aim: interpolated(angle(3600)),
        hp: u8,
        due: tick(),
      },
      { position: ["x", "y"] },
    ),
    others: table({ n: u16 }),
    match: record({ round: u8 }),
  },
});
type Range = Room<typeof game.spec, undefined, undefined, undefined, "targets">;

/** A room of targets, and what is done in each of its ticks. */
async function range(
  ticks: Readonly<Record<number, (room: Range) => void>>,
  rewind: Partial<RewindOptions<"targets">> = {},
  limits: { horizonMs?: number } = {},
) {
  const definition = defineRoom(game, {
    rewind: { tables: ["targets"], ...rewind },
    graceMs: 0,
    tick(room) {
      ticks[room.tick]?.(room);
    },
  });
  const hosted = await host([definition], { limits });
  await hosted.join("/range", game as never);
  const last = Math.max(...Object.keys(ticks).map(Number));
  await hosted.ticks(last - hosted.room().tick);
  expect(hosted.room().tick).toBe(last);
  expect(hosted.failedHooks).toEqual([]);
  await hosted.stop();
}

const only = (room: Range) => {
  const [target] = room.state.targets;
  if (target === undefined) throw new Error("there is no target");
  return target;
};

const adding = (x: number) => (room: Range) => void room.state.targets.add({ x });
const moving = (x: number) => (room: Range) => {
  only(room).x = x;
};

const looked = (room: Range, at: number) =>
  room.rewind(at, ({ targets }) => [...targets].map(({ id, x, hp, aim, due }) => ({ id, x, hp, aim, due })));
const xs = (room: Range, at: number): number[] => looked(room, at).map(({ x }) => x);

describe("[LAG-1] the past of a room", () => {
  test("is what was committed, in a straight line from tick to tick and on to the present", async () => {
    const seen: number[][] = [];
    await range({
      2: (room) => void room.state.targets.add({ x: 10 }),
      3: (room) => (only(room).x = 20.04),
      4: (room) => (only(room).x = 50),
      5: (room) => {
        for (const at of [2, 2.5, 3, 3.25, 4, 4.5, 5]) seen.push(xs(room, at));
        only(room).x = 60;
        for (const at of [4, 4.5, 5]) seen.push(xs(room, at));
      },
    });
    expect(seen).toEqual([[10], [15], [20], [27.5], [50], [50], [50], [50], [55], [60]]);
  });

  test("turns angles the short way round and lets times stand", async () => {
    const seen: (number | undefined)[] = [];
    await range({
      2: (room) => void room.state.targets.add({ aim: 0.1, due: 10 }),
      3: (room) => Object.assign(only(room), { aim: -0.3, due: 20 }),
      4: (room) => {
        for (const at of [2, 2.5, 2.75, 3]) seen.push(looked(room, at)[0]?.aim);
        seen.push(looked(room, 2.75)[0]?.due, looked(room, 3)[0]?.due);
      },
    });
    const turn = 2 * Math.PI;
    for (const [i, value] of [0.1, turn - 0.1, turn - 0.2, turn - 0.3, 10, 20].entries())
      expect(seen[i]).toBeCloseTo(value, 2);
  });

  test("of any walk is between its neighbours, by id as by iteration", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 5, maxLength: 5 }),
        fc.double({ min: 0, max: 4, noNaN: true }),
        async (walk, into) => {
          let seen: (number | undefined)[] = [];
          await range({
            ...Object.fromEntries(walk.map((x, i) => [i + 2, i === 0 ? adding(x) : moving(x)])),
            7: (room) => {
              const { id } = only(room);
              seen = [xs(room, 2 + into)[0], room.rewind(2 + into, ({ targets }) => targets.get(id)?.x)];
            },
          });
          const [from, to] = [walk[Math.floor(into)] ?? 0, walk[Math.ceil(into)] ?? 0];
          expect(seen[0]).toBeCloseTo(from + (to - from) * (into % 1), 6);
          expect(seen[1]).toBe(seen[0]);
        },
      ),
      { seed: 1, numRuns: 40 },
    ));
});

test("[LAG-2] older ticks than are kept are the oldest, later ones the present as it stands", async () => {
  const walk = Object.fromEntries(
    Array.from({ length: 12 }, (_, i) => [i + 2, i === 0 ? adding(20) : moving((i + 2) * 10)]),
  );
  const seen: number[][] = [];
  await range({
    ...walk,
    3: (room) => {
      // In a young room the oldest is the first.
      seen.push(xs(room, -1_000));
      only(room).x = 30;
    },
    14: (room) => {
      only(room).x = 145;
      for (const at of [Number.NEGATIVE_INFINITY, 0, 9, 9.5, 14, 20, Number.POSITIVE_INFINITY])
        seen.push(xs(room, at));
    },
  });
  // 250 ms are five ticks of 20 Hz.
  expect(seen).toEqual([[], [90], [90], [90], [95], [145], [145], [145]]);
});

test("[LAG-3] a row that did not exist is not there, one that is gone since is", async () => {
  const seen: number[][] = [];
  let sizes: number[] = [];
  await range({
    2: (room) => void room.state.targets.add({ x: 10 }),
    4: (room) => void room.state.targets.add({ x: 40 }),
    5: (room) => void room.state.targets.remove(only(room)),
    6: (room) => {
      for (const at of [1, 2, 3.5, 4, 4.5, 5]) seen.push(xs(room, at));
      sizes = [1, 4, 5].map((at) => room.rewind(at, ({ targets }) => targets.size));
      room.state.targets.add({ x: 60 });
      seen.push(xs(room, 5.5), xs(room, 6));
    },
  });
  expect(seen).toEqual([[], [10], [10], [10, 40], [10, 40], [40], [40], [40, 60]]);
  expect(sizes).toEqual([0, 2, 1]);
});

test("[LAG-4] an id that rested and returned is one row then and another now, with nothing between", async () => {
  const seen: unknown[] = [];
  await range(
    {
      2: (room) => void room.state.targets.add({ x: 100 }),
      3: (room) => void room.state.targets.remove(only(room)),
      5: (room) => void room.state.targets.add({ x: 900 }),
      6: (room) => {
        expect(only(room).id).toBe(1);
        for (const at of [2, 2.5, 3, 4.5, 5, 5.5])
          seen.push(room.rewind(at, ({ targets }) => targets.get(1)?.x));
      },
    },
    {},
    // Ids rest for the horizon and the grace period alone: here hardly at all.
    { horizonMs: 50 },
  );
  expect(seen).toEqual([100, 100, undefined, undefined, 900, 900]);
});

test("[LAG-4] nor is it one row where the id returns within a tick", () => {
  const [before, after] = [{ id: 1 }, { id: 1 }] as unknown as readonly CommittedRow[];
  const snapshot = new TableSnapshot([]);
  const stale = [{ id: 5 }, { id: 1 }, { id: 7 }] as unknown as CommittedRow[];
  snapshot.record(stale, 3);
  snapshot.record([before as CommittedRow], 1);
  expect([1, 5, 7, 99].map((id) => snapshot.placeOf(id))).toEqual([0, -1, -1, -1]);
  expect(snapshot.placeOfRow(before as CommittedRow)).toBe(0);
  expect(snapshot.placeOfRow(after as CommittedRow)).toBe(-1);
  expect(snapshot.rows.filter((row) => row !== undefined)).toEqual([before]);
});

test("[LAG-5] what goes farther in a tick than it can stays where it was until the tick is out, all of it", async () => {
  const seen: unknown[] = [];
  await range({
    2: (room) => void room.state.targets.add({ x: 100, y: 100, hp: 10 }),
    3: (room) => Object.assign(only(room), { x: 130, y: 150, hp: 20 }),
    4: (room) => Object.assign(only(room), { x: 160, y: 201, hp: 100 }),
    5: (room) => {
      for (const at of [2.5, 3.5, 4]) seen.push(looked(room, at).map(({ x, hp }) => [x, hp]));
      only(room).y = 900;
      for (const at of [4.9, 5]) seen.push(xs(room, at));
    },
  });
  expect(seen).toEqual([[[115, 10]], [[130, 20]], [[160, 100]], [160], [160]]);
});

describe("[LAG-6] misuse is answered by a sentence", () => {
  const room = (during: (room: never) => unknown, options: object) =>
    new Promise<string>((resolve) => {
      const definition = defineRoom(game, {
        ...options,
        tick(running) {
          try {
            during(running as never);
            resolve("nothing");
          } catch (error) {
            resolve(String(error));
          }
        },
      });
      void host([definition]).then(async (hosted) => {
        await hosted.join("/range", game as never);
        await hosted.stop();
      });
    });

  test.each([
    [
      "a room without it",
      {},
      (running: Range) => running.rewind(1, () => 1),
      'Error: room of game "range" keeps no past to rewind to: it needs rewind: { tables: […] } in defineRoom',
    ],
    [
      "a table that is not named",
      { rewind: { tables: ["targets"] } },
      (running: Range) => running.rewind(1, (world) => (world as { others?: unknown }).others),
      'Error: the past of "others" is not kept: room of game "range" names targets in rewind.tables',
    ],
    [
      "no tick",
      { rewind: { tables: ["targets"] } },
      (running: Range) => running.rewind(Number.NaN, () => 1),
      "TypeError: room.rewind is asked for tick NaN",
    ],
    [
      "a row that is kept for later",
      { rewind: { tables: ["targets"] } },
      (running: Range) => {
        running.state.targets.add({});
        return running.rewind(running.tick, ({ targets }) => [...targets])[0]?.x;
      },
      "Error: a past row of targets is read after room.rewind returned: return numbers, not the row",
    ],
  ])("%s", async (_name, options, during, sentence) => {
    expect(await room(during as (room: never) => unknown, options)).toBe(sentence);
  });

  test.each([
    [{ tables: [] }, "rewind.tables is empty; it must be a list of at least one table"],
    [{ tables: ["match"] }, 'rewind.tables is ["match"]; it must be a list of the game\'s tables'],
    [{ tables: ["targets"], maxMs: 0 }, "rewind.maxMs is 0; it must be above 0 and at most 1000"],
    [{ tables: ["targets"], maxMs: 1001 }, "rewind.maxMs is 1001; it must be above 0 and at most 1000"],
  ])("%j", (rewind, problem) => {
    expect(() => defineRoom(game, { rewind: rewind as never })).toThrow(
      new RangeError(`room of game "range": ${problem}`),
    );
  });
});

test("[LAG-7] looks may stand in each other, and what the callback returns or throws comes out", async () => {
  let nested: unknown;
  await range({
    2: (room) => void room.state.targets.add({ x: 10 }),
    3: (room) => (only(room).x = 20),
    4: (room) => {
      nested = room.rewind(2, (then) =>
        room.rewind(3, (later) => [...then.targets].map(({ id, x }) => [x, later.targets.get(id)?.x])),
      );
      expect(() =>
        room.rewind(2, () => {
          throw new Error("mine");
        }),
      ).toThrow("mine");
    },
  });
  expect(nested).toEqual([[10, 20]]);
});
